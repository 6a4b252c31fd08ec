/** The number that Entra puts before each of its error texts. */
const number = /\bAADSTS(\d{5,7})\b/i;

/**
 * What cures an error of Entra's, by its number: for the bot's own token, and for people who meet one on a sign-in page,
 * of which the Token Service tells the bot nothing.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const cures: Readonly<Record<string, string>> = {
  "50011":
    "The sign-in app lacks the redirect address of the Token Service, or has that of another region: npm run drift, then pulumi up sets the one that belongs to the setting residency.",
  "500113": "The sign-in app has no redirect address any more: npm run drift, then pulumi up sets it again.",
  "65001":
    "Nobody has consented to what the sign-in app asks for: sign in again and accept, or ask an administrator to.",
  "65004": "You declined what the bot asks for. Say mail and accept on the consent page, if you want to go on.",
  "650053":
    "The connection asks for a scope that does not exist. Scopes are case-sensitive: correct scopes in the setting connections, then npm run drift and pulumi up.",
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

/** What cures the Entra error that a text names; undefined where it names none that is known here. */
export function cureOfEntraError(text: string): string | undefined {
  const [, digits = ""] = number.exec(text) ?? [];
  return Object.hasOwn(cures, digits) ? cures[digits] : undefined;
}
