import { builtInRoles } from "../../infra/facts/roles";
import { deployerRoles, rolesAtExisting } from "../azure/deployer-roles";
import { type Permission, permissionsFor, planPermissions } from "../azure/graph-permissions";
import { type FederatedCredential, wantedCredential } from "../git-hub/federated-credential";
import type { StackSettings } from "../pulumi/stack-settings";
import type { PipelineEnvironment } from "../git-hub/environments";

/** Where the states and their keys are: docs/runbook.md, "State that a team shares". */
export interface StatePlace {
  readonly subscriptionId: string;
  readonly group: string;
  /** Region of what is made. */
  readonly location: string;
  readonly account: string;
  readonly vault: string;
}

/** A person or a team that lets jobs go on, by its number at GitHub. */
export interface Reviewer {
  readonly type: "User" | "Team";
  readonly id: number;
  /** Login, or `owner/team`. */
  readonly name: string;
}

/** A role of our own. */
export interface CustomRole {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly subscriptionId: string;
}

export interface WantedRole {
  readonly role: string;
  readonly scope: string;
  /** What bounds it. https://learn.microsoft.com/azure/role-based-access-control/conditions-format */
  readonly condition?: string;
}

/** An environment at GitHub, and the application as which its jobs sign in. */
export interface WantedIdentity extends PipelineEnvironment {
  readonly displayName: string;
  /** By which the application is found again. */
  readonly tag: string;
  readonly credential: FederatedCredential;
  readonly roles: readonly WantedRole[];
  readonly permissions: readonly Permission[];
  /** The environment's variables, but for AZURE_CLIENT_ID, which is the application's. */
  readonly variables: Readonly<Record<string, string>>;
}

/** All that a stack's pipeline consists of. */
export interface WantedPipeline {
  readonly project: string;
  readonly stack: string;
  /** `contoso/mail-bot`, as GitHub writes it. */
  readonly repository: string;
  readonly tenantId: string;
  /** To which the stack is deployed. */
  readonly subscriptionId: string;
  readonly place: StatePlace;
  /** Container and key of the state. */
  readonly level: string;
  readonly customRoles: readonly CustomRole[];
  readonly identities: readonly WantedIdentity[];
  /** Undefined where nobody said who: then those that are there stay. */
  readonly reviewers: readonly Reviewer[] | undefined;
  /** With what the stack's file says that its secrets are encrypted; undefined where it does not say. */
  readonly secretsProvider: string | undefined;
}

/** What is said of the custom roles that this command made, so that it takes no other away. */
export const madeHere = "Made by: npm run pipeline";

/** The mark of what this command made: a tag in ARM. */
export const pipelineTag = (project: string): Readonly<Record<string, string>> => ({ pipeline: project });

/** The mark of an application whose environment at GitHub was made with it. */
export const environmentMadeTag = "pipeline-environment-made";

/** The mark of the application that was made for an environment. */
export const applicationTag = (repository: string, environment: string): string =>
  `pipeline:${repository}/${environment}`.toLowerCase();

/** What a state lies in, and its key. */
export type StatePart = "group" | "account" | "blobService" | "container" | "vault" | "key";

/** ARM ids of a state's place. */
export function idsOf(
  { subscriptionId, group, account, vault }: StatePlace,
  level: string,
): Readonly<Record<StatePart, string>> {
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const accountId = `${groupId}/providers/Microsoft.Storage/storageAccounts/${account}`;
  const vaultId = `${groupId}/providers/Microsoft.KeyVault/vaults/${vault}`;
  return {
    group: groupId,
    account: accountId,
    blobService: `${accountId}/blobServices/default`,
    container: `${accountId}/blobServices/default/containers/${level}`,
    vault: vaultId,
    key: `${vaultId}/keys/${level}`,
  };
}

/** Pulumi's address of the states. */
export const backendOf = ({ account }: Pick<StatePlace, "account">, level: string): string =>
  `azblob://${level}?storage_account=${account}`;

/** Pulumi's address of the key that opens their secrets. */
export const secretsProviderOf = ({ vault }: Pick<StatePlace, "vault">, level: string): string =>
  `azurekeyvault://${vault}.vault.azure.net/keys/${level}`;

