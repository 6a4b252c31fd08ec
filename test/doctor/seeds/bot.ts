import type { Hand } from "../hand";
import { randomUUID } from "node:crypto";
import { thumbprintOf } from "../../support/thumbprint";
import { byHand, pause, seedsOf, up } from "./seed";

/** Faults of the registration and of who the bot is. */
export const botSeeds = seedsOf([
  {
    code: "bot-endpoint-path",
    says: "the messaging endpoint typed without /api",
    setUp: "mail",
    ...up,
    seed: async (hand) => hand.changeBot({ endpoint: `https://${await hand.host()}/messages` }),
  },
  {
    code: "bot-endpoint-host",
    says: "the messaging endpoint of another web app",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeBot({ endpoint: "https://mail-bot-old.azurewebsites.net/api/messages" }),
  },
  {
    code: "bot-endpoint-host",
    says: "the endpoint of a tunnel left in the registration",
    setUp: "by-hand",
    ...byHand(/az bot update --resource-group bots --name contoso-helpdesk --endpoint/),
    seed: (hand) => hand.changeBot({ endpoint: "https://a1b2c3d4.ngrok-free.app/api/messages" }),
  },
  {
    code: "bot-app-deleted",
    says: "the bot's application deleted in Entra",
    setUp: "mail",
    ...byHand(/deletedItems\/[0-9a-f-]{36}\/restore/),
    seed: async (hand) => {
      const { id } = await hand.application(await hand.botAppId());
      await hand.portal.graph("DELETE", `/applications/${id}`);
    },
  },
  {
    code: "bot-app-missing",
    says: "the bot's application deleted and purged",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { id } = await hand.application(await hand.botAppId());
      await hand.portal.graph("DELETE", `/applications/${id}`);
      await hand.portal.graph("DELETE", `/directory/deletedItems/${id}`);
    },
  },
  {
    code: "bot-tenant",
    says: "the registration made with another tenant's id",
    setUp: "by-hand",
    ...byHand(/msaAppTenantId|--tenant-id/),
    seed: (hand) => registerAnew(hand, { msaAppTenantId: randomUUID() }),
  },
  {
    code: "bot-app-type",
    says: "the registration made as a managed identity on an application",
    setUp: "by-hand",
    ...byHand(/SingleTenant/),
    seed: (hand) =>
      registerAnew(hand, {
        msaAppType: "UserAssignedMSI",
        msaAppMSIResourceId: `${hand.bot.split("/providers/")[0]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/helpdesk`,
      }),
  },
  {
    code: "bot-local-auth-off",
    says: "local authentication switched off by a policy's remediation",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeBot({ disableLocalAuth: true }),
  },
  {
    code: "bot-public-network-off",
    says: "public network access of the bot switched off",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeBot({ publicNetworkAccess: "Disabled" }),
  },
  {
    code: "bot-secret-expired",
    says: "the bot's password was renewed by hand and has ended",
    setUp: "mail",
    ...byHand(/npm run rotate -- dev/),
    seed: async (hand) => {
      const secret = await hand.newPassword(await hand.botAppId(), 1_500);
      await hand.refer("MicrosoftAppPassword", "bot-app-password", secret);
      await pause(1_600);
    },
  },
  {
    code: "bot-secret-ends-soon",
    says: "the bot's password was renewed by hand for five days",
    setUp: "mail",
    ...byHand(/npm run rotate -- dev/),
    seed: async (hand) => {
      const secret = await hand.newPassword(await hand.botAppId(), 5 * 86_400_000);
      await hand.refer("MicrosoftAppPassword", "bot-app-password", secret);
    },
  },
  {
    code: "bot-secret-wrong",
    says: "the secret's id pasted into the vault instead of its value",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { passwordCredentials } = await hand.application(await hand.botAppId());
      await hand.refer("MicrosoftAppPassword", "bot-app-password", passwordCredentials[0]!.keyId);
    },
  },
  {
    code: "bot-secret-wrong",
    says: "every client secret of the bot's application removed in the portal",
    setUp: "by-hand",
    ...byHand(/az ad app credential reset .*--append|add a client secret/i),
    seed: async (hand) => hand.removePasswords(await hand.botAppId()),
  },
  {
    code: "bot-service-principal-missing",
    says: "the bot's enterprise application deleted",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { id } = await hand.principal(await hand.botAppId());
      await hand.portal.graph("DELETE", `/servicePrincipals/${id}`);
    },
  },
  {
    code: "bot-service-principal-missing",
    says: "an application without its enterprise application",
    setUp: "by-hand",
    ...byHand(/az ad sp create --id [0-9a-f-]{36}/),
    seed: async (hand) => {
      const { id } = await hand.principal(await hand.botAppId());
      await hand.portal.graph("DELETE", `/servicePrincipals/${id}`);
    },
  },
  {
    code: "bot-service-principal-disabled",
    says: "sign-in to the bot's enterprise application switched off",
    setUp: "mail",
    ...up,
    seed: async (hand) => hand.changePrincipal(await hand.botAppId(), { accountEnabled: false }),
  },
  {
    code: "identity-not-on-web-app",
    says: "the bot's identity taken off the web app",
    setUp: "managed",
    ...up,
    seed: async (hand) => {
      const site = await hand.portal.arm<{ identity: Identities }>("GET", hand.webApp);
      const { msaAppMSIResourceId } = await hand.properties(hand.bot);
      const others = Object.keys(site.identity.userAssignedIdentities).filter(
        (id) => id.toLowerCase() !== String(msaAppMSIResourceId).toLowerCase(),
      );
      const userAssignedIdentities = Object.fromEntries(others.map((id) => [id, {}]));
      await hand.changeSite({ identity: { type: "UserAssigned", userAssignedIdentities } });
    },
  },
  {
    code: "bot-certificate-unknown",
    says: "every certificate of the bot's application removed in the portal",
    setUp: "certificate",
    ...up,
    seed: async (hand) => hand.changeApplication(await hand.botAppId(), { keyCredentials: [] }),
  },
  {
    code: "bot-certificate-unknown",
    says: "the newest certificate of the bot's application removed, the one before it left",
    setUp: "certificate",
    ...up,
    seed: async (hand) => {
      const appId = await hand.botAppId();
      const { thumbprint } = await hand.certificate();
      const { id, keyCredentials } = await hand.applicationWithKeys(appId);
      const others = keyCredentials.filter(({ key }) => thumbprintOf(key) !== thumbprint);
      await hand.portal.graph("PATCH", `/applications/${id}`, {
        keyCredentials: others.map((one) => ({ ...one, key: null })),
      });
    },
  },
  {
    code: "bot-certificate-unknown",
    says: "another certificate's thumbprint in the app settings",
    setUp: "certificate",
    ...up,
    seed: async (hand) => {
      const { keyUri } = await hand.certificate();
      await hand.changeSettings({ MicrosoftAppCertificate: `${keyUri} ${Buffer.alloc(32, 7).toString("base64url")}` });
    },
  },
  {
    code: "certificate-role-missing",
    says: "the web app's role at the certificate's key taken back",
    setUp: "certificate",
    ...up,
    seed: async (hand) => hand.takeRoles(`${hand.vault}/keys/${(await hand.certificate()).keyName}`),
  },
  {
    code: "certificate-disabled",
    says: "the certificate switched off in the vault",
    setUp: "certificate",
    ...byHand(/az keyvault certificate set-attributes --vault-name \S+ --name bot-certificate\S* --enabled true/),
    seed: async (hand) => {
      const { keyName } = await hand.certificate();
      await hand.atVault("PATCH", `certificates/${keyName}`, { attributes: { enabled: false } });
    },
  },
  {
    code: "certificate-missing",
    says: "the certificate deleted in the vault",
    setUp: "certificate",
    ...byHand(/az keyvault certificate recover --vault-name \S+ --name bot-certificate/),
    seed: async (hand) => void (await hand.atVault("DELETE", `certificates/${(await hand.certificate()).keyName}`)),
  },
  {
    code: "vault-network",
    says: "the vault of the certificate's key closed to all networks but its own",
    setUp: "certificate",
    ...up,
    seed: closeVault,
  },
  {
    code: "vault-network",
    says: "the vault of the chat's keys closed to all networks but its own",
    setUp: "managed",
    ...up,
    seed: closeVault,
  },
  {
    code: "identity-missing",
    says: "the managed identity that is the bot deleted",
    setUp: "managed",
    ...up,
    seed: async (hand) => {
      const { msaAppMSIResourceId } = await hand.properties(hand.bot);
      await hand.portal.arm("DELETE", String(msaAppMSIResourceId));
    },
  },
]);

