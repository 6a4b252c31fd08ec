import { appSettingNames, proofSettings } from "../../../contract/app-settings";
import type { BotIdentityKind } from "../../../infra/settings/environment";
import { endsOf } from "../../../infra/deployment/ends-ahead";
import { alwaysOn, type HostingSize, hostingSizes } from "../../../infra/facts/hosting-size";
import { addressesOf } from "../../../infra/facts/residency";
import { groupOf } from "../../azure/inventory/found";
import { isMissing, type SetUp, valueOf, type WebApp } from "../set-up";
import { brokenReference, noApplication, silentApp } from "./causes";
import { inGroup, type Seen } from "./check";

type Look = (app: WebApp, setUp: SetUp) => Iterable<Seen>;

const ofApp = (look: Look) =>
  function* (setUp: SetUp): Iterable<Seen> {
    const app = valueOf(setUp.webApp);
    if (app) yield* look(app, setUp);
  };

/** Looks at the app settings, where they could be read. */
const ofSettings = (look: (settings: Readonly<Record<string, string>>, app: WebApp, setUp: SetUp) => Iterable<Seen>) =>
  ofApp(function* (app, setUp) {
    const settings = valueOf(app.settings);
    if (settings) yield* look(settings, app, setUp);
  });

const setSettings = "az webapp config appsettings set --ids <web app> --settings <name>=<value>";
const setTo = (app: WebApp, name: string, value: string): string =>
  `az webapp config appsettings set --ids ${app.id} --settings ${name}=${value}`;

/** By which names the SDKs find the bot's id and its tenant; see infra/facts/sdks.ts. */
const idNames = /^(MicrosoftAppId|clientId|connections__\w+__settings__clientid)$/i;
const tenantNames = /^(MicrosoftAppTenantId|tenantId|connections__\w+__settings__tenantid)$/i;
/** By which they find a connection's name. */
const connectionNames = /(^connection_?name$|oauthconnectionname$)/i;

/** Settings that a bot does not have because it proves itself in another way. */
const ofOtherProofs = (identity: BotIdentityKind): readonly string[] =>
  Object.entries(proofSettings).flatMap(([kind, names]) => (kind === identity ? [] : names));

