import { appSettingNames, proofSettings } from "../../../../contract/app-settings";
import type { BotIdentityKind } from "../../../../infra/settings/environment";
import { isReference } from "../../../../infra/facts/key-vault-reference";
import { addressesOf } from "../../../../infra/facts/residency";
import type { SetUp } from "../../set-up";
import { settingNames, settingsOfBot } from "../../set-up/bot-settings";
import { valueOf } from "../../set-up/read-value";
import type { WebApp } from "../../set-up/web-app";
import type { Seen, Ungrouped } from "../check";
import { ofApp } from "./of-app";

/** Looks at the app settings as far as they are the bot's, where they could be read. */
const ofSettings = (look: (settings: Readonly<Record<string, string>>, app: WebApp, setUp: SetUp) => Iterable<Seen>) =>
  ofApp(function* (app, setUp) {
    const settings = valueOf(app.settings);
    if (settings) yield* look(settingsOfBot(settings, setUp.bot.appId), app, setUp);
  });

const setSettings = "az webapp config appsettings set --ids <web app> --settings <name>=<value>";
const setTo = (app: WebApp, name: string, value: string): string =>
  `az webapp config appsettings set --ids ${app.id} --settings ${name}=${value}`;

/** The settings with a value of their own: what a Key Vault reference stands for, nobody here knows. */
const saying = (settings: Readonly<Record<string, string>>): [name: string, value: string][] =>
  Object.entries(settings).filter(([, value]) => !isReference(value));

/** By which ours, and the Agents SDK where it proves itself by a federated credential, find the web app's identity. */
const identityNames = /^(MANAGED_IDENTITY_CLIENT_ID|(?:\w+(?:__|:))*(?:FICClientId|FederatedClientId))$/i;

/** By which they find a connection's name. */
const connectionNames = /(^connection_?name$|oauthconnectionname$)/i;

/** Settings that a bot does not have because it proves itself in another way. */
const ofOtherProofs = (identity: BotIdentityKind): readonly string[] =>
  Object.entries(proofSettings).flatMap(([proof, names]) => (proof === identity ? [] : names));

