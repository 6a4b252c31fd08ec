import type { Hand } from "../hand";
import { randomUUID } from "node:crypto";
import { pushChanged } from "../push";
import { byHand, pause, seedsOf, up } from "./seed";

/** Faults of the web app, its settings, and what they refer to. */
export const webAppSeeds = seedsOf([
  {
    code: "web-app-stopped",
    says: "the web app stopped in the portal",
    setUp: "mail",
    ...byHand(/az webapp start/),
    seed: async (hand) => void (await hand.portal.arm("POST", `${hand.webApp}/stop`)),
  },
  {
    code: "web-app-missing",
    says: "the web app deleted",
    setUp: "no-chat-page",
    ...up,
    lasting: true,
    seed: async (hand) => void (await hand.portal.arm("DELETE", hand.webApp)),
  },
  {
    code: "setting-connection-name",
    says: "another connection's name in the app settings",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { OAUTH_CONNECTIONS = "" } = await hand.settings();
      await hand.changeSettings({ OAUTH_CONNECTIONS: OAUTH_CONNECTIONS.replace("GraphConnection", "Graph") });
    },
  },
  {
    code: "setting-connection-name",
    says: "the connection's name misspelt in the app settings",
    setUp: "own-bot",
    ...up,
    seed: async (hand) => {
      const name = "AGENTAPPLICATION__USERAUTHORIZATION__HANDLERS__GRAPH__SETTINGS__AZUREBOTOAUTHCONNECTIONNAME";
      await hand.changeSettings({ [name]: "GraphConection" });
    },
  },
  {
    code: "setting-client-id",
    says: "the sign-in application's id as the bot's",
    setUp: "mail",
    ...up,
    seed: async (hand) => hand.changeSettings({ MicrosoftAppId: await hand.signInAppId("GraphConnection") }),
  },
  {
    code: "setting-client-id",
    says: "another bot's id in the app settings",
    setUp: "by-hand",
    ...byHand(/az webapp config appsettings set .*MicrosoftAppId=/),
    seed: (hand) => hand.changeSettings({ MicrosoftAppId: randomUUID() }),
  },
  {
    code: "setting-tenant-id",
    says: "another tenant's id in the app settings",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeSettings({ MicrosoftAppTenantId: randomUUID() }),
  },
  {
    code: "bot-app-type",
    says: "MultiTenant in the app settings, as older pages have it",
    setUp: "by-hand",
    ...byHand(/MicrosoftAppType=SingleTenant/),
    seed: (hand) => hand.changeSettings({ MicrosoftAppType: "MultiTenant" }),
  },
  {
    code: "setting-missing",
    says: "an app setting removed",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeSettings({ TOKEN_SERVICE_ENDPOINT: undefined }),
  },
  {
    code: "reference-secret-missing",
    says: "the secret deleted in the vault",
    setUp: "mail",
    ...byHand(/az keyvault secret recover --vault-name \S+ --name bot-app-password\b/),
    seed: async (hand) => {
      await hand.atVault("DELETE", "secrets/bot-app-password");
      await refresh(hand);
    },
  },
  {
    code: "reference-secret-missing",
    says: "the setting refers to a name that the vault has not",
    setUp: "by-hand",
    ...byHand(/contoso-team-vault/),
    seed: async (hand) => {
      const reference =
        "@Microsoft.KeyVault(SecretUri=https://contoso-team-vault.vault.azure.net/secrets/helpdesk-pasword)";
      await hand.changeSettings({ MicrosoftAppPassword: reference });
    },
  },
  {
    code: "reference-secret-disabled",
    says: "the secret disabled in the vault",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      await hand.atVault("PATCH", "secrets/bot-app-password/", { attributes: { enabled: false } });
      await refresh(hand);
    },
  },
  {
    code: "reference-role-missing",
    says: "the web app's role at the vault taken back",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      await hand.takeRoles(hand.vault);
      await refresh(hand);
    },
  },
  {
    code: "reference-role-missing",
    says: "the web app's access policy removed from the vault",
    setUp: "by-hand",
    ...byHand(/az keyvault set-policy .*--secret-permissions/),
    seed: async (hand) => {
      type Policies = { accessPolicies: readonly { objectId: string }[] };
      const { accessPolicies, ...others } = await hand.properties<Policies & Record<string, unknown>>(hand.vault);
      const mine = accessPolicies.filter(({ objectId }) => objectId === hand.azure.tenant.deployer.objectId);
      const { tenantId, sku } = others as { tenantId?: string; sku?: object };
      await hand.portal.arm("PUT", hand.vault, {
        location: "westeurope",
        properties: { tenantId, sku, enableRbacAuthorization: false, accessPolicies: mine },
      });
      await refresh(hand);
    },
  },
  {
    code: "reference-vault-network",
    says: "the vault closed to all networks but the office's",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const networkAcls = { defaultAction: "Deny", bypass: "None", ipRules: [{ value: "203.0.113.0/24" }] };
      await hand.portal.arm("PATCH", hand.vault, { properties: { networkAcls } });
      await refresh(hand);
    },
  },
  {
    code: "reference-identity",
    says: "references read with an identity that the web app has not",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      await hand.changeSite({ properties: { keyVaultReferenceIdentity: "SystemAssigned" } });
      await refresh(hand);
    },
  },
  {
    code: "vault-deleted",
    says: "the vault deleted",
    setUp: "mail",
    ...byHand(/az keyvault recover --name \S+/),
    seed: async (hand) => {
      await hand.portal.arm("DELETE", hand.vault);
      await refresh(hand);
    },
  },
  {
    code: "web-app-access-restricted",
    says: "access to the web app allowed from the office alone",
    setUp: "mail",
    ...byHand(/access-restriction add --resource-group bot-sign-in-\S+ --name bot-sign-in-\S+ .*AzureBotService/),
    seed: (hand) =>
      hand.changeWebConfig({
        ipSecurityRestrictions: [{ ipAddress: "203.0.113.0/24", action: "Allow", priority: 100, name: "office" }],
      }),
  },
  {
    code: "web-app-login-required",
    says: "App Service's own authentication switched on",
    setUp: "mail",
    ...byHand(/az webapp auth update .*--enabled false|authentication/i),
    seed: async (hand) =>
      void (await hand.portal.arm("PUT", `${hand.webApp}/config/authsettingsV2`, {
        properties: {
          platform: { enabled: true },
          globalValidation: { requireAuthentication: true, unauthenticatedClientAction: "Return401" },
        },
      })),
  },
  {
    code: "web-app-client-certificates",
    says: "client certificates required",
    setUp: "mail",
    ...byHand(/az webapp update --ids \/subscriptions\/\S+ --set clientCertEnabled=false/),
    seed: (hand) => hand.changeSite({ properties: { clientCertEnabled: true, clientCertMode: "Required" } }),
  },
  {
    code: "runtime-ended",
    says: "a runtime chosen that gets no fixes any more",
    setUp: "own-bot",
    ...up,
    seed: (hand) => hand.changeWebConfig({ linuxFxVersion: "PYTHON|3.10" }),
  },
  {
    code: "start-command",
    says: "a startup command typed in the portal",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeWebConfig({ appCommandLine: "node server.js" }),
  },
  {
    code: "code-differs",
    says: "other code pushed without a restart",
    setUp: "mail",
    ...up,
    lasting: true,
    seed: pushChanged,
  },
  {
    code: "always-on",
    says: "Always On switched off",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeWebConfig({ alwaysOn: false }),
  },
  {
    code: "https-only",
    says: "HTTPS Only switched off",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeSite({ properties: { httpsOnly: false } }),
  },
  {
    code: "tls",
    says: "TLS 1.0 allowed again",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeWebConfig({ minTlsVersion: "1.0" }),
  },
  {
    code: "turn-state-role-missing",
    says: "the web app's role at the storage container taken back",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.takeRoles(hand.one("Microsoft.Storage/storageAccounts/blobServices/containers")),
  },
  {
    code: "turn-state-storage-network",
    says: "the storage account closed to all networks",
    setUp: "mail",
    ...byHand(/az storage account update --ids \/subscriptions\/\S+ --default-action Allow/),
    seed: async (hand) => {
      await hand.portal.arm("PATCH", hand.account, { properties: { networkAcls: { defaultAction: "Deny" } } });
      // Whether the web app has another way in, the bot alone knows: it asks its storage once somebody looks at its health,
      // at most every 8 seconds, as App Service does each minute.
      await pause(8_500);
      await hand.azure.call("App Service", `https://${await hand.host()}/healthz`);
      await pause(1_000);
    },
  },
  {
    code: "residency-mismatch",
    says: "Europe's Token Service in the settings of a global bot",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeSettings({ TOKEN_SERVICE_ENDPOINT: "https://europe.api.botframework.com" }),
  },
  {
    code: "clock",
    says: "this machine's clock is 20 minutes behind Azure's",
    setUp: "mail",
    ...byHand(/clock|time/i),
    seed: (hand) => hand.azure.moveClock(20 * 60_000),
  },
]);

/** App Service reads references anew by itself within a day, and at once where somebody presses the portal's button. */
async function refresh(hand: Hand): Promise<void> {
  await hand.portal.arm("POST", `${hand.webApp}/config/configreferences/appsettings/refresh`);
}
