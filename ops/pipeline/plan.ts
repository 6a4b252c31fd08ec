import { compareCredentials } from "../git-hub/federated-credential";
import { graph, type Permission } from "../azure/graph-permissions";
import type { EnvironmentBody, Part } from "./part";
import { type FoundIdentity, type FoundPipeline, type Resource, versions } from "./read";
import {
  backendOf,
  type CustomRole,
  environmentMadeTag,
  idsOf,
  pipelineTag,
  secretsProviderOf,
  type StatePart,
  type WantedIdentity,
  type WantedPipeline,
  type WantedRole,
} from "./wanted";

/** Holds what a pipeline needs against what there is, in the order in which it is made. Pure. */
export function planPipeline(wanted: WantedPipeline, found: FoundPipeline): readonly Part[] {
  return [
    ...stateParts(wanted, found),
    ...wanted.customRoles.map((role) => customRolePart(role, found)),
    ...wanted.identities.flatMap((identity) => identityParts(wanted, identity, found)),
    stackFilePart(wanted),
  ];
}

/** Who makes a stack writes its state: that is a person's own right, which he needs once. */
function stackFilePart({ place, level, secretsProvider }: WantedPipeline): Part {
  const file = `Pulumi.${level}.yaml`;
  const provider = secretsProviderOf(place, level);
  const part = { where: "Here", what: `${file} names the key ${level}` } as const;
  if (secretsProvider === provider) return { ...part, found: "there" };
  const { container, key } = idsOf(place, level);
  const give = (role: string, scope: string): string =>
    `az role assignment create --assignee $(az ad signed-in-user show --query id --output tsv) --role "${role}" --scope ${scope}`;
  const typed =
    level === "preview"
      ? [`echo "secretsprovider: ${provider}" >> ${file}`]
      : [
          give("Storage Blob Data Contributor", container),
          give("Key Vault Crypto User", key),
          `npx pulumi login "${backendOf(place, level)}"`,
          secretsProvider === undefined
            ? `npx pulumi stack init ${level} --secrets-provider "${provider}"`
            : `npx pulumi stack change-secrets-provider "${provider}" --stack ${level}`,
        ];
  return {
    ...part,
    found: secretsProvider === undefined ? "missing" : "differs",
    ...(secretsProvider === undefined ? {} : { because: `it names ${secretsProvider}` }),
    fix: [...typed, `then commit ${file}`].join("\n"),
  };
}

const vaultBody = { enableRbacAuthorization: true, enablePurgeProtection: true } as const;
/** States are reached by an identity alone: with a key of the account whoever reads it could write all of them. */
const accountBody = {
  minimumTlsVersion: "TLS1_2",
  allowBlobPublicAccess: false,
  allowSharedKeyAccess: false,
} as const;
const retentionDays = 30;

