import { randomUUID } from "node:crypto";
import { type BotCertificate, certificateIn } from "../../contract/app-settings";
import { type BuiltInRole, roleDefinitionId } from "../../infra/facts/roles";
import type { LocalAzure } from "../../local/azure/azure";
import { Portal } from "../engine/support/portal";

export interface Credential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly endDateTime: string;
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly web: { readonly redirectUris: readonly string[] };
  readonly api: {
    readonly oauth2PermissionScopes: readonly Record<string, unknown>[];
    readonly preAuthorizedApplications: readonly { readonly appId: string }[];
  };
  readonly requiredResourceAccess: readonly {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
  readonly passwordCredentials: readonly Credential[];
}

interface Parameter {
  readonly key: string;
  readonly value: string | null;
}

/** What somebody says of a connection; what is not said stays. */
export interface ConnectionChange {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scopes?: string;
  /** Of another provider: its id. */
  readonly serviceProviderId?: string;
  /** Parameters besides client id, secret and scopes, by key without case. */
  readonly parameters?: Readonly<Record<string, string>>;
}

interface Site {
  readonly siteName: string;
  readonly [setting: string]: unknown;
}

interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

type Tree = Readonly<Record<string, unknown>>;

/** Parameters by which Bot Service shows what stands beside them as well. */
const mirrored = /^(clientId|clientSecret|scopes)$/i;

/**
 * A person with every right who changes one set-up by hand, as the portal and az do it: by calls of Azure Resource Manager,
 * Microsoft Graph, Key Vault and Kudu, and nothing else.
 */
export class Hand {
  readonly portal: Portal;

  constructor(readonly azure: LocalAzure) {
    this.portal = new Portal(azure);
  }

  /** The one resource of a type. Throws where there is none, or several. */
  one(type: string): string {
    const found = this.azure.resources.list(type);
    if (found.length !== 1) throw new Error(`there are ${found.length} resources of the type ${type}`);
    return found[0]!.id;
  }

  get bot(): string {
    return this.one("Microsoft.BotService/botServices");
  }

  get webApp(): string {
    return this.one("Microsoft.Web/sites");
  }

  get vault(): string {
    return this.one("Microsoft.KeyVault/vaults");
  }

  get account(): string {
    return this.one("Microsoft.Storage/storageAccounts");
  }

  async properties<T extends Tree = Tree>(id: string): Promise<T> {
    return (await this.portal.arm<{ properties: T }>("GET", id)).properties;
  }

  /** Where the web app answers: `mail.azurewebsites.net`. */
  async host(): Promise<string> {
    return String((await this.properties(this.webApp))["defaultHostName"]);
  }

  async changeBot(properties: Tree): Promise<void> {
    await this.portal.arm("PATCH", this.bot, { properties });
  }

  async changeSite(change: Tree): Promise<void> {
    await this.portal.arm("PATCH", this.webApp, change);
  }

  /** Changes `config/web`, the portal's "General settings". */
  async changeWebConfig(properties: Tree): Promise<void> {
    await this.portal.arm("PATCH", `${this.webApp}/config/web`, { properties });
  }

  async settings(): Promise<Record<string, string>> {
    const path = `${this.webApp}/config/appsettings/list`;
    return (await this.portal.arm<{ properties: Record<string, string> }>("POST", path)).properties;
  }

  /** Changes app settings; undefined removes one. The app starts anew. */
  async changeSettings(change: Readonly<Record<string, string | undefined>>): Promise<void> {
    const all = Object.entries({ ...(await this.settings()), ...change });
    const properties = Object.fromEntries(all.filter(([, value]) => value !== undefined));
    await this.portal.arm("PUT", `${this.webApp}/config/appsettings`, { properties });
  }

  /** A connection with its secret. */
  async connection(name: string): Promise<{ location: string; properties: Tree & { clientId: string } }> {
    return this.portal.arm("POST", `${this.bot}/connections/${name}/listwithsecrets`);
  }