/** What the web app that runs the bot is like. */
export const webAppChecks = inGroup("Web app", [
  {
    code: "web-app-missing",
    what: "There is no web app where the bot's messages are delivered to",
    fix: "Deploy the bot's web app again, or give the bot the address of the one that runs it",
    mendedByUp: true,
    *look({ webApp, bot, wanted, endpoint }) {
      if (!isMissing(webApp)) return;
      const host = URL.canParse(bot.endpoint) ? new URL(bot.endpoint).host : bot.endpoint;
      const answers = endpoint.kind === "answered" && endpoint.status < 500 && endpoint.status !== 404;
      if (wanted && !wanted.hosted) return;
      // A bot of one's own may run wherever it likes, as long as it answers.
      if (wanted ? true : /\.azurewebsites\.net$/i.test(host) && !answers)
        yield { where: bot.endpoint, evidence: `the subscription has no web app at ${host}` };
    },
  },
  {
    code: "web-app-stopped",
    what: "The web app is stopped: the bot answers nobody",
    fix: "az webapp start --ids <web app>",
    mendedByUp: false,
    look: ofApp(function* ({ id, state }) {
      if (state && state !== "Running")
        yield { where: id, evidence: `its state is ${state}`, fix: `az webapp start --ids ${id}` };
    }),
  },
  {
    code: "web-app-public-network-off",
    what: "The web app's public network access is off: Bot Service does not reach it",
    fix: "az webapp update --ids <web app> --set publicNetworkAccess=Enabled",
    mendedByUp: true,
    look: ofApp(function* ({ id, publicNetwork }) {
      if (!publicNetwork)
        yield {
          where: `${id} publicNetworkAccess`,
          evidence: "Disabled, expected Enabled",
          fix: `az webapp update --ids ${id} --set publicNetworkAccess=Enabled`,
        };
    }),
  },
  {
    code: "web-app-access-restricted",
    what: "The web app's access restrictions keep Bot Service out",
    fix: "az webapp config access-restriction add --resource-group <group> --name <web app> --priority 100 --service-tag AzureBotService",
    mendedByUp: false,
    follows: ["web-app-public-network-off"],
    look: ofApp(function* ({ id, name, restrictions }) {
      const rules = restrictions.filter(({ action }) => /^deny$/i.test(action ?? ""));
      const lets = restrictions.some(
        ({ action, ipAddress }) =>
          /^allow$/i.test(action ?? "") && /^(any|0\.0\.0\.0\/0|azurebotservice|azurecloud)/i.test(ipAddress ?? ""),
      );
      if (rules.length > 0 && !lets)
        yield {
          where: `${id}/config/web ipSecurityRestrictions`,
          evidence: restrictions.map(({ action, ipAddress }) => `${action} ${ipAddress}`).join(", "),
          fix: `az webapp config access-restriction add --resource-group ${groupOf(id)} --name ${name} --priority 100 --service-tag AzureBotService`,
        };
    }),
  },
  {
    code: "web-app-login-required",
    what: "App Service itself asks everybody to sign in: Bot Service's messages are turned away before they reach the bot",
    fix: "az webapp auth update --ids <web app> --enabled false",
    mendedByUp: false,
    look: ofApp(function* ({ id, loginRequired }, { endpoint, bot }) {
      const redirected = endpoint.kind === "answered" && /\/\.auth\/login|login\.windows\.net/i.test(endpoint.by);
      const open = valueOf(loginRequired);
      const path = URL.canParse(bot.endpoint) ? new URL(bot.endpoint).pathname.toLowerCase() : "/";
      const asks =
        open !== undefined && !open.some((one) => `${path}/`.startsWith(`${one.toLowerCase().replace(/\/+$/, "")}/`));
      if (asks || redirected)
        yield {
          where: `${id}/config/authsettingsV2 globalValidation.requireAuthentication`,
          evidence: redirected
            ? "a message is sent on to a sign-in page"
            : `true, and ${path} is none of its excludedPaths`,
          fix: `az webapp auth update --ids ${id} --enabled false`,
        };
    }),
  },
  {
    code: "web-app-client-certificates",
    what: "The web app asks everybody for a client certificate, and Bot Service has none",
    fix: "az webapp update --ids <web app> --set clientCertEnabled=false",
    mendedByUp: false,
    look: ofApp(function* ({ id, clientCertificates }) {
      if (clientCertificates)
        yield {
          where: `${id} clientCertEnabled`,
          evidence: "true and required, expected false",
          fix: `az webapp update --ids ${id} --set clientCertEnabled=false`,
        };
    }),
  },
  {
    code: "https-only",
    what: "The web app answers without TLS, too",
    fix: "az webapp update --ids <web app> --https-only true",
    mendedByUp: true,
    look: ofApp(function* ({ id, httpsOnly }, { wanted }) {
      if (wanted && !httpsOnly) yield { where: `${id} httpsOnly`, evidence: "false, expected true" };
    }),
  },
  {
    code: "tls",
    what: "The web app takes a TLS version that has ended",
    fix: "az webapp config set --ids <web app> --min-tls-version 1.2",
    mendedByUp: true,
    look: ofApp(function* ({ id, minTlsVersion }) {
      if (minTlsVersion !== "" && Number(minTlsVersion) < 1.2)
        yield {
          where: `${id}/config/web minTlsVersion`,
          evidence: `${minTlsVersion}, expected 1.2`,
          fix: `az webapp config set --ids ${id} --min-tls-version 1.2`,
        };
    }),
  },
  {
    code: "always-on",
    what: "The web app is unloaded when nobody talks to it: the first message after that may come too late",
    fix: "az webapp config set --ids <web app> --always-on true",
    mendedByUp: true,
    look: ofApp(function* ({ id, size, ...app }, { wanted }) {
      const name = valueOf(size) as HostingSize | undefined;
      if (wanted && !app.alwaysOn && name && hostingSizes.includes(name) && alwaysOn(name))
        yield { where: `${id}/config/web alwaysOn`, evidence: `false, expected true on ${name}` };
    }),
  },
  {
    code: "runtime-ended",
    what: "The web app's runtime has ended",
    fix: "az webapp config set --ids <web app> --linux-fx-version <runtime>",
    mendedByUp: true,
    look: ofApp(function* ({ id, runtime }, { now, wanted }) {
      const used = { apiVersions: [], runtime, sdk: "", botType: "", tls: "1.3" };
      for (const end of endsOf(used, now).filter(({ daysLeft }) => daysLeft < 0)) {
        // What the settings themselves ask for no deployment changes.
        const ofOthers = wanted?.runtime === runtime;
        yield {
          where: `${id}/config/web linuxFxVersion`,
          evidence: `${runtime}: over since ${end.at}`,
          fix: end.fix,
          ofOthers,
        };
      }
    }),
  },
  {
    code: "runtime-differs",
    what: "The web app has another runtime than the bot's code is made for",
    fix: "az webapp config set --ids <web app> --linux-fx-version <runtime>",
    mendedByUp: true,
    follows: ["runtime-ended"],
    look: ofApp(function* ({ id, runtime }, { wanted }) {
      if (wanted?.hosted && runtime.toLowerCase() !== wanted.runtime.toLowerCase())
        yield { where: `${id}/config/web linuxFxVersion`, evidence: `${runtime}, expected ${wanted.runtime}` };
    }),
  },
  {
    code: "start-command",
    what: "The web app is started by another command than the bot's code needs",
    fix: "az webapp config set --ids <web app> --startup-file <command>",
    mendedByUp: true,
    look: ofApp(function* ({ id, startCommand }, { wanted }) {
      if (wanted?.bundled && startCommand !== bundledCommand)
        yield { where: `${id}/config/web appCommandLine`, evidence: `"${startCommand}", expected "${bundledCommand}"` };
    }),
  },
  {
    code: "setting-client-id",
    what: "The web app has another bot's id: it refuses Bot Service's messages",
    fix: setSettings,
    mendedByUp: true,
    look: ofSettings(function* (settings, app, { bot }) {
      for (const [name, value] of Object.entries(settings)) {
        if (idNames.test(name) && value.toLowerCase() !== bot.appId.toLowerCase())
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
      for (const [name, value] of Object.entries(settings)) {
        if (expected && tenantNames.test(name) && value.toLowerCase() !== expected.toLowerCase())
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
      const said = Object.entries(settings).filter(([name]) => connectionNames.test(name));
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
      if (
        !Object.keys(settings).some((name) => idNames.test(name)) &&
        Object.keys(settings).some((name) => /^MicrosoftApp/.test(name))
      )
        yield {
          where: `${app.id} MicrosoftAppId`,
          evidence: "it is not there",
          fix: setTo(app, "MicrosoftAppId", bot.appId),
        };
      const has = Object.keys(settings).some((name) => idNames.test(name));
      if (has && bot.identityId === undefined && identity.secretSetting === undefined && !hasOtherProof(settings))
        yield { where: `${app.id} MicrosoftAppPassword`, evidence: "no setting holds the bot's secret" };
    }),
  },
  {
    code: "residency-mismatch",
    what: "Bot and web app are of different residencies: the one's Token Service and Direct Line do not know the other's people",
    fix: setSettings,
    mendedByUp: true,
    *look(setUp) {
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
        if (live !== undefined && live.replace(/\/$/, "") !== value)
          yield {
            where: `${app.id} ${name}`,
            evidence: `${live}, expected ${value}, for the bot is in ${bot.location}`,
            fix: setTo(app, name, value),
          };
      }
    },
  },
  {
    code: "code-differs",
    what: "The web app runs other code than was deployed to it",
    fix: "az webapp restart --ids <web app>",
    mendedByUp: true,
    follows: silentApp,
    look: ofApp(function* ({ id, deployedHash }, { health }) {
      const deployed = valueOf(deployedHash);
      const runs = health?.kind === "health" ? health.health.build.hash : undefined;
      if (deployed && runs && deployed !== runs)
        yield { where: id, evidence: `it runs ${runs.slice(0, 12)}, its folder holds ${deployed.slice(0, 12)}` };
    }),
  },
  {
    code: "health-failing",
    what: "The bot itself says that it is not well",
    fix: "See the bot's log: az webapp log tail --ids <web app>",
    mendedByUp: false,
    follows: [
      ...silentApp,
      ...brokenReference,
      ...noApplication.ofBot,
      "bot-endpoint-host",
      "bot-endpoint-silent",
      "bot-secret-wrong",
      "bot-secret-expired",
      "bot-certificate-expired",
      "bot-certificate-unknown",
      "certificate-missing",
      "certificate-disabled",
      "certificate-role-missing",
      "vault-network",
      "bot-token-refused",
      "bot-tenant",
      "bot-app-type",
      "bot-local-auth-off",
      "identity-missing",
      "identity-not-on-web-app",
      "setting-client-id",
      "setting-tenant-id",
      "setting-connection-name",
      "setting-missing",
      "connection-missing",
      "residency-mismatch",
      "turn-state-role-missing",
      "turn-state-storage-network",
      "turn-state-missing",
      "direct-line-missing",
      "direct-line-site-disabled",
      "direct-line-key-stale",
      "trusted-origins",
      "clock",
      "code-differs",
    ],
    *look({ health, webApp, bot, wanted, stack }) {
      const where = valueOf(webApp)?.id ?? bot.endpoint;
      const logs = stack === undefined ? {} : { fix: `See the bot's log: npm run logs -- ${stack}` };
      if (health?.kind === "health") {
        for (const { name, ok, fix } of health.health.checks) {
          if (!ok) yield { where, evidence: `${name}: ${fix ?? "it fails"}`, ...(fix ? { fix } : logs) };
        }
      } else if (wanted?.reportsHealth && health) {
        const evidence = health.kind === "other" ? `its health page answers ${health.status}` : health.why;
        yield { where, evidence, ...logs };
      }
    },
  },
]);

/** exec: App Service's start script keeps SIGTERM to itself. */
const bundledCommand = "exec node index.js";

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
