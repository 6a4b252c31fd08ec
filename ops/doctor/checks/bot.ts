import { messagesRoute } from "../../../contract/app-settings";
import { shownEndpoint } from "../../azure/shown-endpoint";
import type { SetUp } from "../set-up";
import { valueOf } from "../set-up/read-value";
import { silentApp } from "./causes";
import { inGroup, type Seen } from "./check";

/** Seconds by which a clock may be off before Microsoft's token validation minds. */
const clockTolerance = 300;

/** The command that gives a bot its endpoint: the address of its web app where that is known. */
function updateBot({ bot, webApp, wanted }: SetUp): string {
  const group = /\/resourceGroups\/([^/]+)/i.exec(bot.id)?.[1];
  const path = wanted?.messages ?? messagesRoute;
  return `az bot update --resource-group ${group} --name ${bot.name} --endpoint https://${valueOf(webApp)?.host ?? "<host>"}${path}`;
}

const endpointFix = "az bot update --resource-group <group> --name <bot> --endpoint https://<host>/api/messages";

/** The host of the bot's endpoint, in small letters; undefined where it is no address. */
function hostOf({ bot }: SetUp): string | undefined {
  return URL.canParse(bot.endpoint) ? new URL(bot.endpoint).host.toLowerCase() : undefined;
}

