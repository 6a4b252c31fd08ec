import type { Hand } from "../hand";
import { byHand, seedsOf, up } from "./seed";

const directLine = "DirectLineChannel";
const graph = "GraphConnection";
const teamsWeb = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346";

const changeSignInApp = async (hand: Hand, change: Readonly<Record<string, unknown>>): Promise<void> =>
  hand.changeApplication(await hand.signInAppId(graph), change);

/** Faults of the channels, and of what Teams compares. */
export const channelSeeds = seedsOf([
  {
    code: "direct-line-missing",
    says: "the channel Direct Line deleted",
    setUp: "mail",
    ...up,
    seed: async (hand) => void (await hand.portal.arm("DELETE", `${hand.bot}/channels/${directLine}`)),
  },
  {
    code: "direct-line-site-disabled",
    says: "the chat page's site of Direct Line disabled",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeChannelSite(directLine, "chat", { isEnabled: false }),
  },
  {
    code: "enhanced-authentication-off",
    says: "enhanced authentication of the site switched off",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeChannelSite(directLine, "chat", { isSecureSiteEnabled: false }),
  },
  {
    code: "trusted-origins",
    says: "another page's origin among the trusted ones, ours removed",
    setUp: "mail",
    ...up,
    seed: (hand) => hand.changeChannelSite(directLine, "chat", { trustedOrigins: ["https://www.contoso.example"] }),
  },
  {
    code: "direct-line-key-stale",
    says: "the site's keys made anew, the vault has the old one",
    setUp: "mail",
    ...up,
    seed: async (hand) => {
      for (const key of ["key1", "key2"]) {
        await hand.portal.arm("POST", `${hand.bot}/channels/${directLine}/regeneratekeys`, { siteName: "chat", key });
      }
    },
  },
  {
    code: "web-chat-missing",
    says: "Web Chat, the bot's only channel, deleted",
    setUp: "by-hand",
    ...byHand(/web ?chat/i),
    seed: async (hand) => void (await hand.portal.arm("DELETE", `${hand.bot}/channels/WebChatChannel`)),
  },
  {
    code: "teams-channel-missing",
    says: "the channel Teams deleted",
    setUp: "teams",
    ...up,
    seed: async (hand) => void (await hand.portal.arm("DELETE", `${hand.bot}/channels/MsTeamsChannel`)),
  },
  {
    code: "teams-channel-disabled",
    says: "the channel Teams disabled",
    setUp: "teams",
    ...up,
    seed: async (hand) => {
      const id = `${hand.bot}/channels/MsTeamsChannel`;
      const { location } = await hand.portal.arm<{ location: string }>("GET", id);
      const properties = { isEnabled: false, acceptedTerms: true, deploymentEnvironment: "CommercialDeployment" };
      await hand.portal.arm("PUT", id, { location, properties: { channelName: "MsTeamsChannel", properties } });
    },
  },
  {
    code: "identifier-uri-missing",
    says: "the identifier URI removed from the sign-in application",
    setUp: "teams",
    ...up,
    seed: (hand) => changeSignInApp(hand, { identifierUris: [] }),
  },
  {
    code: "identifier-uri-missing",
    says: "the identifier URI without `botid-`",
    setUp: "teams",
    ...up,
    seed: async (hand) => changeSignInApp(hand, { identifierUris: [`api://${await hand.signInAppId(graph)}`] }),
  },
  {
    code: "exposed-scope-missing",
    says: "the scope access_as_user removed",
    setUp: "teams",
    ...up,
    seed: async (hand) => {
      await disableScope(hand);
      await changeSignInApp(hand, { api: { preAuthorizedApplications: [], oauth2PermissionScopes: [] } });
    },
  },
  {
    code: "exposed-scope-disabled",
    says: "the scope access_as_user disabled",
    setUp: "teams",
    ...up,
    seed: disableScope,
  },
  {
    code: "teams-client-not-authorized",
    says: "Teams' web client removed from the authorized ones",
    setUp: "teams",
    ...up,
    seed: async (hand) => {
      const { api } = await hand.application(await hand.signInAppId(graph));
      const others = api.preAuthorizedApplications.filter(({ appId }) => appId !== teamsWeb);
      await changeSignInApp(hand, { api: { preAuthorizedApplications: others } });
    },
  },
  {
    code: "access-token-version",
    says: "access tokens of the first version",
    setUp: "teams",
    ...up,
    seed: (hand) => changeSignInApp(hand, { api: { requestedAccessTokenVersion: 1 } }),
  },
  {
    code: "token-exchange-url",
    says: "the token exchange URL with the sign-in application's id",
    setUp: "teams",
    ...up,
    seed: async (hand) =>
      hand.changeConnection(graph, {
        parameters: { tokenExchangeUrl: `api://botid-${await hand.signInAppId(graph)}` },
      }),
  },
]);

async function disableScope(hand: Hand): Promise<void> {
  const { api } = await hand.application(await hand.signInAppId(graph));
  const oauth2PermissionScopes = api.oauth2PermissionScopes.map((scope) => ({ ...scope, isEnabled: false }));
  await changeSignInApp(hand, { api: { oauth2PermissionScopes } });
}
