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
export function stateParts(
  { project, tenantId, subscriptionId, place, level }: WantedPipeline,
  found: FoundPipeline,
): Part[] {
  const { location, group, account, vault } = place;
  const ids = idsOf(place, level);
  const tags = pipelineTag(project);
  const names = namesOf(place, level);
  const put = (id: string, apiVersion: string, body: unknown): Pick<Part, "step"> => ({
    step: { do: "put", id, apiVersion, body },
  });
  const ours = (resource: Resource | undefined): boolean => resource?.tags?.pipeline === project;
  const azure = (what: string, more: Omit<Part, "where" | "what">): Part => ({ where: "Azure", what, ...more });
  /** One that somebody else made is changed by whoever made it: others may rely on how it is. */
  const compared = (
    what: string,
    resource: Resource,
    properties: Readonly<Record<string, unknown>>,
    apiVersion: string,
    fix: string,
  ): Part => {
    const differs = differing(resource.properties ?? {}, properties);
    if (differs === "") return azure(what, { found: "there" });
    return azure(what, {
      found: "differs",
      because: differs,
      ...(ours(resource) ? { step: { do: "patch", id: resource.id, apiVersion, body: { properties } } } : { fix }),
    });
  };
  return [
    found.group
      ? azure(names.group, { found: "there" })
      : azure(names.group, { found: "missing", ...put(ids.group, versions.group, { location, tags }) }),
    found.account
      ? compared(
          names.account,
          found.account,
          accountBody,
          versions.storage,
          `az storage account update --name ${account} --resource-group ${group} --min-tls-version TLS1_2 --allow-blob-public-access false --allow-shared-key-access false`,
        )
      : azure(names.account, {
          found: "missing",
          after: [names.group],
          ...put(ids.account, versions.storage, {
            location,
            tags,
            kind: "StorageV2",
            sku: { name: "Standard_ZRS" },
            properties: accountBody,
          }),
        }),
    blobServicePart(names, ids.blobService, found),
    found.container
      ? azure(names.container, { found: "there" })
      : azure(names.container, {
          found: "missing",
          after: [names.account],
          ...put(ids.container, versions.storage, { properties: {} }),
        }),
    found.vault
      ? compared(
          names.vault,
          found.vault,
          vaultBody,
          versions.vault,
          `az keyvault update --name ${vault} --enable-rbac-authorization true --enable-purge-protection true`,
        )
      : azure(names.vault, {
          found: "missing",
          after: [names.group],
          ...(found.deletedVault && { because: "it is in the recycle bin, and is taken out of it" }),
          ...put(ids.vault, versions.vault, {
            location,
            tags,
            properties: {
              tenantId,
              sku: { family: "A", name: "standard" },
              ...vaultBody,
              ...(found.deletedVault && { createMode: "recover" }),
            },
          }),
        }),
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