function stateParts({ project, tenantId, subscriptionId, place, level }: WantedPipeline, found: FoundPipeline): Part[] {
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
      ...{ found: "differs", because: differs },
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
            ...{ location, tags, kind: "StorageV2", sku: { name: "Standard_ZRS" } },
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
            ...{ location, tags },
            properties: {
              ...{ tenantId, sku: { family: "A", name: "standard" }, ...vaultBody },
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

/** How the parts of a state are called. */
export function namesOf(
  { group, account, vault }: WantedPipeline["place"],
  level: string,
): Readonly<Record<StatePart, string>> {
  return {
    group: `resource group ${group}`,
    account: `storage account ${account}`,
    blobService: `versions and deleted blobs of ${account}, kept ${retentionDays} days`,
    container: `container ${level} of ${account}`,
    vault: `vault ${vault}`,
    key: `key ${level} of ${vault}`,
  };
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

const roleName = (role: string): string => `role ${role}`;

function customRolePart(role: CustomRole, { roles }: FoundPipeline): Part {
  const part = { where: "Azure", what: roleName(role.name) } as const;
  const found = roles.get(role.name.toLowerCase());
  if (!found) return { ...part, found: "missing", step: { do: "custom role", role } };
  const { permissions, assignableScopes } = found.properties;
  const [rights = {}] = permissions;
  const isHere = assignableScopes.some((one) => sameId(one, `/subscriptions/${role.subscriptionId}`));
  const differs = [
    ...(["actions", "notActions", "dataActions"] as const).filter((kind) => !sameList(rights[kind] ?? [], role[kind])),
    ...(isHere ? [] : ["assignableScopes"]),
  ];
  if (differs.length === 0) return { ...part, found: "there" };
  const because = `other ${differs.join(", ")}`;
  return { ...part, found: "differs", because, step: { do: "custom role", role, id: found.id } };
}

const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join(" ").toLowerCase() === [...other].sort().join(" ").toLowerCase();

/** How the parts of an identity are called. */
export const applicationName = (environment: string): string => `application of ${environment}`;
export const environmentName = (environment: string): string => `environment ${environment}`;
const reviewersName = (environment: string): string => `reviewers of ${environment}`;

function identityParts(wanted: WantedPipeline, identity: WantedIdentity, found: FoundPipeline): Part[] {
  const has = found.identities.get(identity.name) ?? { credentials: [], assignments: [], permissions: [] };
  return [
    applicationPart(identity, has),
    ...credentialParts(identity, has),
    ...permissionParts(identity, has),
    ...roleParts(wanted, identity, has, found),
    ...environmentParts(wanted, identity, has),
    ...branchParts(identity, has),
    ...variableParts(identity, has),
  ];
}

function applicationPart(identity: WantedIdentity, { application, principalId, environment }: FoundIdentity): Part {
  const { name, displayName, tag } = identity;
  const part = { where: "Entra", what: applicationName(name) } as const;
  if (!application) {
    const tags = [tag, ...(environment ? [] : [environmentMadeTag])];
    return { ...part, found: "missing", step: { do: "application", identity: name, displayName, tags } };
  }
  if (principalId === undefined) {
    return {
      ...{ ...part, found: "differs", because: "it has no service principal" },
      step: { do: "principal", identity: name },
    };
  }
  return { ...part, found: "there", because: application.appId };
}

/** Entra trusts exactly the subject that GitHub sends: with ids where GitHub puts them, and only then. */
function credentialParts(identity: WantedIdentity, { application, credentials }: FoundIdentity): Part[] {
  const { name, credential } = identity;
  const after = [applicationName(name)];
  const part = { where: "Entra", what: `${name} trusts ${credential.subject}` } as const;
  const { trusting, differs } = compareCredentials(name, credential, credentials);
  const ofName = credentials.find((one) => one.name === credential.name);
  const others = credentials
    .filter((one) => one !== trusting && (trusting !== undefined || one !== ofName))
    .map((one): Part => ({
      ...{ where: "Entra", what: `${name} trusts ${one.subject} as well`, found: "extra", because: one.issuer },
      fix: `az ad app federated-credential delete --id ${application?.appId} --federated-credential-id ${one.name}`,
    }));
  if (trusting) return [{ ...part, found: "there" }, ...others];
  const step = { do: "credential", identity: name, credential, ...(ofName && { id: ofName.id }) } as const;
  const because = ofName ? { because: `${ofName.name} trusts ${differs || `the subject ${ofName.subject}`}` } : {};
  return [{ ...part, found: ofName ? "differs" : "missing", ...because, after, step }, ...others];
}

function permissionParts(identity: WantedIdentity, { application, permissions }: FoundIdentity): Part[] {
  const { name } = identity;
  const registered = (application?.requiredResourceAccess ?? [])
    .filter(({ resourceAppId }) => resourceAppId === graph)
    .flatMap(({ resourceAccess }) => resourceAccess.map(({ id }) => id));
  const part = (permission: Permission): Part => {
    const granted = permissions.includes(permission.id);
    const what = `${name} may ${permission.name} at Microsoft Graph`;
    if (granted && registered.includes(permission.id)) return { where: "Entra", what, found: "there" };
    return {
      ...{ where: "Entra", what, found: granted ? "differs" : "missing" },
      ...(granted && { because: "granted, but its application does not say that it wants it" }),
      after: [applicationName(name)],
      step: { do: "permission", identity: name, permission },
    };
  };
  const more = permissions.filter((id) => !identity.permissions.some((one) => one.id === id));
  return [
    ...identity.permissions.map(part),
    ...more.map((id): Part => ({
      ...{ where: "Entra", what: `${name} has the permission ${id} at Microsoft Graph as well`, found: "extra" },
      fix: `az ad app permission list-grants --id ${application?.appId}`,
    })),
  ];
}

/** A condition's blanks do not count. */
const condensed = (condition: string | null | undefined): string => (condition ?? "").replace(/\s+/g, "");

const at = (scope: string): string => {
  const [, , subscription, ...rest] = scope.split("/");
  return rest.length === 0 ? `subscription ${subscription}` : scope.split("/").slice(-2).join("/");
};

function roleParts(
  { place, level }: WantedPipeline,
  identity: WantedIdentity,
  { assignments }: FoundIdentity,
  { roles }: FoundPipeline,
): Part[] {
  const { name } = identity;
  const ids = idsOf(place, level);
  const names = namesOf(place, level);
  const before = (scope: string): readonly string[] => {
    if (scope === ids.container) return [names.container];
    return scope === ids.key ? [names.key] : [];
  };
  const fits = (wanted: WantedRole, one: FoundIdentity["assignments"][number]): boolean => {
    const { scope, roleDefinitionId } = one.properties;
    const definition = roles.get(wanted.role.toLowerCase())?.id.split("/").at(-1);
    return (
      sameId(scope, wanted.scope) && definition !== undefined && sameId(roleDefinitionId.split("/").at(-1)!, definition)
    );
  };
  const own = identity.roles.map((role): Part => {
    const bounded = role.condition === undefined ? "" : ", bounded to the roles that the program gives";
    const what = `${name} is ${role.role} at ${at(role.scope)}${bounded}`;
    const custom = role.role.startsWith("Bot plan of") ? [roleName(role.role)] : [];
    const after = [applicationName(name), ...custom, ...before(role.scope)];
    const found = assignments.find((one) => fits(role, one));
    if (!found) return { where: "Azure", what, found: "missing", after, step: { do: "role", identity: name, role } };
    if (condensed(found.properties.condition) === condensed(role.condition))
      return { where: "Azure", what, found: "there" };
    const because = found.properties.condition ? "its condition is another" : "it is not bounded";
    const step = { do: "role", identity: name, role, id: found.id } as const;
    return { where: "Azure", what, found: "differs", because, after, step };
  });
  const more = assignments
    .filter((one) => !identity.roles.some((role) => fits(role, one)))
    .map((one): Part => {
      const { scope, roleDefinitionId } = one.properties;
      const definition = [...roles.values()].find(({ id }) =>
        sameId(id.split("/").at(-1)!, roleDefinitionId.split("/").at(-1)!),
      );
      const role = definition?.properties.roleName ?? roleDefinitionId.split("/").at(-1);
      return {
        ...{ where: "Azure", what: `${name} is ${role} at ${at(scope)} as well`, found: "extra" },
        fix: `az role assignment delete --ids ${one.id}`,
      };
    });
  return [...own, ...more];
}

/** GitHub refuses "prevent self-review" where nobody reviews: https://github.com/github-community-projects/safe-settings/issues/628 */
function environmentParts(wanted: WantedPipeline, identity: WantedIdentity, { environment }: FoundIdentity): Part[] {
  const { name, reviewed } = identity;
  const said = reviewed ? wanted.reviewers : undefined;
  const reviewers = said ?? environment?.reviewers ?? [];
  const prevents = reviewers.length > 0 && (reviewed || environment?.preventSelfReview === true);
  const body: EnvironmentBody = {
    wait_timer: environment?.waitTimer ?? 0,
    prevent_self_review: prevents,
    ...(environment?.adminsBypass === false && { can_admins_bypass: false }),
    reviewers: reviewers.map(({ type, id }) => ({ type, id })),
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  };
  const undecided = reviewed && said === undefined && reviewers.length === 0;
  const step = { do: "environment", identity: name, body, make: environment === undefined } as const;
  const after = [applicationName(name), ...(undecided ? [reviewersName(name)] : [])];
  const part = { where: "GitHub", what: environmentName(name) } as const;
  const differs = environment
    ? [
        ...(environment.ownBranches ? [] : ["branches of other rules may be in it"]),
        ...(sameReviewers(environment.reviewers, reviewers)
          ? []
          : [`its reviewers are ${environment.reviewers.map((one) => one.name).join(", ") || "nobody"}`]),
        ...(environment.preventSelfReview === prevents ? [] : ["who starts a job may let it go on himself"]),
      ]
    : [];
  const own: Part = !environment
    ? { ...part, found: "missing", after, step }
    : differs.length === 0
      ? { ...part, found: "there" }
      : { ...part, found: "differs", because: differs.join(", "), after, step };
  if (!reviewed) return [own];
  const names = reviewers.map((one) => one.name).join(", ");
  const who: Part = undecided
    ? {
        ...{ where: "GitHub", what: reviewersName(name), found: "missing" },
        because: "who lets its jobs go on, only a person can say",
        fix: `npm run pipeline -- github ${wanted.stack} --reviewer <login or owner/team>; where nobody is to, --reviewer none`,
      }
    : {
        where: "GitHub",
        what: reviewersName(name),
        found: "there",
        because: names || "nobody, as --reviewer none says",
      };
  return [who, own];
}

const sameReviewers = (one: EnvironmentBody["reviewers"], other: EnvironmentBody["reviewers"]): boolean =>
  sameList(
    one.map(({ type, id }) => `${type}${id}`),
    other.map(({ type, id }) => `${type}${id}`),
  );

/** Without this any branch could be in it, by a workflow of its own. */
function branchParts({ name, branches }: WantedIdentity, { environment }: FoundIdentity): Part[] {
  const found = environment?.branches ?? [];
  const after = [environmentName(name)];
  return [
    ...branches.map((branch): Part => {
      const what = `${branch} may be in ${name}`;
      return found.some((one) => one.name === branch)
        ? { where: "GitHub", what, found: "there" }
        : { where: "GitHub", what, found: "missing", after, step: { do: "branch", identity: name, branch } };
    }),
    ...found
      .filter((one) => !branches.includes(one.name))
      .map((one): Part => ({
        ...{ where: "GitHub", what: `${one.name} may be in ${name}`, found: "differs", because: "it must not" },
        step: { do: "remove branch", identity: name, id: one.id },
      })),
  ];
}

function variableParts({ name, variables }: WantedIdentity, { application, environment }: FoundIdentity): Part[] {
  const wanted: Record<string, string | undefined> = { AZURE_CLIENT_ID: application?.appId, ...variables };
  return Object.entries(wanted).map(([variable, value]): Part => {
    const what = `${variable} of ${name}`;
    const current = environment?.variables.get(variable);
    if (current !== undefined && current === value) return { where: "GitHub", what, found: "there" };
    const step = { do: "variable", identity: name, name: variable, value, exists: current !== undefined } as const;
    const after = [applicationName(name), environmentName(name)];
    return current === undefined
      ? { where: "GitHub", what, found: "missing", after, step }
      : { where: "GitHub", what, found: "differs", because: `it is ${current}`, after, step };
  });
}
