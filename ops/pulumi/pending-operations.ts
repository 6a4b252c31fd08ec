import { keyVaultVersion } from "../../infra/azure/key-vault";
import { isAzureNative, plainType } from "../../infra/facts/azure-native";
import type { State, StateResource } from "./state";

/** An operation that was under way when the engine last wrote the state. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** What a stack's state says, as far as recovering is about it. */
export interface Standing {
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

/** Resources and pending operations of an export. */
export function standingOf(state: State): Standing {
  const { resources, pending_operations } = state.deployment as State["deployment"] & {
    pending_operations?: PendingOperation[] | null;
  };
  return { resources: resources ?? [], pending: pending_operations ?? [] };
}

/** Where a type of azure-native lives in ARM. */
interface ArmPlace {
  /** Path with the names of inputs in braces; a name that stands for a whole id begins the path. */
  readonly path: string;
  readonly apiVersion: string;
}

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const vault = `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/{accountName}`;
const bot = `${group}/providers/Microsoft.BotService/botServices/{resourceName}`;

/** The types of azure-native that the program creates and that Azure refuses to create twice. */
const places: Readonly<Record<string, ArmPlace>> = {
  "azure-native:resources:ResourceGroup": { path: group, apiVersion: "2024-03-01" },
  "azure-native:managedidentity:UserAssignedIdentity": {
    path: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    apiVersion: "2023-01-31",
  },
  "azure-native:operationalinsights:Workspace": {
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    apiVersion: "2023-09-01",
  },
  "azure-native:keyvault:Vault": { path: vault, apiVersion: keyVaultVersion },
  "azure-native:keyvault:Secret": { path: `${vault}/secrets/{secretName}`, apiVersion: keyVaultVersion },
  "azure-native:authorization:RoleAssignment": {
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    apiVersion: "2022-04-01",
  },
  "azure-native:web:AppServicePlan": {
    path: `${group}/providers/Microsoft.Web/serverfarms/{name}`,
    apiVersion: "2024-11-01",
  },
  "azure-native:web:WebApp": { path: `${group}/providers/Microsoft.Web/sites/{name}`, apiVersion: "2024-11-01" },
  "azure-native:storage:StorageAccount": { path: account, apiVersion: "2024-01-01" },
  "azure-native:storage:BlobContainer": {
    path: `${account}/blobServices/default/containers/{containerName}`,
    apiVersion: "2024-01-01",
  },
  "azure-native:storage:ManagementPolicy": {
    path: `${account}/managementPolicies/{managementPolicyName}`,
    apiVersion: "2024-01-01",
  },
  "azure-native:monitor:DiagnosticSetting": {
    path: "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    apiVersion: "2021-05-01-preview",
  },
  "azure-native:botservice:Bot": { path: bot, apiVersion: "2022-09-15" },
  "azure-native:botservice:BotConnection": {
    path: `${bot}/connections/{connectionName}`,
    apiVersion: "2022-09-15",
  },
  "azure-native:botservice:Channel": { path: `${bot}/channels/{channelName}`, apiVersion: "2022-09-15" },
};

/** An ARM id and an api-version that reads it. */
export interface ArmAddress {
  readonly id: string;
  readonly apiVersion: string;
}

/**
 * Where a resource that was being created would be in ARM. Undefined for what ARM does not hold, and for what may be
 * written twice (a policy that is there from the start, everything of the program's own provider).
 */
export function armAddress(resource: StateResource, subscriptionId: string): ArmAddress | undefined {
  const place = places[plainType(resource.type)];
  if (!place) return undefined;
  let whole = true;
  const id = place.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const value = name === "subscriptionId" ? (resource.inputs?.[name] ?? subscriptionId) : resource.inputs?.[name];
    if (typeof value === "string" && value !== "") return value;
    whole = false;
    return "";
  });
  return whole ? { id: id.startsWith("/") ? id : `/${id}`, apiVersion: place.apiVersion } : undefined;
}

/** The parts of the id of an Entra application that stand in the state as resources of their own, by type. */
const applicationParts: Readonly<Record<string, (inputs: Record<string, unknown>) => string>> = {
  "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri": ({ identifierUri }) =>
    `identifierUris/${Buffer.from(String(identifierUri)).toString("base64")}`,
  "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized": ({ authorizedClientId }) =>
    `preAuthorizedApplications/${String(authorizedClientId)}`,
};

/** `/applications/<object id>/identifierUris/<base64>`: the id of a part of an application, by its inputs. */
export function applicationPartId({ type, inputs = {} }: StateResource): string | undefined {
  const part = applicationParts[type];
  return part && typeof inputs.applicationId === "string" ? `${inputs.applicationId}/${part(inputs)}` : undefined;
}

/** Types of azuread whose half-made things are looked for in Entra. */
export const entraTypes = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  password: "azuread:index/applicationPassword:ApplicationPassword",
  grant: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
} as const;

/**
 * The state with pending creates taken in by their ids and no pending operation left. They keep the inputs with which
 * they were written, so that the refresh that follows has something to compare the live resource with;
 * `pulumi refresh --import-pending-creates` of CLI 3.259 was tried, and drops them where a refresh runs without a terminal.
 */
export function takenIn(state: State, imports: readonly { readonly urn: string; readonly id: string }[]): State {
  const { resources, pending } = standingOf(state);
  const taken = imports.flatMap(({ urn, id }) =>
    pending
      .filter(({ type, resource }) => type === "creating" && resource.urn === urn)
      .slice(0, 1)
      .map(({ resource }) => ({ ...resource, id, outputs: outputsOf(resource) })),
  );
  // What is being made depends only on what is made, so the end of the list is behind all that it needs.
  return {
    ...state,
    deployment: { ...state.deployment, resources: [...resources, ...taken], pending_operations: [] },
  };
}

/** URNs of what the state may tell wrongly: what was taken in, and what was being changed or deleted. */
export function unsureOf({ resources, pending }: Standing, imports: readonly { readonly urn: string }[]): string[] {
  const inState = new Set(resources.map(({ urn }) => urn));
  const changing = pending.flatMap(({ type, resource: { urn } }) =>
    type !== "creating" && inState.has(urn) ? [urn] : [],
  );
  return [...new Set([...imports.map(({ urn }) => urn), ...changing])];
}

/** Until the refresh, the outputs are what was asked for; azure-native keeps the inputs a second time there. */
function outputsOf({ type, inputs = {} }: StateResource): Record<string, unknown> {
  return isAzureNative(type) ? { ...inputs, __inputs: inputs } : { ...inputs };
}

/**
 * The refreshed state, with the inputs of what was taken from ARM as they were written. The refresh had no live outputs to
 * compare with, and has taken all that ARM words otherwise (`West Europe` for `westeurope`) for a change by hand, which
 * would make the next `up` replace it. ARM takes a PUT as a whole or not at all, so what was asked for is what is there.
 */
export function asWritten(refreshed: State, before: Standing, urns: readonly string[]): State {
  const written = new Map(
    before.pending.flatMap(({ type, resource }) =>
      type === "creating" && isAzureNative(resource.type) && urns.includes(resource.urn)
        ? [[resource.urn, resource.inputs ?? {}] as const]
        : [],
    ),
  );
  const resources = standingOf(refreshed).resources.map((resource) => {
    const inputs = written.get(resource.urn);
    return inputs ? { ...resource, inputs, outputs: { ...resource.outputs, __inputs: inputs } } : resource;
  });
  return { ...refreshed, deployment: { ...refreshed.deployment, resources } };
}
