import type { Access } from "../../infra/azure/access";
import { type Arm, armClient } from "../../infra/azure/arm";
import { graphList, withClientId } from "../../infra/azure/graph";
import { keyVaultVersion } from "../../infra/azure/key-vault";
import type { GitHub } from "../git-hub/api";
import { graph } from "../azure/graph-permissions";
import type { FederatedCredential } from "../git-hub/federated-credential";
import { type EnvironmentAtGitHub, environmentAtGitHub } from "./at-git-hub";
import { isNotFound, unlessRefused } from "../azure/unless-refused";
import { idsOf, type WantedIdentity, type WantedPipeline } from "./wanted";
import { odataText } from "../../infra/azure/odata";

/** The api-versions by which a pipeline is read and made. */
export const versions = {
  subscription: "2022-12-01",
  group: "2021-04-01",
  storage: "2025-06-01",
  vault: keyVaultVersion,
  role: "2022-04-01",
} as const;

/** A resource of ARM, as far as a pipeline has to do with it. */
export interface Resource {
  readonly id: string;
  readonly location?: string;
  readonly kind?: string;
  readonly sku?: { readonly name: string };
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface RoleDefinition {
  /** Full id. */
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly roleName: string;
    readonly description?: string;
    readonly type: string;
    readonly assignableScopes: readonly string[];
    readonly permissions: readonly {
      readonly actions?: readonly string[];
      readonly notActions?: readonly string[];
      readonly dataActions?: readonly string[];
      readonly notDataActions?: readonly string[];
    }[];
  };
}

