import { shellWord } from "../../../cli/shell-word";
import type { Part } from "../part";
import { type FoundPipeline, type Resource, versions } from "../read";
import { type WantedPipeline, idsOf, pipelineTag } from "../wanted";
import { namesOf, retentionDays } from "./names";

const vaultBody = { enableRbacAuthorization: true, enablePurgeProtection: true } as const;

/** States are reached by an identity alone: with a key of the account whoever reads it could write all of them. */
const accountBody = {
  minimumTlsVersion: "TLS1_2",
  allowBlobPublicAccess: false,
  allowSharedKeyAccess: false,
} as const;

/** Where the states are kept, with what encrypts them. */
export function stateParts(wanted: WantedPipeline, found: FoundPipeline): Part[] {
  const { project, subscriptionId, place, level } = wanted;
  const ids = idsOf(place, level);
  const tags = pipelineTag(project);
  const names = namesOf(place, level);
  const group = put(ids.group, versions.group, { location: place.location, tags });
  const container = { after: [names.account], ...put(ids.container, versions.storage, { properties: {} }) };
  return [
    azure(names.group, found.group ? { found: "there" } : { found: "missing", ...group }),
    accountPart(wanted, found),
    blobServicePart(names, ids.blobService, found),
    azure(names.container, found.container ? { found: "there" } : { found: "missing", ...container }),
    vaultPart(wanted, found),
    keyPart(names, ids.key, tags, place.vault, level, found.key),
    ...(place.subscriptionId === subscriptionId
      ? [
          azure(`states in the subscription to which ${level} is deployed`, {
            found: "extra",
            because:
              "its Contributor could open the account's keys to himself; give the states a subscription of their own",
          }),
        ]
      : []),
  ];
}

function azure(what: string, more: Omit<Part, "where" | "what">): Part {
  return { where: "Azure", what, ...more };
}

function put(id: string, apiVersion: string, body: unknown): Pick<Part, "step"> {
  return { step: { do: "put", id, apiVersion, body } };
}

function accountPart({ project, place, level }: WantedPipeline, { account: there }: FoundPipeline): Part {
  const { location, group, account } = place;
  const names = namesOf(place, level);
  if (there) {
    const fix = `az storage account update --name ${account} --resource-group ${shellWord(group)} --min-tls-version TLS1_2 --allow-blob-public-access false --allow-shared-key-access false`;
    return compared(names.account, there, accountBody, { project, apiVersion: versions.storage, fix });
  }
  const body = {
    location,
    tags: pipelineTag(project),
    kind: "StorageV2",
    sku: { name: "Standard_ZRS" },
    properties: accountBody,
  };
  const made = put(idsOf(place, level).account, versions.storage, body);
  return azure(names.account, { found: "missing", after: [names.group], ...made });
}

function vaultPart(
  { project, tenantId, place, level }: WantedPipeline,
  { vault: there, deletedVault }: FoundPipeline,
): Part {
  const { location, vault } = place;
  const names = namesOf(place, level);
  if (there) {
    const fix = `az keyvault update --name ${vault} --enable-rbac-authorization true --enable-purge-protection true`;
    return compared(names.vault, there, vaultBody, { project, apiVersion: versions.vault, fix });
  }
  const properties = {
    tenantId,
    sku: { family: "A", name: "standard" },
    ...vaultBody,
    ...(deletedVault && { createMode: "recover" }),
  };
  const body = { location, tags: pipelineTag(project), properties };
  return azure(names.vault, {
    found: "missing",
    after: [names.group],
    ...(deletedVault && { because: "it is in the recycle bin, and is taken out of it" }),
    ...put(idsOf(place, level).vault, versions.vault, body),
  });
}

/**
 * Holds what is there against how it should be. One that somebody else made is changed by whoever made it: others may rely on how
 * it is.
 */
function compared(
  what: string,
  resource: Resource,
  properties: Readonly<Record<string, unknown>>,
  { project, apiVersion, fix }: { readonly project: string; readonly apiVersion: string; readonly fix: string },
): Part {
  const because = differing(resource.properties ?? {}, properties);
  if (because === "") return azure(what, { found: "there" });
  if (resource.tags?.pipeline !== project) return azure(what, { found: "differs", because, fix });
  const step = { do: "patch", id: resource.id, apiVersion, body: { properties } } as const;
  return azure(what, { found: "differs", because, step });
}

type Names = ReturnType<typeof namesOf>;

/** A damaged state is an older version of its blob. */
function blobServicePart(names: Names, id: string, { blobService }: FoundPipeline): Part {
  const { isVersioningEnabled, deleteRetentionPolicy } = (blobService?.properties ?? {}) as {
    isVersioningEnabled?: boolean;
    deleteRetentionPolicy?: { enabled?: boolean; days?: number };
  };
  const { enabled = false, days = 0 } = deleteRetentionPolicy ?? {};
  const kept = enabled && days >= retentionDays;
  const part = { where: "Azure", what: names.blobService } as const;
  if (isVersioningEnabled === true && kept) return { ...part, found: "there" };
  const properties = {
    ...blobService?.properties,
    isVersioningEnabled: true,
    ...(kept ? {} : { deleteRetentionPolicy: { enabled: true, days: retentionDays } }),
  };
  return {
    ...part,
    // Every account has the service, and it keeps nothing where nobody said so.
    ...(blobService
      ? {
          found: "differs",
          because: isVersioningEnabled === true ? "deleted blobs are not kept so long" : "no versions are kept",
        }
      : { found: "missing" }),
    after: [names.account],
    step: { do: "put", id, apiVersion: versions.storage, body: { properties } },
  };
}

/** The management plane makes a key for who has no right inside the vault, and never changes one. */
function keyPart(
  names: Names,
  id: string,
  tags: Readonly<Record<string, string>>,
  vault: string,
  level: string,
  key: Resource | undefined,
): Part {
  const part = { where: "Azure", what: names.key } as const;
  const operations = ["encrypt", "decrypt"] as const;
  if (!key) {
    const body = { tags, properties: { kty: "RSA", keySize: 3072, keyOps: operations } };
    return {
      ...part,
      found: "missing",
      after: [names.vault],
      step: { do: "put", id, apiVersion: versions.vault, body },
    };
  }
  const { keyOps = operations } = (key.properties ?? {}) as { keyOps?: readonly string[] };
  const lacks = operations.filter((one) => !keyOps.includes(one));
  if (lacks.length === 0) return { ...part, found: "there" };
  const fix = `az keyvault key set-attributes --vault-name ${vault} --name ${level} --ops ${operations.join(" ")}`;
  return { ...part, found: "differs", because: `it may not ${lacks.join(", ")}`, fix };
}

/** What of the wanted properties is another one; empty where none is. */
function differing(found: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): string {
  return Object.entries(wanted)
    .filter(([name, value]) => found[name] !== value && !(name === "minimumTlsVersion" && found[name] === "TLS1_3"))
    .map(([name]) => `${name} is ${String(found[name] ?? "not set")}`)
    .join(", ");
}
