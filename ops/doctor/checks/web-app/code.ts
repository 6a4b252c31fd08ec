import { shownEndpoint } from "../../../azure/shown-endpoint";
import type { SetUp } from "../../set-up";
import { valueOf } from "../../set-up/read-value";
import { brokenReference, noApplication, silentApp } from "../causes";
import type { Seen, Ungrouped } from "../check";
import { ofApp } from "./of-app";

/** Whether the bot's code is the one that was deployed, and is well. */
export const codeChecks: readonly Ungrouped[] = [
  {
    code: "code-differs",
    what: "The web app runs other code than was deployed to it",
    fix: "az webapp restart --ids <web app>",
    mendedByUp: true,
    follows: silentApp,
    look: ofApp(function* ({ id, deployedHash }, { health }) {
      const deployed = valueOf(deployedHash);
      const runs = health?.found === "health" ? health.health.build.hash : undefined;
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
      "setting-identity",
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
    *look({ health, webApp, bot, wanted, stack }: SetUp): Iterable<Seen> {
      const where = valueOf(webApp)?.id ?? shownEndpoint(bot.endpoint);
      const logs = stack === undefined ? {} : { fix: `See the bot's log: npm run logs -- ${stack}` };
      if (health?.found === "health") {
        for (const { name, ok, fix } of health.health.checks) {
          if (!ok) yield { where, evidence: `${name}: ${fix ?? "it fails"}`, ...(fix ? { fix } : logs) };
        }
      } else if (wanted?.reportsHealth && health) {
        const evidence = health.found === "other" ? `it answers ${health.status} without a health page` : health.why;
        yield { where, evidence, ...logs };
      }
    },
  },
];
