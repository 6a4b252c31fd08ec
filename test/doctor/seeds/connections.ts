import { randomUUID } from "node:crypto";
import type { Hand } from "../hand";
import { byHand, pause, seedsOf, up } from "./seed";

const redirect = "https://token.botframework.com/.auth/web/redirect";
const graph = "GraphConnection";
/** Azure Active Directory v2 and, as people choose it by mistake, its predecessor. */
const firstVersion = "5232e24f-b6c6-4920-b09d-d93a520c92e9";

const signInApp = (hand: Hand): Promise<string> => hand.signInAppId(graph);
const changeSignInApp = async (hand: Hand, change: Readonly<Record<string, unknown>>): Promise<void> =>
  hand.changeApplication(await signInApp(hand), change);

/** Faults of the OAuth connections, and of the applications and services behind them. */
export const connectionSeeds = seedsOf([
  {
    code: "connection-missing",
    says: "the connection deleted",
    setUp: "mail",
    ...up,
    seed: async (hand) => void (await hand.portal.arm("DELETE", `${hand.bot}/connections/${graph}`)),
  },
  {
    code: "connection-missing",
    says: "one of three connections deleted",
    setUp: "three-services",
    ...up,
    seed: async (hand) => void (await hand.portal.arm("DELETE", `${hand.bot}/connections/GitHubConnection`)),
  },
  {
    code: "connection-provider",
    says: "the connection made anew for Azure Active Directory, the first version",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeConnection(graph, { serviceProviderId: firstVersion }),
  },
  {
    code: "connection-secret-wrong",
    says: "the secret's id pasted into the connection instead of its value",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { passwordCredentials } = await hand.application(await signInApp(hand));
      await hand.changeConnection(graph, { clientSecret: passwordCredentials[0]!.keyId });
    },
  },
  {
    code: "connection-secret-expired",
    says: "the connection's secret was renewed by hand and has ended",
    setUp: "mail",
    ...byHand(/npm run rotate -- dev/),
    seed: async (hand) => {
      await hand.changeConnection(graph, { clientSecret: await hand.newPassword(await signInApp(hand), 1_500) });
      await pause(1_600);
    },
  },
  {
    code: "connection-secret-expired",
    says: "the same in a set-up without a stack",
    setUp: "by-hand",
    ...byHand(/az ad app credential reset .*--append|new (client )?secret/i),
    seed: async (hand) => {
      const appId = await hand.signInAppId("Graph");
      await hand.changeConnection("Graph", { clientSecret: await hand.newPassword(appId, 1_500) });
      await pause(1_600);
    },
  },
  {
    code: "connection-client-unknown",
    says: "a client id of no application in the connection",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeConnection(graph, { clientId: randomUUID() }),
  },
  {
    code: "connection-tenant",
    says: "the tenant `common` for an application of one tenant",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeConnection(graph, { parameters: { tenantId: "common" } }),
  },
  {
    code: "connection-tenant",
    says: "another tenant's id in the connection",
    setUp: "by-hand",
    ...byHand(/tenant/i),
    seed: (hand) => hand.changeConnection("Graph", { parameters: { tenantID: randomUUID() } }),
  },
  {
    code: "redirect-missing",
    says: "the redirect address removed from the sign-in application",
    setUp: "mail",
    ...up,
    seed: (hand) => changeSignInApp(hand, { web: { redirectUris: [] } }),
  },
  {
    code: "redirect-missing",
    says: "the redirect address misspelt",
    setUp: "by-hand",
    ...byHand(/https:\/\/token\.botframework\.com\/\.auth\/web\/redirect/),
    seed: async (hand) =>
      hand.changeApplication(await hand.signInAppId("Graph"), { web: { redirectUris: [`${redirect}/`] } }),
  },
  {
    code: "redirect-platform",
    says: "the redirect address moved to the platform `Single-page application`",
    setUp: "mail",
    ...up,
    seed: (hand) => changeSignInApp(hand, { web: { redirectUris: [] }, spa: { redirectUris: [redirect] } }),
  },
  {
    code: "redirect-residency",
    says: "Europe's redirect address for a global bot",
    setUp: "mail",
    ...up,
    seed: (hand) => changeSignInApp(hand, { web: { redirectUris: [redirect.replace("token.", "europe.token.")] } }),
  },
  {
    code: "redirect-residency",
    says: "the global redirect address for a bot in Europe",
    setUp: "europe",
    ...up,
    seed: (hand) => changeSignInApp(hand, { web: { redirectUris: [redirect] } }),
  },
  {
    code: "scope-unknown",
    says: "a scope misspelt in the connection",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeConnection(graph, { scopes: "openid profile offline_access User.Read Mail.Reed" }),
  },
  {
    code: "scopes-of-two-resources",
    says: "scopes of two services in one connection",
    setUp: "mail",
    ...up,
    seed: (hand) =>
      hand.changeConnection(graph, {
        scopes:
          "openid offline_access https://graph.microsoft.com/User.Read https://management.azure.com/user_impersonation",
      }),
  },
  {
    code: "scope-not-declared",
    says: "a permission removed from the sign-in application",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { requiredResourceAccess } = await hand.application(await signInApp(hand));
      await changeSignInApp(hand, {
        requiredResourceAccess: requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => ({
          resourceAppId,
          resourceAccess: resourceAccess.filter(({ id }) => id !== mailSend),
        })),
      });
    },
  },
  {
    code: "consent-missing",
    says: "the administrator's consent revoked",
    setUp: "mail",
    ...byHand(/npm run consent -- dev/),
    seed: async (hand) => hand.takeConsent(await signInApp(hand)),
  },
  {
    code: "consent-missing",
    says: "consent given before a scope was added",
    setUp: "mail",
    ...byHand(/npm run consent -- dev/),
    seed: async (hand) => {
      const appId = await signInApp(hand);
      await hand.takeConsent(appId);
      await hand.consent(appId, "openid profile offline_access User.Read Mail.Send");
    },
  },
  {
    code: "users-must-be-assigned",
    says: "`Assignment required` switched on, nobody assigned",
    setUp: "mail",
    ...up,
    seed: async (hand) => hand.changePrincipal(await signInApp(hand), { appRoleAssignmentRequired: true }),
  },
  {
    code: "sign-in-principal-missing",
    says: "the sign-in enterprise application deleted",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      const { id } = await hand.principal(await signInApp(hand));
      await hand.portal.graph("DELETE", `/servicePrincipals/${id}`);
    },
  },
  {
    code: "sign-in-principal-disabled",
    says: "sign-in to the sign-in enterprise application switched off",
    setUp: "mail",
    ...up,
    seed: async (hand) => hand.changePrincipal(await signInApp(hand), { accountEnabled: false }),
  },
  {
    code: "sign-in-audience",
    says: "the sign-in application changed to personal accounts only",
    setUp: "mail",
    ...up,
    seed: (hand) =>
      changeSignInApp(hand, { api: { requestedAccessTokenVersion: 2 }, signInAudience: "PersonalMicrosoftAccount" }),
  },
  {
    code: "sign-in-app-deleted",
    says: "the sign-in application deleted",
    setUp: "mail",
    ...byHand(/deletedItems\/[0-9a-f-]{36}\/restore/),
    seed: async (hand) => {
      const { id } = await hand.application(await signInApp(hand));
      await hand.portal.graph("DELETE", `/applications/${id}`);
    },
  },
  {
    code: "sign-in-app-deleted",
    says: "another team's sign-in application deleted",
    setUp: "handed-in",
    ...byHand(/deletedItems\/[0-9a-f-]{36}\/restore/),
    seed: async (hand) => {
      const { id } = await hand.application(await signInApp(hand));
      await hand.portal.graph("DELETE", `/applications/${id}`);
    },
  },
  {
    code: "redirect-missing",
    says: "another team's sign-in application lost the redirect address",
    setUp: "handed-in",
    ...byHand(/https:\/\/token\.botframework\.com\/\.auth\/web\/redirect/),
    seed: (hand) => changeSignInApp(hand, { web: { redirectUris: ["https://contoso.example/signed-in"] } }),
  },
  {
    code: "federated-credential-missing",
    says: "the federated credential deleted",
    setUp: "managed",
    ...up,
    seed: async (hand) => {
      const { path } = await hand.federatedCredential(await signInApp(hand));
      await hand.portal.graph("DELETE", path);
    },
  },
  {
    code: "federated-subject",
    says: "the federated credential's subject with its GUIDs as they are written",
    setUp: "managed",
    ...up,
    seed: async (hand) => {
      const appId = await signInApp(hand);
      const { subject } = (await hand.federatedCredential(appId)).credential;
      const written = Buffer.from(hand.azure.tenant.tenantId.replaceAll("-", ""), "hex").toString("base64url");
      await hand.changeFederatedCredential(appId, { subject: subject.replace(/\/t\/[^/]+/, `/t/${written}`) });
    },
  },
  {
    code: "federated-issuer",
    says: "the federated credential of another tenant's issuer",
    setUp: "managed",
    ...up,
    seed: async (hand) =>
      hand.changeFederatedCredential(await signInApp(hand), {
        issuer: "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
      }),
  },
  {
    code: "federated-audience",
    says: "another audience in the federated credential",
    setUp: "managed",
    ...up,
    seed: async (hand) => hand.changeFederatedCredential(await signInApp(hand), { audiences: ["api://botframework"] }),
  },
]);

/** Mail.Send of Microsoft Graph. */
const mailSend = "e383f46e-2787-4529-855e-0e479a3ffac0";