  /** Writes a connection. Bot Service keeps parameters as they were first written: another one takes a new connection. */
  async changeConnection(name: string, change: ConnectionChange): Promise<void> {
    const { location, properties } = await this.connection(name);
    const { clientId, clientSecret, scopes, serviceProviderId, parameters } = properties;
    const said = new Map(Object.entries(change.parameters ?? {}).map(([key, value]) => [key.toLowerCase(), value]));
    const kept = (parameters as readonly Parameter[]).filter(({ key }) => !mirrored.test(key));
    const body = {
      clientId,
      clientSecret,
      scopes,
      serviceProviderId,
      ...change,
      parameters: kept.map(({ key, value }) => ({ key, value: said.get(key.toLowerCase()) ?? value })),
    };
    const id = `${this.bot}/connections/${name}`;
    if (change.parameters || change.serviceProviderId) await this.portal.arm("DELETE", id);
    await this.portal.arm("PUT", id, { location, properties: body });
  }

  /** Changes one site of Direct Line or Web Chat, in the list that the portal writes. */
  async changeChannelSite(channel: string, siteName: string, change: Tree): Promise<void> {
    const id = `${this.bot}/channels/${channel}`;
    type Channel = { location: string; properties: { properties: { sites: readonly Site[] } } };
    const { location, properties } = await this.portal.arm<Channel>("GET", id);
    const sites = properties.properties.sites.map((site) =>
      site.siteName === siteName ? { ...site, ...change } : site,
    );
    await this.portal.arm("PUT", id, { location, properties: { channelName: channel, properties: { sites } } });
  }

  /** Client id of the bot's own application or managed identity. */
  async botAppId(): Promise<string> {
    return String((await this.properties(this.bot))["msaAppId"]);
  }

  async signInAppId(connection: string): Promise<string> {
    return (await this.connection(connection)).properties.clientId;
  }

  application(appId: string): Promise<Application> {
    return this.portal.graph<Application>("GET", `/applications(appId='${appId}')`);
  }

  /** An application with its certificates, which Graph gives only to whoever selects them. */
  async applicationWithKeys(appId: string): Promise<{ id: string; keyCredentials: readonly { key: string }[] }> {
    return this.portal.graph("GET", `/applications(appId='${appId}')?$select=id,keyCredentials`);
  }

  /** The bot's newest certificate, as the app settings name it. */
  async certificate(): Promise<BotCertificate> {
    return certificateIn((await this.settings())["MicrosoftAppCertificate"]!)!;
  }

  async changeApplication(appId: string, change: Tree): Promise<void> {
    await this.portal.graph("PATCH", `/applications(appId='${appId}')`, change);
  }

  async changePrincipal(appId: string, change: Tree): Promise<void> {
    await this.portal.graph("PATCH", `/servicePrincipals(appId='${appId}')`, change);
  }

  /** Makes a client secret that ends after some milliseconds; those that are there stay. */
  async newPassword(appId: string, lasts: number): Promise<string> {
    const { id } = await this.application(appId);
    const endDateTime = new Date(this.azure.clock.now().getTime() + lasts).toISOString();
    const passwordCredential = { displayName: "made by hand", endDateTime };
    const made = await this.portal.graph<{ secretText: string }>("POST", `/applications/${id}/addPassword`, {
      passwordCredential,
    });
    return made.secretText;
  }

  /** Removes client secrets whose names fit. */
  async removePasswords(appId: string, fits: (credential: Credential) => boolean = () => true): Promise<void> {
    const { id, passwordCredentials } = await this.application(appId);
    for (const { keyId } of passwordCredentials.filter(fits)) {
      await this.portal.graph("POST", `/applications/${id}/removePassword`, { keyId });
    }
  }