/** Nothing of what the code reads by itself is a reference, of which App Service would tell. */
async function closeVault(hand: Hand): Promise<void> {
  const networkAcls = { bypass: "None", defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] };
  await hand.portal.arm("PATCH", hand.vault, { properties: { networkAcls } });
}

interface Identities {
  readonly userAssignedIdentities: Readonly<Record<string, unknown>>;
}

/** What of a registration cannot be changed takes another one: with the same connection, and by Web Chat alone. */
async function registerAnew(hand: Hand, change: Readonly<Record<string, unknown>>): Promise<void> {
  const { bot, portal } = hand;
  const before = await hand.properties(bot);
  const connection = await hand.connection("Graph");
  await portal.arm("DELETE", bot);
  const { displayName, endpoint, msaAppId, msaAppType, msaAppTenantId } = before;
  await portal.arm("PUT", bot, {
    location: "global",
    kind: "azurebot",
    sku: { name: "F0" },
    properties: { displayName, endpoint, msaAppId, msaAppType, msaAppTenantId, ...change },
  });
  await portal.arm("DELETE", `${bot}/channels/DirectLineChannel`);
  const { clientId, clientSecret, scopes, serviceProviderId, parameters } = connection.properties;
  await portal.arm("PUT", `${bot}/connections/Graph`, {
    location: "global",
    properties: { clientId, clientSecret, scopes, serviceProviderId, parameters },
  });
}
