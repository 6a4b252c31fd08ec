import { botServiceErrors } from "../../contract/known-errors/bot-services";
import { keyVaultErrors, storageErrors } from "../../contract/known-errors/vault-and-storage";
import { directoryErrors } from "../../contract/known-errors/directory";
import { entraErrors } from "../../contract/known-errors/entra";
import { logAnalyticsErrors } from "../../contract/known-errors/log-analytics";
import { causeFor, fixFor, knownError, type KnownError } from "../../contract/known-errors/known-error";
import { fixesOf, knownMistakes } from "../../contract/known-mistakes";
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

/** What the page knows better than a catalogue: who asked, and what one does in the local Azure. */
interface Row {
  /** Its number in docs/known-mistakes.md, which has cause and fix; absent where a catalogue has them. */
  readonly number?: number;
  /** Text that only this mistake leaves: in the answer's body, or in the address (an error in a redirect). */
  readonly says: RegExp;
  /** What else must hold of the exchange. */
  readonly where?: (exchange: Exchange) => boolean;
  /** What one does in the local Azure. */
  readonly here?: string;
}

/** Number of the mistake that consent for everyone fixes. */
export const consentMissing = 18;

/** The first that fits is the one. */
const table: readonly Row[] = [
  { number: 45, says: /AADSTS7000215\b/, where: ({ caller }) => caller === "Token Service" },
  { number: 13, says: /AADSTS7000215\b/ },
  {
    number: consentMissing,
    says: /AADSTS65001\b|AADSTS90094\b|AADSTS90093\b|Need admin approval/,
    here: "Here: by the button, or signed in as Ada.",
  },
  { number: 46, says: /AADSTS65004\b|error=access_denied/ },
  { says: /AADSTS50126\b|AADSTS50034\b/, here: "Every local person's password stands on the sign-in page." },
  {
    number: 50,
    says: /Invalid token or secret/,
    where: ({ service, caller }) => service === "Direct Line" && caller === "bot",
  },
  { number: 52, says: /its aud claim is missing or wrong/, where: ({ service }) => service === "App Service" },
  { number: 53, says: /its key is not one of the Bot Framework's/, where: ({ service }) => service === "App Service" },
];

const throttled: Mistake = {
  what: "The service takes no more calls for now.",
  fix: "Wait for the time that its Retry-After names.",
};

const notTaken: Mistake = {
  what: "The bot did not take the message.",
  fix: "Its log in the terminal says why; /healthz names what is wrong.",
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
  const row = table.find(({ says, where }) => says.test(told) && (!where || where(exchange)));
  const known = entraErrorOf(told) ?? (exchange.status >= 400 ? refusalOf(exchange) : undefined);
  const mistake = row?.number === undefined ? known && mistakeIn(known, told) : mistakeNumber(row.number);
  if (!mistake) return byHttp(exchange);
  return row?.here === undefined ? mistake : { ...mistake, fix: `${mistake.fix} ${row.here}` };
}

function mistakeIn(known: KnownError, told: string): Mistake {
  const { mistake: number } = known;
  return { ...(number !== undefined && { number }), what: `${causeFor(known, told, {})}.`, fix: fixFor(known, told) };
}

function mistakeNumber(number: number): Mistake {
  const mistake = knownMistakes.find((one) => one.number === number)!;
  return { number, what: `${mistake.cause}.`, fix: fixesOf(mistake).join(" ") };
}

/** HTTP's own meaning (RFC 6585, RFC 9110), whatever a service says of it. */
function byHttp({ service, status, url }: Exchange): Mistake | undefined {
  if (status === 429) return throttled;
  return service === "App Service" && status >= 500 && /\/api\/messages/.test(url) ? notTaken : undefined;
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
