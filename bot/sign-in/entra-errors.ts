import { entraMeanings } from "./entra-meanings";

/** The number that Entra puts before each of its error texts. */
const number = /\bAADSTS\s?(\d{5,9})\b/i;

const meaningOf: ReadonlyMap<string, string> = new Map(
  entraMeanings.flatMap(({ numbers, user }) => numbers.map((one) => [String(one), user] as const)),
);

/** What cures an error of Entra's, for whoever runs the bot: by its number. Read by the health page and the bot's log. */
const cures: Readonly<Record<string, string>> = {
  "50011":
    "The sign-in app lacks the redirect address of the Token Service, or has that of another region: npm run drift, then pulumi up sets the one that belongs to the setting residency.",
  "500113": "The sign-in app has no redirect address any more: npm run drift, then pulumi up sets it again.",
  "900971": "The sign-in app has no redirect address any more: npm run drift, then pulumi up sets it again.",
  "50105":
    "The sign-in app lets in assigned people only: assign them (Enterprise applications, Users and groups), or switch off Assignment required.",
  "500011":
    "The tenant has no service principal of an API that the connection asks for: an administrator adds it (az ad sp create --id <the API's id>).",
  "650053":
    "The connection asks for a scope that does not exist. Scopes are case-sensitive: correct scopes in the setting connections, then npm run drift and pulumi up.",
  "650057":
    "The connection asks for an API that the sign-in app does not list: npm run drift, then pulumi up lists it again.",
  "700016":
    "The tenant does not know the application: it was deleted, or its id or its tenant is wrong. Restore it in Entra (Deleted applications), or npm run drift, then pulumi up makes it anew.",
  "7000112":
    "The application is switched off in Entra: allow sign-in to it again (Enterprise applications, Properties).",
  "7000215":
    "The client secret is none of the application's: it was removed or replaced by hand. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
  "7000222":
    "The client secret has expired. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
  "7000229":
    "The application has no service principal in its tenant: az ad sp create makes one, or npm run drift, then pulumi up.",
  "90002":
    "There is no such tenant: MicrosoftAppTenantId must be the tenant of the bot's application. npm run drift, then pulumi up writes it.",
  "90094":
    "An administrator has to consent first, at the address that pulumi up printed; or pulumi config set adminConsent true, then pulumi up.",
};

/** The error number in a text, as Entra writes it: `AADSTS50011`. */
export function entraErrorIn(text: string): string | undefined {
  const [, digits] = number.exec(text) ?? [];
  return digits && `AADSTS${digits}`;
}

/** What the Entra error that a text names means to the user who met it; undefined where it names none that is known here. */
export function meaningOfEntraError(text: string): string | undefined {
  return meaningOf.get(number.exec(text)?.[1] ?? "");
}

/** What whoever runs the bot does about the Entra error that a text names; undefined where nothing is known here. */
export function cureOfEntraError(text: string): string | undefined {
  const [, digits = ""] = number.exec(text) ?? [];
  return Object.hasOwn(cures, digits) ? cures[digits] : undefined;
}
