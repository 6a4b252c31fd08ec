import type { ReturnAddress } from "./authorization-request";
import { describe, type EntraError, type Occurrence } from "./errors";
import { formPostPage } from "./pages/message-page";

/** Sends the browser back to the application with an answer, in its query or as a form. */
export function goBack(back: ReturnAddress, answer: ReadonlyMap<string, string>, cookies: readonly string[]): Response {
  const fields = new Map(answer);
  if (back.state !== undefined) fields.set("state", back.state);
  if (back.mode === "form_post") return formPostPage(back.redirectUri, fields, cookies);
  const query = new URLSearchParams([...fields]).toString();
  const separator = back.redirectUri.includes("?") ? "&" : "?";
  const headers = new Headers({
    location: query ? `${back.redirectUri}${separator}${query}` : back.redirectUri,
    "cache-control": "no-store, no-cache",
  });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 302, headers });
}

/** Sends the browser back to the application with a refusal. */
export function refuseBack(back: ReturnAddress, error: EntraError, at: Occurrence): Response {
  const answer = new Map<string, string>([["error", error.error]]);
  if (error.suberror) answer.set("error_subcode", error.suberror);
  answer.set("error_description", describe(error, at));
  answer.set("error_uri", `https://login.microsoftonline.com/error?code=${error.number}`);
  return goBack(back, answer, []);
}
