import { identifierUri } from "../../infra/connections/parameters";
import {
  type DeployedBot,
  differing,
  type Disagreement,
  liveDisagreements,
} from "../../infra/deployment/teams-agreement";
import type { TeamsManifest } from "./manifest";

interface Rule {
  readonly value: string;
  readonly consequence: string;
  /** What is found and what is expected; undefined where the rule is not about this bot. */
  compare(
    bot: DeployedBot,
    manifest: TeamsManifest,
    wanted: TeamsManifest,
  ): Iterable<readonly [found: string, expected: string]>;
}

const none = "nothing";

/**
 * What has to agree between the package, the bot and the sign-in application.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-register-aad
 */
const rules: readonly Rule[] = [
  {
    value: "bots[0].botId of the package",
    consequence: "people talk to another bot, or to none",
    *compare({ appId }, { bots }) {
      yield [bots?.[0]?.botId ?? none, appId];
    },
  },
  {
    value: "bots[0].scopes of the package",
    consequence: "the bot cannot be added where it would answer",
    *compare(_, { bots }, wanted) {
      const scopes: readonly string[] = bots?.[0]?.scopes ?? [];
      for (const scope of wanted.bots?.[0]?.scopes ?? []) {
        if (!scopes.includes(scope)) yield [scopes.join(", ") || none, scope];
      }
    },
  },
  {
    value: "bots[0].supportsTargetedMessages of the package",
    consequence: "people in a group can ask the bot only so that all of it read it",
    *compare(_, { bots }, wanted) {
      if (wanted.bots?.[0]?.supportsTargetedMessages)
        yield [String(bots?.[0]?.supportsTargetedMessages ?? none), "true"];
    },
  },
  {
    value: "validDomains of the package",
    consequence: "Teams does not open the sign-in window",
    *compare({ host, tokenHost }, { validDomains = [] }) {
      for (const domain of [tokenHost, host]) {
        if (!validDomains.includes(domain)) yield [validDomains.join(", ") || none, domain];
      }
    },
  },
  {
    value: "webApplicationInfo.id of the package",
    consequence: "silent sign-in fails with invokeerror, and a card comes",
    *compare({ singleSignOn }, { webApplicationInfo }) {
      if (singleSignOn || webApplicationInfo) yield [webApplicationInfo?.id ?? none, singleSignOn?.appId ?? none];
    },
  },
  {
    value: "webApplicationInfo.resource of the package",
    consequence: "Teams answers resourcematchfailed",
    *compare({ singleSignOn, appId }, { webApplicationInfo }) {
      if (singleSignOn) yield [webApplicationInfo?.resource ?? none, identifierUri(appId)];
    },
  },
];

/**
 * Every value that does not agree; GUIDs and addresses are compared without case but for the connection's.
 * @param wanted the manifest that follows from the stack's settings today
 */
export function disagreements(
  bot: DeployedBot,
  manifest: TeamsManifest,
  stack: string,
  wanted: TeamsManifest,
): Disagreement[] {
  const ofPackage = rules.flatMap(({ value, consequence, compare }) =>
    differing(compare(bot, manifest, wanted)).map(([found, expected]) => ({
      value,
      found,
      expected,
      consequence,
      fix: `npm run teams:package -- ${stack}, and upload that package`,
    })),
  );
  return [...ofPackage, ...liveDisagreements(bot, stack)];
}
