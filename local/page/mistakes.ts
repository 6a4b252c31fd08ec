import { botServiceErrors } from "../../contract/known-errors/bot-services";
import { keyVaultErrors, storageErrors } from "../../contract/known-errors/vault-and-storage";
import { directoryErrors } from "../../contract/known-errors/directory";
import { entraErrors } from "../../contract/known-errors/entra";
import { logAnalyticsErrors } from "../../contract/known-errors/log-analytics";
import { causeFor, fixFor, knownError, type KnownError } from "../../contract/known-errors/known-error";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import { userServiceErrors } from "../../contract/known-errors/user-services";
import type { Exchange } from "../azure/exchange";

/** A mistake that an exchange shows, and what fixes it. */
export interface Mistake {
  /** Its number in docs/known-mistakes.md; absent where the list has none. */
  readonly number?: number;
  /** What went wrong, in one sentence. */
  readonly what: string;
  readonly fix: string;
}

interface Row extends Mistake {
  /** Text that only this mistake leaves: in the answer's body, or in the address (an error in a redirect). */
  readonly says?: RegExp;
  /** What else must hold of the exchange. */
  readonly where?: (exchange: Exchange) => boolean;
}

const from = (service: string, status?: number) => (exchange: Exchange) =>
  exchange.service === service && (status === undefined || exchange.status === status);

/** Number of the mistake that consent for everyone fixes. */
export const consentMissing = 18;

/** What no code and no words of a service tell, or what is other on the page of the local Azure. The first that fits is the one. */
const table: readonly Row[] = [
  {
    number: 45,
    says: /AADSTS7000215\b/,
    where: ({ caller }) => caller === "Token Service",
    what: "The connection's client secret is none of the sign-in app's.",
    fix: "It was removed or replaced by hand: pulumi config set secretsRenewed <today>, then pulumi up.",
  },
  {
    number: 13,
    says: /AADSTS7000215\b/,
    what: "The client secret is wrong.",
    fix: "Look whether the app setting's Key Vault reference is resolved, and whether the secret's value (not its id) is in the vault. Then run pulumi up.",
  },
  {
    number: consentMissing,
    says: /AADSTS65001\b|AADSTS90094\b|AADSTS90093\b|Need admin approval/,
    what: "Nobody who may has consented to what the sign-in app asks for.",
    fix: "An administrator consents for everyone: here by the button, or signed in as Ada. In your tenant open the address that the program prints, or set adminConsent: true.",
  },
  {
    number: 46,
    says: /AADSTS65004\b|error=access_denied/,
    what: "Consent was declined.",
    fix: "Press the sign-in button again and accept.",
  },
  {
    says: /AADSTS50126\b|AADSTS50034\b/,
    what: "The account or its password is wrong.",
    fix: "Every local person's password stands on the sign-in page.",
  },
  {
    says: /AADSTS7000(08|82)\b|AADSTS70008\b/,
    what: "The sign-in took too long, or the refresh token has expired.",
    fix: "Say mail again and sign in anew.",
  },
  {
    number: 50,
    where: ({ service, status, caller }) =>
      service === "Direct Line" && caller === "bot" && (status === 401 || status === 403),
    says: /Invalid token or secret/,
    what: "Direct Line refuses the bot's secret or its token.",
    fix: "The key was regenerated, or the site switched off: run pulumi up, which writes the present key into the vault.",
  },
  {
    number: 52,
    where: ({ service, status, url }) => service === "App Service" && status === 401 && /\/api\/messages/.test(url),
    what: "The bot refuses the channel's token.",
    fix: "The bot's MicrosoftAppId and the registration's application id must be one and the same; clocks must agree. Run pulumi up.",
  },
  {
    where: ({ service, status, url }) => service === "App Service" && status >= 500 && /\/api\/messages/.test(url),
    what: "The bot did not take the message.",
    fix: "Its log in the terminal says why; /healthz names what is wrong.",
  },
  {
    where: from("Microsoft Graph", 401),
    what: "Graph does not accept the token: it has expired, or is meant for somebody else.",
    fix: "The bot signs the user out and asks again. Where that does not help, look at the token's audience.",
  },
];

const throttled: Mistake = {
  what: "The service takes no more calls for now.",
  fix: "Wait for the time that its Retry-After names.",
};

/** The catalogues of what each service refuses, by the name that the trace gives it. */
const catalogues: Readonly<Record<string, readonly KnownError[]>> = {
  "Azure Resource Manager": resourceManagerErrors,
  "Microsoft Graph": [...userServiceErrors, ...directoryErrors],
  "Key Vault": keyVaultErrors,
  "Blob Storage": storageErrors,
  "Bot Connector": botServiceErrors,
  "Token Service": botServiceErrors,
  "Direct Line": botServiceErrors,
  "Log Analytics": logAnalyticsErrors,
  GitHub: userServiceErrors,
};

/** The mistake that an exchange shows; undefined where it shows none that is known. */
export function mistakeOf(exchange: Exchange): Mistake | undefined {
  const told = `${isOwnWords(exchange) ? (exchange.responseBody ?? "") : ""}\n${decoded(exchange.url)}`;
  const row = table.find(({ says, where }) => (!says || says.test(told)) && (!where || where(exchange)));
  if (row) {
    const { number, what, fix } = row;
    return { ...(number !== undefined && { number }), what, fix };
  }
  const known = entraErrorOf(told) ?? (exchange.status >= 400 ? refusalOf(exchange) : undefined);
  // HTTP's own meaning (RFC 6585), whatever the service says of it.
  if (!known) return exchange.status === 429 ? throttled : undefined;
  const { mistake } = known;
  return {
    ...(mistake !== undefined && { number: mistake }),
    what: `${causeFor(known, told, {})}.`,
    fix: fixFor(known, told),
  };
}

/** Entra's number stands in its own pages, in redirects, and in what the Token Service passes on. */
function entraErrorOf(told: string): KnownError | undefined {
  const [code = ""] = /AADSTS\d+/.exec(told) ?? [];
  return knownError(entraErrors, { code, message: told });
}

/** What the service itself said, looked up in its catalogue. */
function refusalOf({ service, responseBody = "" }: Exchange): KnownError | undefined {
  return knownError(catalogues[service] ?? [], { code: codeIn(responseBody), message: responseBody });
}

/** The code of an answer: JSON's innermost (Key Vault's role and network stand in `innererror`), or XML's. */
function codeIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: string; innererror?: { code?: string } } };
    return error?.innererror?.code ?? error?.code ?? "";
  } catch {
    return /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? "";
  }
}

/** Numbers of docs/known-mistakes.md that the page can name. */
export const explained: readonly number[] = [
  ...new Set(
    [
      ...table.map(({ number }) => number),
      ...[entraErrors, ...Object.values(catalogues)].flat().map(({ mistake }) => mistake),
    ].flatMap((number) => number ?? []),
  ),
];

/** A mail or a chat message may quote an error; only a refusal, or a page of the sign-in, speaks for the service. */
function isOwnWords({ status, service }: Exchange): boolean {
  return status >= 400 || service === "Entra ID" || service === "Token Service";
}

/** An address holds its error text percent-encoded, with + for a space. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address.replaceAll("+", " "));
  } catch {
    return address;
  }
}
