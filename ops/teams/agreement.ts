import { identifierUri } from "../../infra/decisions/connections";
import { teamsClients } from "../../infra/decisions/teams-clients";
import type { DeployedBot } from "./deployed-bot";
import type { TeamsManifest } from "./manifest";

/** A value that does not agree with the others: Teams would fall silent, or ask people to sign in by hand. */
export interface Disagreement {
  /** `webApplicationInfo.resource` of the package, or where it stands in Azure or Entra. */
  readonly value: string;
  readonly found: string;
  readonly expected: string;
  /** What people meet. */
  readonly consequence: string;
  readonly fix: string;
}

interface Rule {
  readonly value: string;
  readonly consequence: string;
  fix(stack: string): string;
  /** What is found and what is expected; undefined where the rule is not about this bot. */
  compare(
    bot: DeployedBot,
    manifest: TeamsManifest,
    wanted: TeamsManifest,
  ): Iterable<readonly [found: string, expected: string]>;
}

const again = (stack: string): string => `npm run teams:package -- ${stack}, and upload that package`;
const deploy = (stack: string): string => `npm run drift -- ${stack}, then pulumi up`;
const none = "nothing";

/**
 * What has to agree between the package, the bot and the sign-in application.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-register-aad
 */
const rules: readonly Rule[] = [
  {
    value: "bots[0].botId of the package",
    consequence: "people talk to another bot, or to none",
    fix: again,
    *compare({ appId }, { bots }) {
      yield [bots?.[0]?.botId ?? none, appId];
    },
  },
  {
    value: "bots[0].scopes of the package",
    consequence: "the bot cannot be added where it would answer",
    fix: again,
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
    fix: again,
    *compare(_, { bots }, wanted) {
      if (wanted.bots?.[0]?.supportsTargetedMessages)
        yield [String(bots?.[0]?.supportsTargetedMessages ?? none), "true"];
    },
  },
  {
    value: "validDomains of the package",
    consequence: "Teams does not open the sign-in window",
    fix: again,
    *compare({ host, tokenHost }, { validDomains = [] }) {
      for (const domain of [tokenHost, host]) {
        if (!validDomains.includes(domain)) yield [validDomains.join(", ") || none, domain];
      }
    },
  },
  {
    value: "webApplicationInfo.id of the package",
    consequence: "silent sign-in fails with invokeerror, and a card comes",
    fix: again,
    *compare({ singleSignOn }, { webApplicationInfo }) {
      if (singleSignOn || webApplicationInfo) yield [webApplicationInfo?.id ?? none, singleSignOn?.appId ?? none];
    },
  },
  {
    value: "webApplicationInfo.resource of the package",
    consequence: "Teams answers resourcematchfailed",
    fix: again,
    *compare({ singleSignOn, appId }, { webApplicationInfo }) {
      if (singleSignOn) yield [webApplicationInfo?.resource ?? none, identifierUri(appId)];
    },
  },
  {
    value: "the identifier URI of the sign-in application",
    consequence: "Entra gives Teams no token for the bot",
    fix: deploy,
    *compare({ singleSignOn, appId }) {
      if (!singleSignOn || singleSignOn.identifierUris.includes(identifierUri(appId))) return;
      yield [singleSignOn.identifierUris.join(", ") || none, identifierUri(appId)];
    },
  },
  {
    value: "tokenExchangeUrl of the connection",
    consequence: "Teams answers resourcematchfailed",
    fix: deploy,
    *compare({ singleSignOn, appId }) {
      for (const url of Object.values(singleSignOn?.tokenExchangeUrls ?? {})) yield [url, identifierUri(appId)];
    },
  },
  {
    value: "the clients that the sign-in application lets in without asking",
    consequence: "everybody is asked for consent in Teams",
    fix: deploy,
    *compare({ singleSignOn }) {
      for (const client of singleSignOn ? Object.values(teamsClients) : []) {
        if (!singleSignOn!.preAuthorized.includes(client))
          yield [singleSignOn!.preAuthorized.join(", ") || none, client];
      }
    },
  },
  {
    value: "the token version of the sign-in application",
    consequence: "the Token Service refuses the token that Teams hands over",
    fix: deploy,
    *compare({ singleSignOn }) {
      if (singleSignOn) yield [String(singleSignOn.tokenVersion ?? none), "2"];
    },
  },
  {
    value: "the channel Microsoft Teams of the bot",
    consequence: "Teams delivers nothing",
    fix: deploy,
    *compare({ teamsChannel }) {
      yield [teamsChannel ? "on" : "off", "on"];
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
  return rules.flatMap(({ value, consequence, fix, compare }) =>
    [...compare(bot, manifest, wanted)]
      .filter(([found, expected]) => found.toLowerCase() !== expected.toLowerCase())
      .map(([found, expected]) => ({ value, found, expected, consequence, fix: fix(stack) })),
  );
}

/** A disagreement as a line for a terminal. */
export function disagreementText({ value, found, expected, consequence, fix }: Disagreement): string {
  return `${value}: ${found}, where ${expected} is expected (${consequence}). ${fix}`;
}
