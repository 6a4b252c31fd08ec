import { day } from "../../../contract/time";
import { timingSafeEqual } from "node:crypto";
import { readCookie } from "../bot-service/direct-line/sessions";
import { ShortLived } from "../bot-service/short-lived";
import { html } from "../entra/pages/html";
import { page } from "../entra/pages/layout";
import { signInPage } from "../entra/pages/sign-in-page";
import { notServed, requestOf } from "../gap";
import { type OAuthClient, OAuthClients } from "../oauth-clients";
import { donePage, permissionPage, personOf, refusalPage } from "../provider-pages";
import { type Call, type Routes, served } from "../routes";
import { newTicket } from "../secrets";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import type { Person } from "../tenant";
import { gitHubHost } from "./account";
import { authorizeRefusal, type tokenErrors, tokenRefusal } from "./errors";
import { type GitHubGrants, isGitHubApp } from "./grants";

/** A sign-in under way. */
interface Flow {
  readonly client?: OAuthClient;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly scopes: readonly string[];
}

const provider = "GitHub";
const sessionCookie = "user_session";

/** github.com: signing in, letting an application act, taking that back, and the token endpoint. */
export function createWebSite(azure: Azure, grants: GitHubGrants): Service {
  const site = new WebSite(azure, grants);
  const routes: Routes = {
    "GET /login/oauth/authorize": (call) => site.authorize(call),
    "POST /login/oauth/authorize": (call) => site.decide(call),
    "POST /session": (call) => site.logIn(call),
    "GET /login": (call) => site.logInPage(call),
    "GET /logout": (call) => site.logOut(call),
    "POST /login/oauth/access_token": (call) => site.accessToken(call),
    "GET /settings/applications": (call) => site.applications(call),
    "POST /settings/applications": (call) => site.revoke(call),
  };
  return {
    name: provider,
    hosts: [gitHubHost],
    signOut: "/logout",
    kept: grants.kept,
    ...served(routes, (request) => notServed(requestOf(request), "GitHub may")),
  };
}

class WebSite {
  readonly #flows: ShortLived<Flow>;
  readonly #sessions: ShortLived<Person>;

  constructor(
    private readonly azure: Azure,
    private readonly grants: GitHubGrants,
  ) {
    const now = (): number => azure.clock.now().getTime();
    this.#flows = new ShortLived(now, 600_000, 1_000);
    this.#sessions = new ShortLived(now, day, 1_000);
  }

  /** https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps */
  authorize({ request, query }: Call): Response {
    const client = this.azure.oauthClients.find(gitHubHost, query.get("client_id") ?? "");
    const [registered] = client?.redirectUris ?? [];
    if (!client || registered === undefined) {
      this.azure.log(OAuthClients.unknown(gitHubHost, query.get("client_id") ?? ""));
      return refusalPage(provider, "404", "This is not the page you are looking for.", 404);
    }
    const redirectUri = query.get("redirect_uri") ?? registered;
    const state = query.get("state");
    if (!client.redirectUris.some((uri) => isBelow(redirectUri, uri))) {
      return goBack(registered, state, authorizeRefusal("redirect_uri_mismatch"));
    }
    // A GitHub App's permissions are its own; it is sent no scopes.
    const scopes = isGitHubApp(client) ? [] : (query.get("scope") ?? "").split(/[\s,]+/).filter(Boolean);
    const flow: Flow = { client, redirectUri, state, scopes };
    const person = this.#signedIn(request);
    if (!person || query.get("prompt") === "select_account") return this.#signIn(flow);
    return this.#ask(flow, person);
  }

  logInPage(_call: Call): Response {
    return this.#signIn({ redirectUri: `https://${gitHubHost}/settings/applications`, state: null, scopes: [] });
  }

