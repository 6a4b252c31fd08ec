import type { TokenRequest } from "../../../contract/provider-endpoints";
import type { Access } from "../../../infra/azure/access";
import { whyOf } from "../../../infra/azure/azure-call-error";
import { passwordRefusal, type ProvablePassword } from "../../../infra/azure/password-proof";
import type { EndpointAnswer, Walk } from "../set-up";

/** What Entra says to a request for an application's own token; the token itself is thrown away. */
export async function walkToken(access: Access, password: ProvablePassword): Promise<Walk> {
  const refused = await passwordRefusal(access, password);
  return refused ? { kind: "refused", code: refused.code, words: refused.cause } : { kind: "good" };
}

/** Redirects that are followed; Entra needs two or three on its way to the sign-in page. */
const redirects = 8;

/**
 * Opens an authorize address as a browser does, up to the page on which a person signs in.
 * @param address with all that the Token Service asks for
 * @param back where the Token Service takes people back: an answer there without a person is a refusal
 */
export async function walkAuthorize({ fetch }: Pick<Access, "fetch">, address: string, back: string): Promise<Walk> {
  if (!URL.canParse(address)) return { kind: "refused", code: "no-address", words: `"${address}" is no address` };
  const cookies = new Map<string, string>();
  let at = address;
  for (let left = redirects; left > 0; left -= 1) {
    const headers = { accept: "text/html", cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const answer = await fetch(at, { headers, redirect: "manual", signal: AbortSignal.timeout(30_000) }).catch(
      (error: Error) => error,
    );
    if (answer instanceof Error) return noAnswer(at, answer);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (answer.status >= 300 && answer.status < 400 && location) {
      const next = new URL(location, at);
      if (next.href.startsWith(back)) return refusedBack(next);
      const { searchParams } = next;
      if (searchParams.has("error")) return refusedBack(next);
      at = next.href;
      continue;
    }
    return refusedOnPage(answer.status, await answer.text(), at);
  }
  return {
    kind: "refused",
    code: "too-many-redirects",
    words: `${new URL(address).host} sends the browser in a circle`,
  };
}

function refusedBack({ searchParams }: URL): Walk {
  const error = searchParams.get("error");
  // Whoever is let through without a page has a session already; a doctor's browser has none.
  if (error === null) return { kind: "good" };
  const words = (searchParams.get("error_description") ?? error).split(/\r?\n/)[0] ?? error;
  return { kind: "refused", code: /AADSTS\d+/.exec(words)?.[0] ?? error, words };
}

/** Entra shows a refusal as a page of status 200 or 400, with its number; others by their status. */
function refusedOnPage(status: number, html: string, address: string): Walk {
  const text = html
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#0?39;|&#x27;/gi, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
  const refusal = /AADSTS\d+[^]*?(?=Trace ID|Correlation ID|$)/.exec(text)?.[0]?.trim();
  const code = /AADSTS\d+/.exec(refusal ?? "")?.[0];
  if (refusal && code) return { kind: "refused", code, words: refusal.slice(0, 400) };
  if (status < 400) return { kind: "good" };
  const named =
    /\b(redirect_uri_mismatch|invalid_redirect_uri|invalid_client|unauthorized_client|invalid_scope)\b/.exec(text)?.[0];
  const said = named ?? (status === 404 ? "" : text.trim().slice(0, 120));
  const words = `${new URL(address).host} answers ${status}${said ? `: ${said}` : ""}`;
  return { kind: "refused", code: named ?? `Http${status}`, words };
}

/** What OAuth's token endpoints say of a client: https://datatracker.ietf.org/doc/html/rfc6749#section-5.2, and GitHub's own. */
const clientRefused = ["invalid_client", "incorrect_client_credentials", "unauthorized_client", "invalid_client_id"];
/** What they say of a code that they never gave, once they know the client. */
const codeRefused = ["invalid_grant", "bad_verification_code"];

/**
 * Asks a provider that is not Entra to redeem a code that it never gave: it tells whether it takes the client's id and secret.
 * Nothing follows from any other answer.
 */
export async function walkCode({ fetch }: Pick<Access, "fetch">, { url, body }: TokenRequest): Promise<Walk> {
  if (!/^https:/i.test(url)) return { kind: "not walked" };
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
  }).catch((error: Error) => error);
  if (answer instanceof Error) return noAnswer(url, answer);
  const { error = "", error_description = "" } = wordsOf(await answer.text());
  if (codeRefused.includes(error)) return { kind: "good" };
  if (!clientRefused.includes(error)) return { kind: "not walked" };
  const words = `${new URL(url).host} answers ${error}${error_description ? `: ${error_description.slice(0, 200)}` : ""}`;
  return { kind: "refused", code: error, words };
}

/** JSON, or a form. */
function wordsOf(text: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

function noAnswer(address: string, error: Error): Walk {
  const words = `${new URL(address).host} cannot be reached: ${whyOf(error)}`;
  return { kind: "refused", code: "unreachable", words };
}

/** What the endpoint answers to a message of nobody: a bot refuses it with 401 or 403, and does nothing else. */
export async function askEndpoint({ fetch }: Pick<Access, "fetch">, endpoint: string): Promise<EndpointAnswer> {
  if (!URL.canParse(endpoint)) return { kind: "no answer", why: "it is no address" };
  try {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
    });
    await answer.arrayBuffer();
    return {
      kind: "answered",
      status: answer.status,
      by: answer.headers.get("location") ?? answer.headers.get("www-authenticate") ?? "",
    };
  } catch (error) {
    return { kind: "no answer", why: whyOf(error as Error) };
  }
}
