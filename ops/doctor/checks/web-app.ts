import { endsOf } from "../../../infra/deployment/ends-ahead";
import { alwaysOn, type HostingSize, hostingSizes } from "../../../infra/facts/hosting-size";
import { groupOf } from "../../azure/inventory/found";
import { shownEndpoint } from "../../azure/shown-endpoint";
import type { Bot } from "../set-up";
import { isMissing, valueOf } from "../set-up/read-value";
import type { Restriction } from "../set-up/web-app";
import { inGroup } from "./check";
import { appSettingChecks } from "./web-app/app-settings";
import { codeChecks } from "./web-app/code";
import { ofApp } from "./web-app/of-app";

/** exec: App Service's start script keeps SIGTERM to itself. */
const bundledCommand = "exec node index.js";

const pathOf = ({ endpoint }: Bot): string => (URL.canParse(endpoint) ? new URL(endpoint).pathname.toLowerCase() : "/");

const isBelow = (path: string, open: readonly string[]): boolean =>
  open.some((one) => `${path}/`.startsWith(`${one.toLowerCase().replace(/\/+$/, "")}/`));

/**
 * The first access rule that fits Bot Service; one for some addresses is not about it. Undefined where none does: once there is a
 * rule, who fits none is refused. https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions
 */
function decidingRule(rules: readonly Restriction[]): Restriction | undefined {
  const inOrder = rules.toSorted((one, other) => (one.priority ?? 65_000) - (other.priority ?? 65_000));
  return inOrder.find(({ ipAddress = "" }) => /^(any$|0\.0\.0\.0\/0|azurebotservice|azurecloud)/i.test(ipAddress));
}

function keepOut(rules: readonly Restriction[]): boolean {
  const rule = decidingRule(rules);
  return rule ? /^deny$/i.test(rule.action ?? "") : rules.length > 0;
}

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
      const answers = endpoint.ended === "answered" && endpoint.status < 500 && endpoint.status !== 404;
      if (wanted && !wanted.hosted) return;
      // A bot of one's own may run wherever it likes, as long as it answers.
      if (wanted ? true : /\.azurewebsites\.net$/i.test(host) && !answers)
        yield { where: shownEndpoint(bot.endpoint), evidence: `the subscription has no web app at ${host}` };
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
      if (!keepOut(restrictions)) return;
      const site = `--resource-group ${groupOf(id)} --name ${name}`;
      const rule = decidingRule(restrictions);
      const against = rule !== undefined && !/^(any|0\.0\.0\.0\/0)$/i.test(rule.ipAddress ?? "");
      yield {
        where: `${id}/config/web ipSecurityRestrictions`,
        evidence: restrictions.map(({ action, ipAddress }) => `${action} ${ipAddress}`).join(", "),
        fix: against
          ? `az webapp config access-restriction remove ${site} --rule-name ${JSON.stringify(rule.name ?? "<rule>")}`
          : `az webapp config access-restriction add ${site} --priority 100 --service-tag AzureBotService`,
      };
    }),
  },
  {
    code: "web-app-login-required",
    what: "App Service itself asks everybody to sign in: Bot Service's messages are turned away before they reach the bot",
    fix: "az webapp auth update --ids <web app> --enabled false",
    mendedByUp: false,
    look: ofApp(function* ({ id, loginRequired }, { endpoint, bot }) {
      const redirected = endpoint.ended === "answered" && /\/\.auth\/login|login\.windows\.net/i.test(endpoint.by);
      const open = valueOf(loginRequired);
      const path = pathOf(bot);
      const asks = open !== undefined && !isBelow(path, open);
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
    look: ofApp(function* ({ id, openWithoutCertificate: open }, { bot }) {
      const path = pathOf(bot);
      if (open !== undefined && !isBelow(path, open))
        yield {
          where: `${id} clientCertEnabled`,
          evidence: `true and required, and ${path} is none of clientCertExclusionPaths`,
          fix: `az webapp update --ids ${id} --set clientCertEnabled=false, or ${path} among its clientCertExclusionPaths`,
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
  ...appSettingChecks,
  ...codeChecks,
]);