  #signIn(flow: Flow, again: { id: string; account: string } | undefined = undefined): Response {
    const id = again?.id ?? newTicket(24, "base64url");
    this.#flows.set(id, flow);
    const { people, password } = this.azure.tenant;
    return signInPage({
      provider,
      action: `https://${gitHubHost}/session`,
      flow: id,
      application: flow.client?.name ?? "GitHub",
      people,
      password,
      ...(again && { account: again.account, error: "Incorrect username or password." }),
    });
  }

  async logIn({ request }: Call): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const id = form.get("flow") ?? "";
    const flow = this.#flows.get(id);
    if (!flow) return refusalPage(provider, "This sign-in is over", "Please go back and begin again.");
    const person = personOf(this.azure.tenant.people, this.azure.tenant.password, form);
    if (!person) return this.#signIn(flow, { id, account: form.get("account") ?? "" });
    const session = newTicket(24, "base64url");
    this.#sessions.set(session, person);
    const cookie = `${sessionCookie}=${session}; Path=/; HttpOnly; Secure; SameSite=Lax`;
    if (!flow.client) return goBack(flow.redirectUri, null, {}, [cookie]);
    return this.#ask(flow, person, [cookie]);
  }

  /** Asks for permission, unless the person has given it before. */
  #ask(flow: Flow, person: Person, cookies: readonly string[] = []): Response {
    const { client, scopes } = flow;
    if (!client) return goBack(flow.redirectUri, null, {}, cookies);
    const before = this.grants.granted(client.clientId, person.objectId);
    if (before && scopes.every((scope) => before.scopes.includes(scope))) return this.#allow(flow, person, cookies);
    const id = newTicket(24, "base64url");
    this.#flows.set(id, flow);
    return permissionPage({
      provider,
      action: `https://${gitHubHost}/login/oauth/authorize`,
      flow: id,
      application: client.name,
      person,
      scopes: scopes.length > 0 ? scopes : ["Act on your behalf"],
      cookies,
    });
  }

  async decide({ request }: Call): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const flow = this.#flows.take(form.get("flow") ?? "");
    const person = this.#signedIn(request);
    if (!flow || !person) return refusalPage(provider, "This sign-in is over", "Please go back and begin again.");
    if (form.get("decision") === "accept") return this.#allow(flow, person);
    return goBack(flow.redirectUri, flow.state, authorizeRefusal("access_denied"));
  }

  #allow({ client, redirectUri, state, scopes }: Flow, person: Person, cookies: readonly string[] = []): Response {
    const grant = { clientId: client?.clientId ?? "", personId: person.objectId, scopes };
    return goBack(redirectUri, state, { code: this.grants.allow(grant, redirectUri) }, cookies);
  }

  #signedIn(request: Request): Person | undefined {
    return this.#sessions.get(readCookie(request, sessionCookie) ?? "");
  }

  /** GitHub answers a form unless JSON is asked for, and 200 to all but an unknown application. */
  async accessToken({ request, query }: Call): Promise<Response> {
    const sent = new URLSearchParams(await request.text());
    const value = (name: string): string | null => sent.get(name) ?? query.get(name);
    const answer = (told: Readonly<Record<string, string | number>>, status = 200): Response =>
      /json/.test(request.headers.get("accept") ?? "")
        ? Response.json(told, { status })
        : new Response(
            new URLSearchParams(Object.entries(told).map(([name, text]) => [name, String(text)])).toString(),
            {
              status,
              headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
            },
          );
    const refuse = (error: keyof typeof tokenErrors): Response => answer(tokenRefusal(error));
    const client = this.azure.oauthClients.find(gitHubHost, value("client_id") ?? "");
    if (!client) return answer({ error: "Not Found" }, 404);
    if (!equal(client.clientSecret, value("client_secret") ?? "")) return refuse("incorrect_client_credentials");
    const grantType = value("grant_type") ?? "authorization_code";
    if (grantType === "refresh_token") {
      const tokens = this.grants.refresh(client, value("refresh_token") ?? "");
      return tokens ? answer(tokens) : refuse("bad_refresh_token");
    }
    if (grantType !== "authorization_code") return refuse("unsupported_grant_type");
    const tokens = this.grants.redeem(client, value("code") ?? "", value("redirect_uri"));
    if (tokens === "redirect") return refuse("redirect_uri_mismatch");
    return tokens ? answer(tokens) : refuse("bad_verification_code");
  }

  logOut({ request }: Call): Response {
    this.#sessions.delete(readCookie(request, sessionCookie) ?? "");
    const gone = `${sessionCookie}=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0`;
    return donePage(provider, "You are signed out", "The next sign-in in this browser asks again who you are.", [gone]);
  }

  /** Applications that the person has allowed something, each with a button that takes it back. */
  applications({ request }: Call): Response {
    const person = this.#signedIn(request);
    if (!person) return new Response(null, { status: 302, headers: { location: `https://${gitHubHost}/login` } });
    const rows = this.grants.grantsOf(person.objectId).map(({ clientId, scopes }) => {
      const name = this.azure.oauthClients.find(gitHubHost, clientId)?.name ?? clientId;
      return html`<form method="post" action="https://github.com/settings/applications">
        <input type="hidden" name="client_id" value="${clientId}" />
        <p class="actions">
          <button type="submit">Revoke ${name}</button> <span class="quiet">${scopes.join(", ")}</span>
        </p>
      </form>`;
    });
    const content = html`<h1>Authorized applications</h1>
      ${rows.length === 0 && html`<p>You have authorized none.</p>`} ${rows}`;
    return page("Authorized applications", content, { provider });
  }

  async revoke({ request }: Call): Promise<Response> {
    const person = this.#signedIn(request);
    const clientId = new URLSearchParams(await request.text()).get("client_id") ?? "";
    if (person) this.grants.revoke(clientId, person.objectId);
    return new Response(null, { status: 302, headers: { location: `https://${gitHubHost}/settings/applications` } });
  }
}

/** "The redirect_uri's host and port must exactly match the callback URL; its path must be a subdirectory of it." */
function isBelow(redirectUri: string, callback: string): boolean {
  const [asked, registered] = [URL.parse(redirectUri), URL.parse(callback)];
  if (!asked || !registered || asked.origin !== registered.origin) return false;
  const folder = registered.pathname.replace(/\/?$/, "/");
  return asked.pathname === registered.pathname || asked.pathname.startsWith(folder);
}

function goBack(
  address: string,
  state: string | null,
  answer: Readonly<Record<string, string>>,
  cookies: readonly string[] = [],
): Response {
  const url = new URL(address);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set("state", state);
  const headers = new Headers({ location: url.href, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 302, headers });
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