/** What the bot's registration says. */
export const botChecks = inGroup("Bot", [
  {
    code: "bot-endpoint-not-https",
    what: "The bot's messaging endpoint is no https address: Bot Service delivers nothing to it",
    fix: endpointFix,
    mendedByUp: true,
    *look(setUp) {
      const { bot } = setUp;
      if (!URL.canParse(bot.endpoint) || new URL(bot.endpoint).protocol !== "https:")
        yield {
          where: `${bot.id} properties.endpoint`,
          evidence: `"${shownEndpoint(bot.endpoint)}", expected https://<host>/api/messages`,
          fix: updateBot(setUp),
        };
    },
  },
  {
    code: "bot-endpoint-host",
    what: "The bot's messaging endpoint is another host than its web app: messages never reach it",
    fix: endpointFix,
    mendedByUp: true,
    *look(setUp) {
      const app = valueOf(setUp.webApp);
      const host = hostOf(setUp);
      const elsewhere = setUp.wanted?.endpoint;
      if (elsewhere !== undefined) {
        if (elsewhere !== setUp.bot.endpoint)
          yield {
            where: `${setUp.bot.id} properties.endpoint`,
            evidence: `${shownEndpoint(setUp.bot.endpoint)}, expected ${elsewhere}`,
          };
      } else if (app && host && !app.hosts.includes(host))
        yield {
          where: `${setUp.bot.id} properties.endpoint`,
          evidence: `${host}, expected ${app.host}`,
          fix: updateBot(setUp),
        };
    },
  },
  {
    code: "bot-endpoint-path",
    what: "Nothing takes messages at the path of the bot's messaging endpoint",
    fix: endpointFix,
    mendedByUp: true,
    follows: ["bot-endpoint-host", "bot-endpoint-not-https", ...silentApp],
    *look(setUp) {
      const { bot, wanted, endpoint, health } = setUp;
      if (!URL.canParse(bot.endpoint)) return;
      // A bot with wrong settings takes no messages anywhere, and says so.
      const checks = health?.found === "health" ? health.health.checks : [];
      if (checks.some(({ name, ok }) => name === "settings" && !ok)) return;
      const { pathname } = new URL(bot.endpoint);
      const where = `${bot.id} properties.endpoint`;
      if (wanted && pathname !== wanted.messages)
        yield { where, evidence: `${pathname}, expected ${wanted.messages}`, fix: updateBot(setUp) };
      else if (endpoint.ended === "answered" && [404, 405].includes(endpoint.status))
        yield {
          where,
          evidence: `a POST to ${shownEndpoint(bot.endpoint)} is answered ${endpoint.status}`,
          fix: updateBot(setUp),
        };
    },
  },
  {
    code: "bot-endpoint-silent",
    what: "The bot's messaging endpoint does not answer",
    fix: "See that the host is right and reachable from the internet: curl -i -X POST <endpoint>",
    mendedByUp: false,
    follows: ["bot-endpoint-host", "bot-endpoint-not-https", "bot-endpoint-path", ...silentApp],
    *look(setUp) {
      const { bot, endpoint } = setUp;
      const where = `${bot.id} properties.endpoint`;
      const fix = `Where the bot is at another host now: ${updateBot(setUp)}. Else see why it does not answer: curl -i -X POST ${shownEndpoint(bot.endpoint)}`;
      if (endpoint.ended === "no answer")
        yield { where, evidence: `${shownEndpoint(bot.endpoint)}: ${endpoint.why}`, fix };
      else if (endpoint.status >= 500)
        yield { where, evidence: `a POST to ${shownEndpoint(bot.endpoint)} is answered ${endpoint.status}`, fix };
    },
  },
  {
    code: "bot-tenant",
    what: "The bot's registration names another tenant than that of its application: Bot Service's tokens do not fit",
    fix: "The tenant of a bot cannot be changed: delete the registration and make it anew with --tenant-id <the application's tenant>",
    mendedByUp: true,
    *look({ bot, identity, tenantId, wanted }) {
      const expected = wanted?.tenantId ?? (valueOf(identity.application) ? tenantId : undefined);
      if (!expected || bot.appType === "MultiTenant") return;
      if (bot.appTenantId?.toLowerCase() !== expected.toLowerCase())
        yield {
          where: `${bot.id} properties.msaAppTenantId`,
          evidence: `${bot.appTenantId ?? "nothing"}, expected ${expected}`,
        };
    },
  },
  {
    code: "bot-app-type",
    what: "The bot's type (msaAppType) does not fit its application: tokens are asked for in the wrong way",
    fix: "The type of a bot cannot be changed: delete the registration and make it anew with the right --app-type; and give MicrosoftAppType of the web app the same value",
    mendedByUp: true,
    *look({ bot, identity, wanted, webApp }) {
      const where = `${bot.id} properties.msaAppType`;
      const application = valueOf(identity.application);
      const principal = valueOf(identity.principal);
      const expected = wanted && (wanted.identity === "managed" ? "UserAssignedMSI" : "SingleTenant");
      const wrong = (right: string, because = ""): Seen => ({
        where,
        evidence: `${bot.appType}${because}, expected ${right}`,
        fix: `The type of a bot cannot be changed: delete the registration and make it anew with --app-type ${right}; the web app's MicrosoftAppType says the same`,
      });
      if (expected && bot.appType !== expected) return yield wrong(expected);
      if (bot.appType === "MultiTenant" && application?.signInAudience === "AzureADMyOrg")
        return yield wrong("SingleTenant", " of an application that takes its own tenant only (AzureADMyOrg)");
      if (bot.appType === "UserAssignedMSI" && application)
        return yield wrong("SingleTenant", " on an application's id");
      if (bot.appType !== "UserAssignedMSI" && principal?.servicePrincipalType === "ManagedIdentity")
        return yield wrong("UserAssignedMSI", " on a managed identity's id");
      const app = valueOf(webApp);
      const said = app && valueOf(app.settings)?.["MicrosoftAppType"];
      if (app && said && said.toLowerCase() !== bot.appType.toLowerCase())
        yield {
          where: `${app.id} MicrosoftAppType`,
          evidence: `${said}, expected ${bot.appType}`,
          fix: `az webapp config appsettings set --ids ${app.id} --settings MicrosoftAppType=${bot.appType}`,
        };
    },
  },
  {
    code: "bot-local-auth-off",
    what: "Local authentication of the bot is off: Direct Line takes none of its secrets, and no page can open a chat",
    fix: "az resource update --ids <bot> --set properties.disableLocalAuth=false",
    mendedByUp: true,
    *look({ bot }) {
      if (bot.localAuthOff) yield { where: `${bot.id} properties.disableLocalAuth`, evidence: "true, expected false" };
    },
  },
  {
    code: "bot-public-network-off",
    what: "The bot's public network access is off: channels outside its private endpoint do not reach it",
    fix: "az resource update --ids <bot> --set properties.publicNetworkAccess=Enabled",
    mendedByUp: true,
    *look({ bot }) {
      if (!bot.publicNetwork)
        yield { where: `${bot.id} properties.publicNetworkAccess`, evidence: "Disabled, expected Enabled" };
    },
  },
  {
    code: "clock",
    what: "A clock is wrong: tokens are not valid yet, or not any more",
    fix: "Set the clock: sudo timedatectl set-ntp true",
    mendedByUp: false,
    *look({ clockAhead, now, health, bot }) {
      const said = (seconds: number): string => `${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} Azure's`;
      if (Math.abs(clockAhead) > clockTolerance) yield { where: "this machine's clock", evidence: said(clockAhead) };
      const theirs = health?.found === "health" ? health.date : undefined;
      const off = theirs ? Math.round((theirs.getTime() - now.getTime()) / 1_000) : 0;
      if (Math.abs(off) > clockTolerance)
        yield { where: `the clock of ${shownEndpoint(bot.endpoint)}`, evidence: said(off) };
    },
  },
]);
