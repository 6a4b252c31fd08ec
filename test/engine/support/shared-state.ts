import { randomUUID } from "node:crypto";
import type { LocalAzure } from "../../../local/azure/azure";
import { roleDefinitions } from "../../../local/azure/arm/role-definitions";
import type { ApplicationOfTenant } from "../../support/directory";
import { environmentsOf } from "../../../ops/git-hub/environments";
import { wantedFor } from "../../support/pipeline";
import { Portal } from "./portal";

const [account, vault, container] = ["contosobotstate", "contoso-bot-state", "team"];
/** Where npm run pipeline puts it: a group of its own, which no stack owns. */
const group = "bot-state";

/** State in a blob container, and the key that encrypts its secrets, as npm run pipeline makes them. */
export class SharedState {
  readonly backend = `azblob://${container}?storage_account=${account}`;
  readonly secretsProvider = `azurekeyvault://${vault}.vault.azure.net/keys/${container}`;
  readonly #portal: Portal;
  readonly #group: string;
  readonly #vault: string;
  readonly #container: string;

  private constructor(private readonly azure: LocalAzure) {
    this.#portal = new Portal(azure);
    this.#group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/${group}`;
    this.#vault = `${this.#group}/providers/Microsoft.KeyVault/vaults/${vault}`;
    const ofAccount = `${this.#group}/providers/Microsoft.Storage/storageAccounts/${account}`;
    this.#container = `${ofAccount}/blobServices/default/containers/${container}`;
  }

  /** Makes container and key; nobody may reach either yet. */
  static async make(azure: LocalAzure): Promise<SharedState> {
    const state = new SharedState(azure);
    await state.#make();
    return state;
  }

  async #make(): Promise<void> {
    const location = "westeurope";
    await this.#portal.arm("PUT", this.#group, { location });
    await this.#portal.arm("PUT", this.#container.replace(/\/blobServices.*/, ""), {
      location,
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      properties: { minimumTlsVersion: "TLS1_2", allowBlobPublicAccess: false, allowSharedKeyAccess: false },
    });
    await this.#portal.arm("PUT", this.#vault, {
      location,
      properties: {
        tenantId: this.azure.tenant.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
      },
    });
    const officer = await this.#give("Key Vault Crypto Officer", this.#vault);
    const key = `https://${vault}.vault.azure.net/keys/${container}/create?api-version=7.4`;
    await this.#portal.data("POST", key, { kty: "RSA", key_size: 3072, key_ops: ["encrypt", "decrypt"] });
    await this.#portal.arm("DELETE", officer);
    await this.#portal.data("PUT", `https://${account}.blob.core.windows.net/${container}?restype=container`);
  }

  /** One of the two roles that whoever works with a stack needs. */
  async openContainer(): Promise<void> {
    await this.#give("Storage Blob Data Contributor", this.#container);
  }

  /** The other one. */
  async openKey(): Promise<void> {
    await this.#give("Key Vault Crypto User", `${this.#vault}/keys/${container}`);
  }

  /** An application that holds what the pipeline gives to a plan of this state's stack, and nothing else. */
  async planner(): Promise<ApplicationOfTenant> {
    const application = { displayName: "plan", signInAudience: "AzureADMyOrg" };
    const { id, appId } = await this.#portal.graph<{ id: string; appId: string }>("POST", "/applications", application);
    const principal = await this.#portal.graph<{ id: string }>("POST", "/servicePrincipals", { appId });
    const { secretText } = await this.#portal.graph<{ secretText: string }>("POST", `/applications/${id}/addPassword`, {
      passwordCredential: { displayName: "test" },
    });
    const { subscriptionId } = this.azure.tenant;
    // A plan of the stack "team", by the table of those of dev.
    const { customRoles, identities } = wantedFor("dev", {
      subscriptionId,
      environments: environmentsOf(container, "dev"),
      place: { subscriptionId, group, location: "westeurope", account, vault },
    });
    const { roles, permissions } = identities.find(({ does }) => does === "plans")!;
    const graphs = await this.#portal.graph<{ value: { id: string }[] }>(
      "GET",
      "/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'",
    );
    for (const { id: appRoleId } of permissions) {
      const assignment = { principalId: principal.id, resourceId: graphs.value[0]!.id, appRoleId };
      await this.#portal.graph("POST", `/servicePrincipals/${principal.id}/appRoleAssignments`, assignment);
    }
    const at = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`;
    const made = new Map<string, string>();
    for (const { name, actions, notActions, dataActions } of customRoles) {
      made.set(name, randomUUID());
      await this.#portal.arm("PUT", `${at}/${made.get(name)}`, {
        properties: {
          roleName: name,
          assignableScopes: [`/subscriptions/${subscriptionId}`],
          permissions: [{ actions, notActions, dataActions }],
        },
      });
    }
    for (const { role, scope } of roles) await this.#give(role, scope, principal.id, made.get(role));
    return { id, clientId: appId, secret: secretText, principalId: principal.id };
  }

  /** What the container holds now, by name. */
  async blobs(): Promise<ReadonlyMap<string, string>> {
    const at = `https://${account}.blob.core.windows.net/${container}`;
    const list = await this.#portal.data("GET", `${at}?restype=container&comp=list`);
    const names = [...list.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name!);
    return new Map(
      await Promise.all(names.map(async (name) => [name, await this.#portal.data("GET", `${at}/${name}`)] as const)),
    );
  }

  /** Gives the id of the assignment. */
  async #give(
    role: string,
    scope: string,
    principalId = this.azure.tenant.deployer.objectId,
    id = roleDefinitions.find(({ name }) => name === role)?.id,
  ): Promise<string> {
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
    const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
    await this.#portal.arm("PUT", assignment, { properties });
    return assignment;
  }
}
