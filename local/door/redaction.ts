import { decodeJwt } from "jose";
import { knownSecrets } from "../azure/secrets";
import type { Exchange } from "../azure/exchange";

/** Characters of a body that are kept. */
const keptBody = 64 * 1024;
/** So many more are looked at, so that a secret that stands across the end is seen whole. */
const beyond = 1024;

/**
 * Names of fields whose value is a secret wherever they stand: in JSON, in a form, in a query. What the local Azure knows
 * for a secret is hidden by its value, whatever the field; these are for what it does not know: a secret that it
 * refused, one too short to be told from other text.
 */
const secretFields =
  "access_token|refresh_token|id_token|client_secret|clientSecret|client_assertion|assertion|secretText|password|passwd|token|key|key2|code_verifier|MicrosoftAppPassword|MicrosoftAppPasswordBefore|CHAT_SESSION_KEY|CHAT_SESSION_KEY_BEFORE";

const inJson = new RegExp(`("(?:${secretFields})"\\s*:\\s*")((?:[^"\\\\]|\\\\.)+)(")`, "g");
const inForm = new RegExp(`((?:^|[&?])(?:${secretFields}|code|t|sig)=)([^&#\\s"<]+)`, "g");
/** Key Vault and ARM call a secret's content just `value`; elsewhere that name is harmless. */
const inVault = /("(?:value|primarySharedKey|secondarySharedKey)"\s*:\s*")((?:[^"\\]|\\.)+)(")/g;
const vaultAddress = /\.vault\.azure\.net\/|\/vaults\/[^/]+\/secrets|\/listKeys|\/regenerateKey|\/sharedKeys/i;
/** A signed token, or the beginning of one. */
const signedToken = /eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;

/** An exchange without its secrets and with the beginning of its bodies, as people may see it. */
export function redactExchange(exchange: Exchange): Exchange {
  const { url, requestHeaders, responseHeaders, requestBody, responseBody } = exchange;
  const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? "";
  const body = (text: string): string => redactBody(text.slice(0, keptBody + beyond), url).slice(0, keptBody);
  return {
    ...exchange,
    url: origin + redactText(url.slice(origin.length)),
    requestHeaders: redactHeaders(new Headers(requestHeaders)),
    responseHeaders: redactHeaders(new Headers(responseHeaders)),
    ...(requestBody !== undefined && { requestBody: body(requestBody) }),
    ...(responseBody !== undefined && { responseBody: body(responseBody) }),
  };
}

/** The body of a request or an answer without its secrets. */
export function redactBody(text: string, address: string): string {
  if (!vaultAddress.test(address)) return redactText(text);
  return redactText(
    text.replace(inVault, (_, before: string, value: string, after: string) => before + describe(value) + after),
  );
}

/** A text with every secret in it replaced by what may be known of it. */
export function redactText(text: string): string {
  const named = text
    .replace(inJson, (_, before: string, value: string, after: string) => before + describe(value) + after)
    .replace(inForm, (_, before: string, value: string) => before + describe(value))
    .replace(signedToken, describe);
  return knownSecrets.hide(named);
}

/** Headers as the trace keeps them: credentials and cookies described, never shown. */
export function redactHeaders(headers: Headers): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (name === "authorization" || name === "proxy-authorization") {
      const [scheme, credential = ""] = value.split(" ", 2);
      shown[name] = knownSecrets.hide(credential ? `${scheme} ${describe(credential)}` : describe(value));
    } else if (name === "cookie" || name === "set-cookie") {
      // A cookie's name may carry a secret, too: which of several sign-ins it belongs to.
      shown[name] = knownSecrets.hide(value.replace(/=[^;,]*/g, "=(hidden)"));
    } else if (name === "x-identity-header" || name === "ocp-apim-subscription-key") {
      shown[name] = describe(value);
    } else {
      shown[name] = redactText(value);
    }
  }
  return shown;
}

/** What may be shown of a credential: a token's type, audience, application, scopes and expiry; of all else only its length. */
function describe(credential: string): string {
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
