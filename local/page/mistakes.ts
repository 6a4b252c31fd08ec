import type { Exchange } from "../azure/trace";

/** A mistake that an exchange shows, and what cures it. */
export interface Mistake {
  /** Its number in docs/known-mistakes.md; absent where the list has none. */
  readonly number?: number;
  /** What went wrong, in one sentence. */
  readonly what: string;
  readonly cure: string;
}

interface Row extends Mistake {
  /** Text that only this mistake leaves: in the answer's body, or in the address (an error in a redirect). */
  readonly says?: RegExp;
  /** What else must hold of the exchange. */
  readonly where?: (exchange: Exchange) => boolean;
}

const from = (service: string, status?: number) => (exchange: Exchange) =>
  exchange.service === service && (status === undefined || exchange.status === status);

/** Every mistake that can be told from one exchange. The first row that fits is the one. */
const table: readonly Row[] = [
  {
    number: 2,
    says: /AADSTS7000229\b/,
    what: "The application has no service principal in this tenant, so it gets no token.",
    cure: "Create the service principal: az ad sp create --id <application id>. The program makes both together.",
  },
  {
    number: 38,
    says: /AADSTS700016\b/,
    what: "The tenant does not know this application.",
    cure: "Compare the application id with the registration in Entra: it was deleted, or belongs to another tenant. Then run pulumi up.",
  },
  {
    number: 4,
    says: /AADSTS50011\b/,
    what: "The sign-in app does not have the redirect address that the Token Service uses.",
    cure: "Add the Token Service's redirect address of your residency to the sign-in app, or run pulumi up, which sets it.",
  },
  {
    number: 43,
    says: /AADSTS500113\b/,
    what: "The sign-in app has no redirect address at all.",
    cure: "Add the Token Service's redirect address of your residency to the sign-in app, or run pulumi up, which sets it.",
  },
  {
    number: 45,
    says: /AADSTS7000215\b/,
    where: ({ caller }) => caller === "Token Service",
    what: "The connection's client secret is none of the sign-in app's.",
    cure: "It was removed or replaced by hand: pulumi config set secretsRenewed <today>, then pulumi up.",
  },
  {
    number: 13,
    says: /AADSTS7000215\b/,
    what: "The client secret is wrong.",
    cure: "Look whether the app setting's Key Vault reference is resolved, and whether the secret's value (not its id) is in the vault. Then run pulumi up.",
  },
  {
    number: 14,
    says: /AADSTS7000222\b/,
    what: "The client secret has expired.",
    cure: "Rotate the secrets: pulumi up makes new ones once their rotation date has passed.",
  },
  {
    number: 15,
    says: /AADSTS7002(11|12|13|137)\b/,
    what: "The federated credential does not match the assertion.",
    cure: "Compare issuer, subject and audience with the credential on the application; the subject is not the client id.",
  },
  {
    number: 18,
    says: /AADSTS65001\b|AADSTS90094\b|AADSTS90093\b|Need admin approval/,
    what: "Nobody who may has consented to what the sign-in app asks for.",
    cure: "An administrator consents for everyone: sign in as Ada here. In your tenant open the address that the program prints, or set adminConsent: true.",
  },
  {
    number: 46,
    says: /AADSTS65004\b|error=access_denied/,
    what: "Consent was declined.",
    cure: "Press the sign-in button again and accept.",
  },
  {
    says: /AADSTS50126\b|AADSTS50034\b/,
    what: "The account or its password is wrong.",
    cure: "Every local person's password stands on the sign-in page.",
  },
  {
    says: /AADSTS7000(08|82)\b|AADSTS70008\b/,
    what: "The sign-in took too long, or the refresh token has expired.",
    cure: "Say mail again and sign in anew.",
  },
  {
    number: 44,
    says: /AADSTS650053\b|AADSTS70011\b/,
    what: "A scope of the connection does not exist, or is written wrongly. Scopes are case-sensitive.",
    cure: "Correct the connection's scopes in Pulumi.<stack>.yaml and run pulumi up.",
  },
  {
    number: 40,
    says: /Data boundary violation/,
    what: "The bot asks the Direct Line of another region.",
    cure: "DIRECT_LINE_ENDPOINT must be that of the bot's residency: run pulumi up, which sets it.",
  },
  {
    number: 48,
    says: /Sign In code was not found or expired/,
    what: "The sign-in address is old, or somebody else has used it.",
    cure: "Say mail again: each card is good for one sign-in.",
  },
  {
    number: 49,
    says: /The site is disabled/,
    what: "The Direct Line site is switched off.",
    cure: "Switch it on in the channel, or run pulumi up, which does.",
  },
  {
    number: 8,
    says: /Could not find Connection Setting/i,
    what: "The bot asks for a connection that its registration does not have.",
    cure: "Give the connection one name: it stands once, in the connections of Pulumi.<stack>.yaml. Then run pulumi up.",
  },
  {
    number: 9,
    says: /error occurred while retrieving the sign-?in link/i,
    what: "The connection's provider or its parameters are wrong.",
    cure: "Write the connection anew with pulumi up: the provider's id and parameters follow from its name.",
  },
  {
    number: 5,
    says: /resourcematchfailed/i,
    what: "The token exchange address and the identifier URI differ.",
    cure: "Use api://botid-<bot application id> for both, or run pulumi up.",
  },
  {
    says: /TokenExpired/,
    where: ({ service }) => service === "Direct Line",
    what: "The chat's own token has expired.",
    cure: "Open the chat anew: reload the page. The sign-in stays, it belongs to the browser.",
  },
  {
    number: 11,
    says: /trusted origin|origin .*(not|isn't) (allowed|trusted)/i,
    where: ({ service, status }) => service === "Direct Line" && status >= 400,
    what: "Direct Line does not trust the page's origin.",
    cure: "Add the page's origin to the trusted origins of the Direct Line site, or run pulumi up.",
  },
  {
    number: 50,
    where: ({ service, status, caller }) =>
      service === "Direct Line" && caller === "bot" && (status === 401 || status === 403),
    what: "Direct Line refuses the bot's secret or its token.",
    cure: "The key was regenerated, or the site switched off: run pulumi up, which writes the present key into the vault.",
  },
  {
    number: 34,
    where: (exchange) => from("Key Vault", 403)(exchange),
    what: "The caller may not read this secret.",
    cure: "Give the bot's managed identity the role Key Vault Secrets User at the vault, or run pulumi up.",
  },
  {
    number: 35,
    where: from("Key Vault", 404),
    what: "The vault has no such secret.",
    cure: "Run pulumi up, which writes it; a deleted secret may first have to be purged or recovered.",
  },
  {
    number: 52,
    where: ({ service, status, url }) => service === "App Service" && status === 401 && /\/api\/messages/.test(url),
    what: "The bot refuses the channel's token.",
    cure: "The bot's MicrosoftAppId and the registration's application id must be one and the same; clocks must agree. Run pulumi up.",
  },
  {
    where: ({ service, status, url }) => service === "App Service" && status >= 500 && /\/api\/messages/.test(url),
    what: "The bot did not take the message.",
    cure: "Its log in the terminal says why; /healthz names what is wrong.",
  },
  {
    where: from("Microsoft Graph", 401),
    what: "Graph does not accept the token: it has expired, or is meant for somebody else.",
    cure: "The bot signs the user out and asks again. Where that does not help, look at the token's audience.",
  },
  {
    number: 47,
    where: from("Microsoft Graph", 403),
    what: "The token lacks a permission for this call.",
    cure: "Add the scope to the connection in Pulumi.<stack>.yaml, run pulumi up, consent, and sign in anew.",
  },
  {
    where: ({ status }) => status === 429,
    what: "The service takes no more calls for now.",
    cure: "Wait for the time that its Retry-After names.",
  },
];

/** The mistake that an exchange shows; undefined where it shows none that is known. */
export function mistakeOf(exchange: Exchange): Mistake | undefined {
  const told = `${isOwnWords(exchange) ? (exchange.responseBody ?? "") : ""}\n${decoded(exchange.url)}`;
  const row = table.find(({ says, where }) => (!says || says.test(told)) && (!where || where(exchange)));
  if (!row) return undefined;
  const { number, what, cure } = row;
  return { ...(number !== undefined && { number }), what, cure };
}

/** Numbers of docs/known-mistakes.md that the page can name. */
export const explained: readonly number[] = [...new Set(table.flatMap(({ number }) => number ?? []))];

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