export interface Assignment {
  readonly id: string;
  readonly properties: {
    readonly scope: string;
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly condition?: string | null;
  };
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly tags: readonly string[];
  readonly requiredResourceAccess: readonly {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
}

/** The application as which an environment's jobs sign in, and that environment. */
export interface FoundIdentity {
  readonly application?: Application | undefined;
  /** Object id of its service principal. */
  readonly principalId?: string | undefined;
  readonly credentials: readonly (FederatedCredential & { readonly id: string })[];
  readonly assignments: readonly Assignment[];
  /** Ids of the permissions of Microsoft Graph that it was given. */
  readonly permissions: readonly string[];
  readonly environment?: EnvironmentAtGitHub | undefined;
}

/** What there is of a pipeline. */
export interface FoundPipeline {
  readonly group?: Resource | undefined;
  readonly account?: Resource | undefined;
  readonly blobService?: Resource | undefined;
  readonly container?: Resource | undefined;
  readonly vault?: Resource | undefined;
  readonly key?: Resource | undefined;
  /** A vault of this name is in Key Vault's recycle bin. */
  readonly deletedVault: boolean;
  /** By their names in small letters. */
  readonly roles: ReadonlyMap<string, RoleDefinition>;
  /** Object id of Microsoft Graph's service principal. */
  readonly graphId: string | undefined;
  /** By the environment's name. */
  readonly identities: ReadonlyMap<string, FoundIdentity>;
}

/** Reads all that a pipeline consists of; changes nothing. Errors: an AzureCallError, an OpsError. */
export async function readPipeline(access: Access, gitHub: GitHub, wanted: WantedPipeline): Promise<FoundPipeline> {
  const arm = armClient(access);
  const ids = idsOf(wanted.place, wanted.level);
  const group = await arm.find<Resource>(ids.group, versions.group);
  const below = <Found>(id: string, version: string): Promise<Found | undefined> =>
    group ? arm.find<Found>(id, version) : Promise.resolve(undefined);
  const [account, vault] = await Promise.all([
    below<Resource>(ids.account, versions.storage),
    below<Resource>(ids.vault, versions.vault),
  ]);
  const [blobService, container, key, deletedVault, roles, graphPrincipals] = await Promise.all([
    account && arm.find<Resource>(ids.blobService, versions.storage),
    account && arm.find<Resource>(ids.container, versions.storage),
    vault && arm.find<Resource>(ids.key, versions.vault),
    vault === undefined && isInBin(arm, wanted),
    readRoles(arm, wanted),
    withClientId<{ readonly id: string }>(access, "servicePrincipals", graph),
  ]);
  const graphId = graphPrincipals[0]?.id;
  const identities = await Promise.all(
    wanted.identities.map(async (one) => [one.name, await readIdentity(access, arm, gitHub, one, graphId)] as const),
  );
  return {
    group,
    account,
    blobService,
    container,
    vault,
    key,
    deletedVault,
    roles,
    graphId,
    identities: new Map(identities),
  };
}

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get-deleted */
async function isInBin(arm: Arm, { place: { subscriptionId, location, vault } }: WantedPipeline): Promise<boolean> {
  const id = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vault}`;
  return (await arm.find(id, versions.vault)) !== undefined;
}

/** The roles that are given, Azure's and ours, by their names: an own one has its id only once it was made. */
async function readRoles(arm: Arm, wanted: WantedPipeline): Promise<Map<string, RoleDefinition>> {
  const { place, identities, customRoles } = wanted;
  const named = new Map<string, { role: string; scope: string }>();
  for (const { role, scope } of identities.flatMap(({ roles }) => roles)) {
    const [, subscriptionId = place.subscriptionId] = /^\/subscriptions\/([^/]+)/.exec(scope) ?? [];
    const custom = customRoles.find(({ name }) => name === role);
    named.set(role, { role, scope: `/subscriptions/${custom?.subscriptionId ?? subscriptionId}` });
  }
  const lists = await Promise.all(
    [...named.values()].map(({ role, scope }) =>
      arm.list<RoleDefinition>(
        `${scope}/providers/Microsoft.Authorization/roleDefinitions`,
        versions.role,
        `roleName eq ${odataText(role)}`,
      ),
    ),
  );
  return new Map(lists.flat().map((one) => [one.properties.roleName.toLowerCase(), one]));
}

async function readIdentity(
  access: Access,
  arm: Arm,
  gitHub: GitHub,
  wanted: WantedIdentity,
  graphId: string | undefined,
): Promise<FoundIdentity> {
  const environment = await environmentAtGitHub(gitHub, wanted.name);
  const application = await applicationOf(access, wanted, environment?.variables.get("AZURE_CLIENT_ID"));
  if (!application) return { environment, credentials: [], assignments: [], permissions: [] };
  const [[principal], credentials] = await Promise.all([
    withClientId<{ readonly id: string }>(access, "servicePrincipals", application.appId),
    graphList<FederatedCredential & { id: string }>(
      access,
      `/applications/${application.id}/federatedIdentityCredentials`,
    ),
  ]);
  const [assignments, appRoles] = principal
    ? await Promise.all([
        assignmentsOf(arm, principal.id, wanted),
        graphList<{ readonly appRoleId: string; readonly resourceId: string }>(
          access,
          `/servicePrincipals/${principal.id}/appRoleAssignments`,
        ),
      ])
    : [[], []];
  return {
    application,
    principalId: principal?.id,
    credentials,
    assignments,
    environment,
    permissions: appRoles.filter(({ resourceId }) => resourceId === graphId).map(({ appRoleId }) => appRoleId),
  };
}

/** The one that the environment's jobs sign in as; where that is none, the one that this command made for it. */
async function applicationOf(
  access: Access,
  { tag }: WantedIdentity,
  clientId: string | undefined,
): Promise<Application | undefined> {
  const [named] = /^[0-9a-f-]{36}$/i.test(clientId ?? "")
    ? await withClientId<Application>(access, "applications", clientId!)
    : [];
  return named ?? applicationTagged(access, tag);
}

/** The application that this command made for an environment. */
export async function applicationTagged(access: Access, tag: string): Promise<Application | undefined> {
  const filter = new URLSearchParams({ $filter: `tags/any(t:t eq ${odataText(tag)})` });
  return (await graphList<Application>(access, `/applications?${filter}`))[0];
}

/** What an identity was given in the subscriptions of its roles, each assignment once. */
async function assignmentsOf(arm: Arm, principalId: string, { roles }: WantedIdentity): Promise<Assignment[]> {
  const subscriptions = new Set(roles.map(({ scope }) => scope.split("/").slice(0, 3).join("/")));
  const lists = await Promise.all(
    [...subscriptions].map((subscription) => {
      const at = `${subscription}/providers/Microsoft.Authorization/roleAssignments`;
      return unlessRefused(
        arm.list<Assignment>(at, versions.role, `principalId eq ${odataText(principalId)}`),
        isNotFound,
      );
    }),
  );
  return [...new Map(lists.flatMap((list) => list ?? []).map((one) => [one.id.toLowerCase(), one])).values()];
}
