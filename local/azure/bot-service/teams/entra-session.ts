import { createHash } from "node:crypto";
import { newTicket } from "../../secrets";
import type { Azure } from "../../service";
import type { Person } from "../../tenant";
import { windowEnd, windowHost } from "./hosts";
import type { Device } from "./message";

const web = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346";
const desktopAndPhone = "1fec8e78-bce4-4aaf-ab1b-5451cc387264";
const redirectUri = `https://${windowHost}${windowEnd}`;
/** Entra keeps a browser signed in for a day; Teams signs in again before. Seconds. */
const freshFor = 20 * 3600;

/** A token, or why Entra gave none. */
export type Asked = { readonly token: string } | { readonly error: string; readonly description: string };

interface Session {
  readonly refreshToken: string;
  /** Entra's cookie for a browser in which the person is signed in. */
  readonly cookie: string;
  readonly at: number;
}

/**
 * How people are signed in to Teams: at Entra, by its pages, each with a session of their own on each kind of client. From then
 * on Teams has tokens for other applications by its refresh token, as far as these let it in.
 */
export class EntraSessions {
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(private readonly azure: Azure) {}

  /**
   * A token of a person's for an application's scope `access_as_user`, asked for by the client of Teams on a device.
   * @param resource the application's identifier URI
   */
  async tokenFor(person: Person, device: Device, resource: string): Promise<Asked> {
    const session = await this.#session(person, device).catch((error: Error) => error);
    if (session instanceof Error) return { error: "interaction_required", description: session.message };
    const told = await this.#ask({
      client_id: clientOf(device),
      grant_type: "refresh_token",
      refresh_token: session.refreshToken,
      scope: `${resource}/access_as_user`,
    });
    if (told.access_token !== undefined) return { token: told.access_token };
    // A session that has ended is begun anew with the next request.
    if (told.error === "invalid_grant" && !/AADSTS65001/.test(told.error_description ?? "")) this.leave(person);
    return { error: told.error ?? "", description: told.error_description ?? "" };
  }

  /** Entra's cookie by which a browser is this person's: a window that Teams opens finds them signed in. */
  async cookieOf(person: Person): Promise<string> {
    return (await this.#session(person, "browser")).cookie;
  }

  /** Where a person allows Teams itself to have a token for an application that did not let it in beforehand. */
  consentAddress(person: Person, device: Device, resource: string): string {
    const query = new URLSearchParams({
      client_id: clientOf(device),
      response_type: "code",
      redirect_uri: redirectUri,
      scope: `${resource}/access_as_user`,
      login_hint: person.mail,
    });
    return `${this.#entra}/authorize?${query}`;
  }

  /** Forgets that a person is signed in to Teams. */
  leave({ objectId }: Person): void {
    for (const key of this.#sessions.keys()) if (key.startsWith(objectId)) this.#sessions.delete(key);
  }

  get #entra(): string {
    return `https://login.microsoftonline.com/${this.azure.tenant.tenantId}/oauth2/v2.0`;
  }

  async #session(person: Person, device: Device): Promise<Session> {
    const key = `${person.objectId} ${clientOf(device)}`;
    const kept = await this.#sessions.get(key);
    if (kept && this.azure.clock.seconds() - kept.at < freshFor) return kept;
    const made = this.#signIn(person, clientOf(device));
    this.#sessions.set(key, made);
    made.catch((error: Error) => {
      this.#sessions.delete(key);
      this.azure.log(`Teams: ${person.name} is not signed in. ${error.message}`);
    });
    return made;
  }

  /** Signs a person in by Entra's own pages, with the password that the sign-in page shows. */
  async #signIn({ mail }: Person, clientId: string): Promise<Session> {
    const verifier = newTicket(32, "base64url");
    const asked = { client_id: clientId, redirect_uri: redirectUri, scope: "openid profile offline_access" };
    const query = new URLSearchParams({
      ...asked,
      response_type: "code",
      login_hint: mail,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const page = await this.azure.call("Teams", `${this.#entra}/authorize?${query}`);
    const [, flow] = /name="flow" value="([^"]+)"/.exec(await page.text()) ?? [];
    if (flow === undefined) throw new Error(`Entra showed no sign-in page: ${page.status}.`);
    const back = await this.azure.call("Teams", `${this.#entra.replace("/oauth2/v2.0", "")}/login`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie: cookiesOf(page).join("; ") },
      body: new URLSearchParams({ flow, account: mail, password: this.azure.tenant.password }).toString(),
    });
    const code = URL.parse(back.headers.get("location") ?? "")?.searchParams.get("code");
    const cookie = back.headers.getSetCookie().find((one) => one.startsWith("LocalEntraSession="));
    if (!code || !cookie) throw new Error(`Entra did not sign ${mail} in: ${back.status}.`);
    const told = await this.#ask({ ...asked, grant_type: "authorization_code", code, code_verifier: verifier });
    if (told.refresh_token === undefined) throw new Error(told.error_description ?? "Entra gave no token.");
    return { refreshToken: told.refresh_token, cookie, at: this.azure.clock.seconds() };
  }

  async #ask(form: Record<string, string>): Promise<Record<string, string | undefined>> {
    const answer = await this.azure.call("Teams", `${this.#entra}/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    const text = await answer.text();
    try {
      return JSON.parse(text) as Record<string, string | undefined>;
    } catch {
      return { error: "server_error", error_description: `Entra answered ${answer.status}.` };
    }
  }
}

const clientOf = (device: Device): string => (device === "browser" ? web : desktopAndPhone);

const cookiesOf = ({ headers }: Response): string[] =>
  headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