/** Whether the app settings tell the bot's code who it is, and by which connections and addresses people sign in. */
export const appSettingChecks: readonly Ungrouped[] = [
  {
    code: "setting-client-id",
    what: "The web app has another bot's id: it refuses Bot Service's messages",
    fix: setSettings,
    mendedByUp: true,
    look: ofSettings(function* (settings, app, { bot }) {
      for (const [name, value] of saying(settings)) {
        if (settingNames.id.test(name) && value.toLowerCase() !== bot.appId.toLowerCase())
          yield {
            where: `${app.id} ${name}`,
            evidence: `${value}, expected ${bot.appId}`,
            fix: setTo(app, name, bot.appId),
          };
      }
    }),
  },
  {
    code: "setting-tenant-id",
    follows: ["bot-tenant"],
    what: "The web app has another tenant than the bot's: it asks for its token at the wrong place",
    fix: setSettings,
    mendedByUp: true,
    look: ofSettings(function* (settings, app, { bot }) {
      const expected = bot.appTenantId;
      for (const [name, value] of saying(settings)) {
        if (expected && settingNames.tenant.test(name) && value.toLowerCase() !== expected.toLowerCase())
          yield {
            where: `${app.id} ${name}`,
            evidence: `${value}, expected ${expected}`,
            fix: setTo(app, name, expected),
          };
      }
    }),
  },
  {
    code: "setting-connection-name",
    what: "The bot's code asks for a connection that the registration does not have",
    fix: setSettings,
    mendedByUp: true,
    follows: ["connection-missing"],
    look: ofSettings(function* (settings, app, { connections, connectionsRead }) {
      if (!connectionsRead) return;
      const names = connections.map(({ name }) => name);
      const said = saying(settings).filter(([name]) => connectionNames.test(name));
      const told = namesIn(settings["OAUTH_CONNECTIONS"]);
      for (const [setting, name] of [...said, ...told.map((name) => ["OAUTH_CONNECTIONS", name] as const)]) {
        if (!names.includes(name))
          yield { where: `${app.id} ${setting}`, evidence: `${name}, expected one of ${names.join(", ") || "none"}` };
      }
    }),
  },
  {
    code: "setting-missing",
    what: "The web app lacks a setting without which the bot does not start",
    fix: setSettings,
    mendedByUp: true,
    look: ofSettings(function* (settings, app, { wanted, bot, identity }) {
      const needed = wanted?.bundled
        ? appSettingNames.filter((name) => !ofOtherProofs(wanted.identity).includes(name))
        : [];
      for (const name of needed) {
        if (!settings[name]) yield { where: `${app.id} ${name}`, evidence: "it is not there" };
      }
      if (wanted) return;
      const names = Object.keys(settings);
      const id = names.find((name) => settingNames.id.test(name));
      if (id === undefined && names.some((name) => /^MicrosoftApp/.test(name)))
        yield {
          where: `${app.id} MicrosoftAppId`,
          evidence: "it is not there",
          fix: setTo(app, "MicrosoftAppId", bot.appId),
        };
      if (id === undefined) return;
      if (bot.identityId === undefined && identity.secretSetting === undefined && !hasOtherProof(settings))
        yield { where: `${app.id} MicrosoftAppPassword`, evidence: "no setting holds the bot's secret" };
      // Without a tenant every SDK asks for the token of a bot of many tenants.
      if (bot.appType === "SingleTenant" && bot.appTenantId && !names.some((name) => settingNames.tenant.test(name))) {
        const tenant = tenantBeside(id);
        yield {
          where: `${app.id} ${tenant}`,
          evidence: "it is not there, and the bot is of one tenant",
          fix: setTo(app, tenant, bot.appTenantId),
        };
      }
    }),
  },
  {
    code: "setting-identity",
    what: "The bot's code is to sign in with a managed identity that its web app does not have: it gets no token",
    fix: "az webapp identity assign --ids <web app> --identities <identity>",
    mendedByUp: true,
    follows: ["identity-missing", "identity-not-on-web-app"],
    look: ofSettings(function* (settings, app) {
      const has = app.identities.map(({ clientId }) => clientId.toLowerCase());
      for (const [name, value] of saying(settings)) {
        if (identityNames.test(name) && !has.includes(value.toLowerCase()))
          yield { where: `${app.id} ${name}`, evidence: `${value}, expected one of ${has.join(", ") || "none"}` };
      }
    }),
  },
  {
    code: "chat-page-off",
    what: "The bot serves no chat page, and the settings want it: who opens it finds nothing",
    fix: setSettings,
    mendedByUp: true,
    look: ofSettings(function* (settings, app, { wanted }) {
      if (wanted?.bundled && wanted.chatPage && settings["CHAT_PAGE"] === "off")
        yield { where: `${app.id} CHAT_PAGE`, evidence: "off, expected on" };
    }),
  },
  {
    code: "residency-mismatch",
    what: "Bot and web app are of different residencies: the one's Token Service and Direct Line do not know the other's people",
    fix: setSettings,
    mendedByUp: true,
    *look(setUp: SetUp): Iterable<Seen> {
      const { bot, wanted, webApp } = setUp;
      if (wanted && bot.residency !== wanted.residency) {
        yield {
          where: `${bot.id} location`,
          evidence: `${bot.location}, expected ${addressesOf(wanted.residency).botLocation}, of the setting residency: ${wanted.residency}`,
        };
        return;
      }
      const app = valueOf(webApp);
      const settings = app && valueOf(app.settings);
      if (!app || !settings || bot.residency === undefined) return;
      const expected = addressesOf(bot.residency);
      for (const [name, value] of [
        ["TOKEN_SERVICE_ENDPOINT", expected.tokenServiceApi],
        ["DIRECT_LINE_ENDPOINT", expected.directLine],
      ] as const) {
        const live = settings[name];
        if (live !== undefined && !isReference(live) && live.replace(/\/$/, "") !== value)
          yield {
            where: `${app.id} ${name}`,
            evidence: `${live}, expected ${value}, for the bot is in ${bot.location}`,
            fix: setTo(app, name, value),
          };
      }
    },
  },
];

/** What the tenant's setting is called where the id's has this name. */
const tenantBeside = (id: string): string =>
  /^MicrosoftAppId$/i.test(id) ? "MicrosoftAppTenantId" : id.replace(/clientId$/i, "tenantId");

/** Names of connections in what the program tells the bot of them; none where it is something else. */
function namesIn(text: string | undefined): string[] {
  try {
    const all = JSON.parse(text ?? "[]") as readonly { readonly name?: string }[];
    return Array.isArray(all) ? all.flatMap(({ name }) => (name ? [name] : [])) : [];
  } catch {
    return [];
  }
}

/** Whether the code proves itself by a certificate or a federated credential. */
function hasOtherProof(settings: Readonly<Record<string, string>>): boolean {
  return Object.keys(settings).some((name) => /cert|FICClientId|federated|AuthType|WIDAssertion/i.test(name));
}
