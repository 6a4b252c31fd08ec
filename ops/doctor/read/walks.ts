import type { TokenRequest } from "../../../contract/provider-endpoints";
import type { Access } from "../../../infra/azure/access";
import { isBusy } from "../../../infra/azure/call";
import { type Answer, caught, exchange, NoAnswer, objectIn } from "../../../infra/azure/exchange";
import { passwordRefusal, type ProvablePassword } from "../../../infra/azure/password-proof";
import type { EndpointAnswer } from "../set-up";
import type { Walk } from "../set-up/entra";

/** A walk that came to no end: nobody answered, or somebody who had no time. What a next one meets nobody knows. */
export interface Unended {
  readonly ended: "unended";
  readonly because: string;
}

/** Milliseconds for one step of a walk, and before a step that came to no end is taken once more. */
const stepWithin = 30_000;
const secondTryAfter = 2_000;

/** Takes a walk once more where it came to no end. */
async function twice(access: Access, walk: () => Promise<Walk | Unended>): Promise<Walk | Unended> {
  const first = await walk();
  if (first.ended !== "unended") return first;
  await access.wait(secondTryAfter);
  return walk();
}

/** What Entra says to a request for an application's own token; the token itself is thrown away. */
export function walkToken(access: Access, password: ProvablePassword): Promise<Walk | Unended> {
  return twice(access, async () => {
    const refused = await passwordRefusal(access, password);
    if (!refused) return { ended: "good" };
    const { code, cause, status = 0 } = refused;
    // Entra gives each of its refusals a number; what has none comes from somebody on the way.
    if (!code.startsWith("AADSTS") || isBusy({ status })) return { ended: "unended", because: `${cause} [${code}]` };
    return { ended: "refused", code, words: cause };
  });
}

/** Redirects that are followed; Entra needs two or three on its way to the sign-in page. */
const redirects = 8;

/**
 * Opens an authorize address as a browser does, up to the page on which a person signs in.
 * @param address with all that the Token Service asks for
 * @param back where the Token Service takes people back: an answer there without a person is a refusal
 */
export function walkAuthorize(access: Access, address: string, back: string): Promise<Walk | Unended> {
  return twice(access, () => authorize(access, address, back));
}

async function authorize(access: Access, address: string, back: string): Promise<Walk | Unended> {
  if (!URL.canParse(address)) return { ended: "refused", code: "no-address", words: `"${address}" is no address` };
  const cookies = new Map<string, string>();
  let at = address;
  for (let left = redirects; left > 0; left -= 1) {
    const headers = { accept: "text/html", cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const answer = await exchange(access, at, stepWithin, { headers, redirect: "manual" }).catch(caught);
    if (answer instanceof NoAnswer) return noAnswer(at, answer);
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
    return refusedOnPage(answer, at);
  }
  return {
    ended: "refused",
    code: "too-many-redirects",
    words: `${new URL(address).host} sends the browser in a circle`,
  };
}

function refusedBack({ searchParams }: URL): Walk {
  const error = searchParams.get("error");
  // Whoever is let through without a page has a session already; a doctor's browser has none.
  if (error === null) return { ended: "good" };
  const words = (searchParams.get("error_description") ?? error).split(/\r?\n/)[0] ?? error;
  return { ended: "refused", code: /AADSTS\d+/.exec(words)?.[0] ?? error, words };
}

/** Entra shows a refusal as a page of status 200 or 400, with its number; others by their status. */
function refusedOnPage(answer: Answer, address: string): Walk | Unended {
  const { status } = answer;
  const text = answer.text
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#0?39;|&#x27;/gi, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
  const refusal = /AADSTS\d+[^]*?(?=Trace ID|Correlation ID|$)/.exec(text)?.[0]?.trim();
  const code = /AADSTS\d+/.exec(refusal ?? "")?.[0];
  if (refusal && code) return { ended: "refused", code, words: refusal.slice(0, 400) };
  if (status < 400) return { ended: "good" };
  if (isBusy(answer)) return { ended: "unended", because: `${new URL(address).host} answers ${status}` };
  const named =
    /\b(redirect_uri_mismatch|invalid_redirect_uri|invalid_client|unauthorized_client|invalid_scope)\b/.exec(text)?.[0];
  const said = named ?? (status === 404 ? "" : text.trim().slice(0, 120));
  const words = `${new URL(address).host} answers ${status}${said ? `: ${said}` : ""}`;
  return { ended: "refused", code: named ?? `Http${status}`, words };
}

/** What OAuth's token endpoints say of a client: https://datatracker.ietf.org/doc/html/rfc6749#section-5.2, and GitHub's own. */
const clientRefused = ["invalid_client", "incorrect_client_credentials", "unauthorized_client", "invalid_client_id"];
/** What they say of a code that they never gave, once they know the client. */
const codeRefused = ["invalid_grant", "bad_verification_code"];

/**
 * Asks a provider that is not Entra to redeem a code that it never gave: it tells whether it takes the client's id and secret.
 * Nothing follows from any other answer.
 */
export function walkCode(access: Access, request: TokenRequest): Promise<Walk | Unended> {
  return twice(access, () => redeem(access, request));
}

async function redeem(access: Access, { url, body }: TokenRequest): Promise<Walk | Unended> {
  if (!/^https:/i.test(url)) return { ended: "not walked" };
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const request: RequestInit = { method: "POST", headers, body, redirect: "error" };
  const answer = await exchange(access, url, stepWithin, request).catch(caught);
  if (answer instanceof NoAnswer) return noAnswer(url, answer);
  if (isBusy(answer)) return { ended: "unended", because: `${new URL(url).host} answers ${answer.status}` };
  const { error = "", error_description = "" } = wordsOf(answer.text);
  if (codeRefused.includes(error)) return { ended: "good" };
  if (!clientRefused.includes(error)) return { ended: "not walked" };
  const words = `${new URL(url).host} answers ${error}${error_description ? `: ${error_description.slice(0, 200)}` : ""}`;
  return { ended: "refused", code: error, words };
}

/** JSON, or a form. */
function wordsOf(text: string): Readonly<Record<string, string>> {
  return (objectIn(text) as Record<string, string> | undefined) ?? Object.fromEntries(new URLSearchParams(text));
}

function noAnswer(address: string, { message }: NoAnswer): Walk | Unended {
  const words = `${new URL(address).host} cannot be reached: ${message}`;
  // A host that does not exist is a wrong address, and no trouble of the moment; Entra's does.
  return message.includes("ENOTFOUND") && !address.startsWith("https://login.microsoftonline.com/")
    ? { ended: "refused", code: "unreachable", words }
    : { ended: "unended", because: words };
}

/** What the endpoint answers to a message of nobody: a bot refuses it with 401 or 403, and does nothing else. */
export async function askEndpoint(access: Pick<Access, "fetch">, endpoint: string): Promise<EndpointAnswer> {
  if (!URL.canParse(endpoint)) return { ended: "no answer", why: "it is no address" };
  const headers = { "content-type": "application/json" };
  const request: RequestInit = { method: "POST", headers, body: "{}", redirect: "manual" };
  const answer = await exchange(access, endpoint, stepWithin, request).catch(caught);
  if (answer instanceof NoAnswer) return { ended: "no answer", why: answer.message };
  const by = answer.headers.get("location") ?? answer.headers.get("www-authenticate") ?? "";
  return { ended: "answered", status: answer.status, by };
}
