import { redirectUris, type Application } from "./application";
import { findApplication, findPrincipal, type Client } from "./client";
import type { DirectoryStore } from "./directory-store";
import { refusals } from "./errors";
import type { AuthorizationCode } from "./issued-grants";
import { readScopes, type RequestedScopes } from "./requested-scopes";
import type { Authority } from "./tenants";

/** Where the browser goes back to: an address that the application registered. */
export interface ReturnAddress {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly mode: "query" | "form_post";
}

export type Prompt = "none" | "login" | "select_account" | "consent" | undefined;

/** What an application asks for when it sends a browser to sign in. */
export interface AuthorizationRequest {
  readonly client: Client;
  readonly back: ReturnAddress;
  readonly scope: string;
  readonly scopes: RequestedScopes;
  readonly prompt: Prompt;
  readonly loginHint: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: AuthorizationCode["challenge"];
}

/** The application of a request. Throws AADSTS900144, AADSTS700016, AADSTS7000229. */
export function readClient(directory: DirectoryStore, where: Authority, query: URLSearchParams): Client {
  const clientId = query.get("client_id");
  if (!clientId) throw refusals.parameterMissing("client_id");
  const application = findApplication(directory, where, clientId);
  return { application, principal: findPrincipal(directory, application) };
}

/**
 * The return address of a request, compared as Entra does: exactly, save the port of this machine. Until it is known
 * to be right nothing is ever sent to it (known mistake 4).
 * Throws AADSTS500113 (none registered), AADSTS50011 (another one registered).
 */
export function readReturnAddress(application: Application, query: URLSearchParams): ReturnAddress {
  const registered = redirectUris(application);
  const [first] = registered;
  if (first === undefined) throw refusals.redirectMissing();
  const redirectUri = query.get("redirect_uri") ?? first;
  if (!registered.some((address) => withoutLocalPort(address) === withoutLocalPort(redirectUri))) {
    throw refusals.redirectMismatch(redirectUri, application.appId);
  }
  const mode = query.get("response_mode") ?? "query";
  if (mode !== "query" && mode !== "form_post") throw refusals.unsupportedParameter("response_mode");
  return { redirectUri, state: query.get("state") ?? undefined, mode };
}

/** The rest of a request; what is wrong in it is told to the application by a redirect. Throws `EntraError`. */
export function readAuthorizationRequest(
  directory: DirectoryStore,
  client: Client,
  back: ReturnAddress,
  query: URLSearchParams,
): AuthorizationRequest {
  const type = query.get("response_type");
  if (!type) throw refusals.parameterMissing("response_type");
  if (type !== "code") throw refusals.unsupportedResponseType(type);
  const scope = query.get("scope");
  if (!scope) throw refusals.parameterMissing("scope");
  return {
    client,
    back,
    scope,
    scopes: readScopes(directory, client.application.appId, scope),
    prompt: readPrompt(query.get("prompt")),
    loginHint: query.get("login_hint") ?? undefined,
    nonce: query.get("nonce") ?? undefined,
    challenge: readChallenge(query),
  };
}

function readPrompt(prompt: string | null): Prompt {
  if (prompt === null || prompt === "") return undefined;
  if (prompt === "none" || prompt === "login" || prompt === "select_account" || prompt === "consent") return prompt;
  throw refusals.unsupportedParameter("prompt");
}

/** PKCE: https://datatracker.ietf.org/doc/html/rfc7636 */
function readChallenge(query: URLSearchParams): AuthorizationCode["challenge"] {
  const value = query.get("code_challenge");
  if (value === null) return undefined;
  const method = query.get("code_challenge_method") ?? "plain";
  if (method !== "S256" && method !== "plain") throw refusals.unsupportedParameter("code_challenge_method");
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(value)) throw refusals.challengeInvalid();
  return { method, value };
}

function withoutLocalPort(address: string): string {
  return address.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+(?=[/?]|$)/i, "$1");
}
