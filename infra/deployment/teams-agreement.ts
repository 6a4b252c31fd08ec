import { identifierUri } from "../connections/parameters";
import { teamsClients } from "../facts/teams-clients";

/** A bot as it stands in Azure and Entra, as far as its app in Teams has to agree with it. */
export interface DeployedBot {
  /** The bot's name at Bot Service. */
  readonly name: string;
  readonly appId: string;
  /** Host of the messaging endpoint. */
  readonly host: string;
  /** Host of the Token Service's sign-in pages. */
  readonly tokenHost: string;
  readonly teamsChannel: boolean;
  /** Undefined where no connection has a token exchange URL. */
  readonly singleSignOn: SingleSignOnFacts | undefined;
}

export interface SingleSignOnFacts {
  /** Client id of the sign-in app. */
  readonly appId: string;
  /** The address for which Teams asks a token: the sign-in app's own, where it has one. */
  readonly resource: string;
  /** By connection, what it says Teams' token is exchanged for. */
  readonly tokenExchangeUrls: Readonly<Record<string, string>>;
  readonly identifierUris: readonly string[];
  /** Clients that get the scope access_as_user without asking. */
  readonly preAuthorized: readonly string[];
  /** 2, where the application takes tokens of version 2. */
  readonly tokenVersion: number | null;
}

/** A value that does not agree with the others: Teams would fall silent, or ask people to sign in by hand. */
export interface Disagreement {
  /** Which rule it is; absent of an app package. */
  readonly code?: TeamsRule;
  /** `webApplicationInfo.resource` of the package, or where it stands in Azure or Entra. */
  readonly value: string;
  readonly found: string;
  readonly expected: string;
  /** What people meet. */
  readonly consequence: string;
  readonly fix: string;
}

/** What has to agree in Azure and Entra: names that never change. */
export type TeamsRule =
  | "identifier-uri-missing"
  | "token-exchange-url"
  | "teams-client-not-authorized"
  | "access-token-version"
  | "teams-channel-missing";

interface Rule {
  readonly code: TeamsRule;
  readonly value: string;
  readonly consequence: string;
  /** What is found and what is expected; nothing where the rule is not about this bot. */
  compare(bot: DeployedBot): Iterable<readonly [found: string, expected: string]>;
}

const none = "nothing";

/** What has to agree in Azure and Entra before any app package does; of a bot with single sign-on. */
const rules: readonly Rule[] = [
  {
    code: "identifier-uri-missing",
    value: "the identifier URI of the sign-in application",
    consequence: "Entra gives Teams no token for the bot",
    *compare({ singleSignOn, appId }) {
      if (!singleSignOn || singleSignOn.identifierUris.includes(identifierUri(appId))) return;
      yield [singleSignOn.identifierUris.join(", ") || none, identifierUri(appId)];
    },
  },
  {
    code: "token-exchange-url",
    value: "tokenExchangeUrl of the connection",
    consequence: "Teams answers resourcematchfailed",
    *compare({ singleSignOn, appId }) {
      for (const url of Object.values(singleSignOn?.tokenExchangeUrls ?? {})) yield [url, identifierUri(appId)];
    },
  },
  {
    code: "teams-client-not-authorized",
    value: "the clients that the sign-in application lets in without asking",
    consequence: "everybody is asked for consent in Teams",
    *compare({ singleSignOn }) {
      for (const client of singleSignOn ? Object.values(teamsClients) : []) {
        if (!singleSignOn!.preAuthorized.includes(client))
          yield [singleSignOn!.preAuthorized.join(", ") || none, client];
      }
    },
  },
  {
    code: "access-token-version",
    value: "the token version of the sign-in application",
    consequence: "the Token Service refuses the token that Teams hands over",
    *compare({ singleSignOn }) {
      if (singleSignOn) yield [String(singleSignOn.tokenVersion ?? none), "2"];
    },
  },
  {
    code: "teams-channel-missing",
    value: "the channel Microsoft Teams of the bot",
    consequence: "Teams delivers nothing",
    *compare({ teamsChannel }) {
      yield [teamsChannel ? "on" : "off", "on"];
    },
  },
];

/**
 * What of a bot in Azure and its sign-in application in Entra does not agree with the rest. Case does not count.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-register-aad
 */
export function liveDisagreements(bot: DeployedBot, stack: string): Disagreement[] {
  return rules.flatMap(({ code, value, consequence, compare }) =>
    differing(compare(bot)).map(([found, expected]) => ({
      code,
      value,
      found,
      expected,
      consequence,
      fix: `npm run drift -- ${stack}, then pulumi up`,
    })),
  );
}

/** The pairs of what is found and what is expected that are not the same. */
export function differing(
  pairs: Iterable<readonly [found: string, expected: string]>,
): (readonly [found: string, expected: string])[] {
  return [...pairs].filter(([found, expected]) => found.toLowerCase() !== expected.toLowerCase());
}

/** A disagreement as a line for a terminal. */
export function disagreementText({ value, found, expected, consequence, fix }: Disagreement): string {
  return `${value}: ${found}, where ${expected} is expected (${consequence}). ${fix}`;
}
