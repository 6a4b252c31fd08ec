import { identityProviders } from "../../../contract/identity-providers";
import type { SetUpParts } from "../../../contract/set-up-parts";
import { asMermaid, pictureOf } from "../../../contract/set-up-picture";
import { plainType } from "../../../infra/facts/azure-native";
import { type BuiltInRole, builtInRoles } from "../../../infra/facts/roles";
import { microsoftGraph } from "../../../infra/facts/scopes";
import { entraTypes } from "../../pulumi/pending-operations";
import { isObject, isSecret, type State, type StateResource } from "../../pulumi/state";

const roleNames: Readonly<Record<BuiltInRole, string>> = {
  keyVaultSecretsUser: "Key Vault Secrets User",
  storageBlobDataContributor: "Storage Blob Data Contributor",
  keyVaultCryptoUser: "Key Vault Crypto User",
};

/** The set-up that a state holds, finished or not, as a Mermaid flowchart. Nothing in it is secret. */
export function pictureOfState(state: State): string {
  return asMermaid(pictureOf(partsOf(state), { complete: false, secrets: "counted" }));
}

/** What of a set-up its state shows. What others made, and the set-up uses, does not stand in it. */
export function partsOf({ deployment: { resources = [] } }: State): SetUpParts {
  const list = <One>(type: string, read: (inputs: Values, resource: StateResource & { id: string }) => One): One[] =>
    resources
      .filter((one) => plainType(one.type) === type)
      .map((one) => read(new Values(one.inputs), { ...one, id: one.id ?? "" }));
  const grants = list(entraTypes.grant, (inputs) => inputs.text("servicePrincipalObjectId"));
  const granted = list(entraTypes.servicePrincipal, (inputs, { outputs }) => ({
    clientId: inputs.text("clientId"),
    objectId: new Values(outputs).text("objectId"),
  })).filter(({ objectId }) => grants.includes(objectId));
  return {
    channels: [
      ...list("azure-native:botservice:Channel", (inputs, { id }) => ({
        id,
        name: inputs.text("channelName"),
        sites: [],
      })),
      ...list("bot-sign-in:index:DirectLineSite", (inputs, { id }) => ({
        id: id.replace(/\/sites\/[^/]*$/, ""),
        name: "DirectLineChannel",
        sites: [{ name: inputs.text("siteName"), secure: true, trustedOrigins: inputs.texts("trustedOrigins") }],
      })),
    ],
    bots: list("azure-native:botservice:Bot", (inputs, { id }) => ({
      id,
      name: inputs.text("resourceName"),
      size: inputs.text("sku", "name"),
      endpoint: inputs.text("properties", "endpoint"),
      clientId: inputs.text("properties", "msaAppId"),
    })),
    // What is checked is what was written, without the secret.
    connections: list("bot-sign-in:index:ConnectionCheck", (inputs, { id }) => ({
      id: id.replace(/\/check$/, ""),
      name: inputs.text("connectionName"),
      clientId: inputs.text("clientId"),
      scopes: inputs.text("scopes"),
      provider: providerOf(inputs.text("serviceProviderId")),
      parameters: inputs.entries("parameters").map(([key, value]) => ({ key, value })),
    })),
    applications: list(entraTypes.application, (inputs, { outputs }) => {
      const clientId = new Values(outputs).text("clientId");
      const consent = granted.some((one) => one.clientId === clientId) ? { consent: "everyone" as const } : {};
      return {
        clientId,
        name: inputs.text("displayName"),
        redirectAddresses: inputs.texts("web", "redirectUris"),
        access: inputs.list("requiredResourceAccesses").map((api) => {
          const id = api.text("resourceAppId");
          const scopes = api.list("resourceAccesses").map((one) => one.text("id"));
          return { id, api: id === microsoftGraph ? "Microsoft Graph" : id, scopes, ...consent };
        }),
      };
    }),
    webApps: list("azure-native:web:WebApp", (inputs, { id, outputs }) => ({
      id,
      name: inputs.text("name"),
      host: new Values(outputs).text("defaultHostName"),
      runtime: inputs.text("siteConfig", "linuxFxVersion"),
      tags: {},
      planId: inputs.text("serverFarmId"),
      identityIds: inputs.texts("identity", "userAssignedIdentities"),
      settings: inputs.list("siteConfig", "appSettings").map((one) => [one.text("name"), one.text("value")]),
    })),
    plans: list("azure-native:web:AppServicePlan", (inputs, { id }) => {
      return { id, name: inputs.text("name"), size: inputs.text("sku", "name") };
    }),
    identities: list("azure-native:managedidentity:UserAssignedIdentity", (inputs, { id, outputs }) => ({
      id,
      name: inputs.text("resourceName"),
      clientId: new Values(outputs).text("clientId"),
      principalId: new Values(outputs).text("principalId"),
    })),
    vaults: list("azure-native:keyvault:Vault", (inputs, { id }) => ({ id, name: inputs.text("vaultName") })),
    secrets: list("azure-native:keyvault:Secret", (inputs, { id }) => ({ id, name: inputs.text("secretName") })),
    containers: list("azure-native:storage:BlobContainer", (inputs, { id }) => {
      return { id, name: inputs.text("containerName"), account: inputs.text("accountName") };
    }),
    workspaces: list("azure-native:operationalinsights:Workspace", (inputs, { id }) => {
      return { id, name: inputs.text("workspaceName") };
    }),
    roleAssignments: list("azure-native:authorization:RoleAssignment", (inputs) => {
      const role = roleOf(inputs.text("roleDefinitionId"));
      return { principalId: inputs.text("principalId"), scope: inputs.text("scope"), role };
    }),
    diagnosticSettings: list("azure-native:monitor:DiagnosticSetting", (inputs) => {
      return { of: inputs.text("resourceUri"), workspaceId: inputs.text("workspaceId") };
    }),
  };
}

function providerOf(id: string): string {
  return identityProviders.find((one) => one.id === id)?.displayName ?? id;
}

function roleOf(definition: string): string | undefined {
  const known = Object.entries(builtInRoles).find(([, id]) => definition.endsWith(id))?.[0];
  return known && roleNames[known as BuiltInRole];
}

/** What stands in the state at a path, as far as it can be read: what is absent or secret is as if there were nothing. */
class Values {
  constructor(private readonly values: unknown) {}

  text(...path: readonly string[]): string {
    const value = this.#at(path);
    return typeof value === "string" ? value : "";
  }

  texts(...path: readonly string[]): string[] {
    return this.#listAt(path).filter((one) => typeof one === "string");
  }

  list(...path: readonly string[]): Values[] {
    return this.#listAt(path).map((one) => new Values(one));
  }

  entries(...path: readonly string[]): [name: string, value: string][] {
    const value = this.#at(path);
    const entries = isObject(value) && !isSecret(value) ? Object.entries(value) : [];
    return entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  }

  #listAt(path: readonly string[]): unknown[] {
    const value = this.#at(path);
    return Array.isArray(value) ? (value as unknown[]) : [];
  }

  #at(path: readonly string[]): unknown {
    return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), this.values);
  }
}