/**
 * Whoever may give roles could give himself any: a deployer may give and take those that the program gives, and no others.
 * https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 */
const onlyTheProgramsRoles = ((roles: string): string =>
  ["write", "delete"]
    .map((action) => {
      const where = action === "write" ? "@Request" : "@Resource";
      return (
        `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR ` +
        `(${where}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}}))`
      );
    })
    .join(" AND "))(Object.values(builtInRoles).join(", "));

const givesRoles = "Role Based Access Control Administrator";

/** Whoever may write a stack's state is its deployer; a plan reads it, and decrypts. */
const planOfState: Omit<CustomRole, "subscriptionId"> = {
  name: "Bot plan of a state",
  description: `Opens the secrets of a state, and writes none. ${madeHere}`,
  actions: [],
  notActions: [],
  dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"],
};

/** Reading, without what users wrote into logs, and the one action with which the program asks for Direct Line's key. */
const planOf = (stack: string): Omit<CustomRole, "subscriptionId"> => ({
  name: `Bot plan of ${stack}`,
  description: `Previews the bot: reads, and lists Direct Line keys. ${madeHere}`,
  actions: ["*/read", "Microsoft.BotService/botServices/channels/listchannelwithkeys/action"],
  notActions: ["Microsoft.OperationalInsights/workspaces/query/*"],
  dataActions: [],
});

/** What a pipeline is made for. */
export interface Purpose {
  readonly settings: Pick<
    StackSettings,
    "project" | "environment" | "tenantId" | "adminConsent" | "existing" | "identity"
  >;
  readonly stack: string;
  readonly subscriptionId: string;
  readonly repository: string;
  /** How the subject of its jobs' tokens begins. */
  readonly subjectPrefix: string;
  readonly environments: readonly PipelineEnvironment[];
  readonly place: StatePlace;
  readonly reviewers: readonly Reviewer[] | undefined;
  readonly secretsProvider: string | undefined;
}

/** All that a pipeline needs, by the tables by which preflight asks for it. Pure. */
export function wantedPipeline(purpose: Purpose): WantedPipeline {
  const {
    settings,
    stack,
    subscriptionId,
    repository,
    subjectPrefix,
    environments,
    place,
    reviewers,
    secretsProvider,
  } = purpose;
  const { project, environment, tenantId, adminConsent, identity, existing = {} } = settings;
  const [{ stack: level }] = environments as [PipelineEnvironment];
  const { container, key } = idsOf(place, level);
  const subscription = `/subscriptions/${subscriptionId}`;
  const plans = environments.some(({ does }) => does === "plans");
  const bounded = (role: string, scope: string): WantedRole =>
    role === givesRoles ? { role, scope, condition: onlyTheProgramsRoles } : { role, scope };
  const deploys: readonly WantedRole[] = [
    ...deployerRoles(identity, existing).map((role) => bounded(role, subscription)),
    ...rolesAtExisting(identity, existing, subscriptionId).map(({ role, scope }) => bounded(role, scope)),
    { role: "Storage Blob Data Contributor", scope: container },
    { role: "Key Vault Crypto User", scope: key },
  ];
  const reads: readonly WantedRole[] = [
    { role: planOf(level).name, scope: subscription },
    { role: "Storage Blob Data Reader", scope: container },
    { role: planOfState.name, scope: key },
  ];
  return {
    project,
    stack,
    repository,
    tenantId,
    subscriptionId,
    place,
    level,
    reviewers,
    secretsProvider,
    customRoles: plans
      ? [
          { ...planOfState, subscriptionId: place.subscriptionId },
          { ...planOf(level), subscriptionId },
        ]
      : [],
    identities: environments.map((one) => ({
      ...one,
      displayName: `${project} at GitHub: ${one.name}`,
      tag: applicationTag(repository, one.name),
      credential: wantedCredential(one.name, `${subjectPrefix}:environment:${one.name}`),
      roles: one.does === "deploys" ? deploys : reads,
      permissions:
        one.does === "deploys" ? permissionsFor({ adminConsent, preview: environment === "preview" }) : planPermissions,
      variables: {
        AZURE_TENANT_ID: tenantId,
        AZURE_SUBSCRIPTION_ID: subscriptionId,
        PULUMI_BACKEND_URL: backendOf(place, level),
      },
    })),
  };
}
