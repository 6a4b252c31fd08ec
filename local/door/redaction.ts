import { decodeJwt } from "jose";

/** Names of fields whose value is a secret wherever they stand: in JSON, in a form, in a query. */
const secretFields =
  "access_token|refresh_token|id_token|client_secret|clientSecret|client_assertion|assertion|secretText|password|passwd|token|key|key2|code_verifier|MicrosoftAppPassword|CHAT_SESSION_KEY";

const inJson = new RegExp(`("(?:${secretFields})"\\s*:\\s*")((?:[^"\\\\]|\\\\.)+)(")`, "g");
const inForm = new RegExp(`((?:^|[&?])(?:${secretFields}|code|t)=)([^&#\\s"<]+)`, "g");
/** Key Vault and ARM call a secret's content just `value`; elsewhere that name is harmless. */
const inVault = /("(?:value|primarySharedKey|secondarySharedKey)"\s*:\s*")((?:[^"\\]|\\.)+)(")/g;
const vaultAddress = /\.vault\.azure\.net\/|\/vaults\/[^/]+\/secrets|\/listKeys|\/regenerateKey|\/sharedKeys/i;

/** The body of a request or an answer without its secrets. */
export function redactBody(text: string, address: string): string {
  const shown = redactText(text);
  if (!vaultAddress.test(address)) return shown;
  return shown.replace(inVault, (_, before: string, value: string, after: string) => before + describe(value) + after);
}

/** A text with every secret in it replaced by what may be known of it. */
export function redactText(text: string): string {
  return text
    .replace(inJson, (_, before: string, value: string, after: string) => before + describe(value) + after)
    .replace(inForm, (_, before: string, value: string) => before + describe(value));
}

/** Headers as the trace keeps them: credentials and cookies described, never shown. */
export function redactHeaders(headers: Headers): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (name === "authorization") {
      const [scheme, credential = ""] = value.split(" ", 2);
      shown[name] = `${scheme} ${describe(credential)}`;
    } else if (name === "cookie" || name === "set-cookie") {
      shown[name] = value.replace(/=[^;,]*/g, "=(hidden)");
    } else if (name === "x-identity-header" || name === "ocp-apim-subscription-key") {
      shown[name] = describe(value);
    } else {
      shown[name] = redactText(value);
    }
  }
  return shown;
}

/** What may be shown of a credential: a token's type, audience, application, scopes and expiry; of all else only its length. */
export function describe(credential: string): string {
  try {
    const { aud, appid, scp, exp, idtyp } = decodeJwt(decodeURIComponent(credential));
    const type = scp ? "user's access token" : idtyp === "app" ? "application's access token" : "token";
    const parts = [
      aud && `audience ${String(aud)}`,
      appid && `application ${String(appid)}`,
      scp && `scopes ${String(scp)}`,
      exp && `expires ${new Date(exp * 1000).toISOString()}`,
    ];
    return `(${type}: ${parts.filter(Boolean).join(", ")})`;
  } catch {
    return `(hidden, ${credential.length} characters)`;
  }
}