  /** Writes a new version of a secret, and gives its address with the version. */
  async writeSecret(name: string, value: string): Promise<string> {
    type Written = { properties: { secretUriWithVersion: string } };
    const written = await this.portal.arm<Written>("PUT", `${this.vault}/secrets/${name}`, { properties: { value } });
    return written.properties.secretUriWithVersion;
  }

  /** Has an app setting refer to a new version of its secret. */
  async refer(setting: string, name: string, value: string): Promise<void> {
    await this.changeSettings({ [setting]: `@Microsoft.KeyVault(SecretUri=${await this.writeSecret(name, value)})` });
  }

  /** Does something to a secret by the vault itself, as who has the role for it. */
  async atVault(method: string, path: string, body?: unknown): Promise<string> {
    await this.giveRole(this.vault, secretsOfficer, this.azure.tenant.deployer.objectId);
    const uri = String((await this.properties(this.vault))["vaultUri"]);
    return this.portal.data(method, `${uri}${path}?api-version=7.4`, body);
  }

  /** Assigns a built-in role at a resource. */
  async giveRole(scope: string, role: BuiltInRole | typeof secretsOfficer, principalId: string): Promise<void> {
    const { subscriptionId } = this.azure.tenant;
    const roleDefinition =
      role === secretsOfficer
        ? `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${secretsOfficer}`
        : roleDefinitionId(subscriptionId, role);
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    await this.portal
      .arm("PUT", id, {
        properties: { roleDefinitionId: roleDefinition, principalId, principalType: "ServicePrincipal" },
      })
      .catch((error: Error) => {
        if (!error.message.includes("RoleAssignmentExists")) throw error;
      });
  }

  /** Takes back every role that was assigned at a resource itself. */
  async takeRoles(scope: string): Promise<void> {
    const assignments = this.azure.resources
      .list("Microsoft.Authorization/roleAssignments", scope)
      .filter(({ properties }) => properties["principalId"] !== this.azure.tenant.deployer.objectId);
    if (assignments.length === 0) throw new Error(`no role is assigned at ${scope}`);
    for (const { id } of assignments) await this.portal.arm("DELETE", id);
  }

  async federatedCredential(appId: string): Promise<{ path: string; credential: FederatedCredential }> {
    const { id } = await this.application(appId);
    const list = `/applications/${id}/federatedIdentityCredentials`;
    const { value } = await this.portal.graph<{ value: readonly FederatedCredential[] }>("GET", list);
    const [credential] = value;
    if (!credential) throw new Error(`the application ${appId} has no federated credential`);
    return { path: `${list}/${credential.id}`, credential };
  }

  async changeFederatedCredential(appId: string, change: Tree): Promise<void> {
    const { path } = await this.federatedCredential(appId);
    await this.portal.graph("PATCH", path, change);
  }

  /** Consents for everyone in the tenant to these scopes of Microsoft Graph. */
  async consent(appId: string, scope: string): Promise<void> {
    const [client, graph] = await Promise.all([this.principal(appId), this.principal(microsoftGraph)]);
    await this.portal.graph("POST", "/oauth2PermissionGrants", {
      clientId: client.id,
      consentType: "AllPrincipals",
      resourceId: graph.id,
      scope,
    });
  }

  async takeConsent(appId: string): Promise<void> {
    const { id } = await this.principal(appId);
    type Grants = { value: readonly { id: string }[] };
    const { value } = await this.portal.graph<Grants>("GET", `/servicePrincipals/${id}/oauth2PermissionGrants`);
    if (value.length === 0) throw new Error(`nobody consented to ${appId}`);
    for (const grant of value) await this.portal.graph("DELETE", `/oauth2PermissionGrants/${grant.id}`);
  }

  principal(appId: string): Promise<{ readonly id: string }> {
    return this.portal.graph("GET", `/servicePrincipals(appId='${appId}')`);
  }
}

export const microsoftGraph = "00000003-0000-0000-c000-000000000000";
/** Key Vault Secrets Officer: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security */
const secretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
