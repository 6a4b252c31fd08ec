import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import { ShortLived } from "../bot-service/short-lived";
import type { OAuthClient } from "../oauth-clients";
import { newTicket } from "../secrets";
import type { Azure } from "../service";
import type { Person } from "../tenant";
import { gitHubHost } from "./account";

/** What a person has allowed an application. */
export interface Grant {
  readonly clientId: string;
  readonly personId: string;
  readonly scopes: readonly string[];
}

interface Token extends Grant {
  readonly kind: "access" | "refresh";
  /** Tokens of one sign-in: a refresh ends both of the old ones. */
  readonly pair: string;
  /** Milliseconds since 1970 by the local Azure's clock; absent where it lasts until it is revoked. */
  readonly expiresAt?: number;
}

interface Code extends Grant {
  readonly redirectUri: string;
}

/** What the token endpoint gives. */
export type IssuedTokens = Readonly<Record<string, string | number>>;

const seconds = 1000;
/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens */
const expiry = { access: 28_800, refresh: 15_897_600 } as const;

/**
 * Ids of GitHub Apps begin with `Iv`, those of OAuth apps do not (`Ov`, or 20 hexadecimal digits of old). Tokens of GitHub
 * Apps end after eight hours and can be renewed; those of OAuth apps last, and there is no refresh token.
 */
export const isGitHubApp = ({ clientId }: Pick<OAuthClient, "clientId">): boolean => clientId.startsWith("Iv");

/** Codes and tokens of GitHub's users. */
export class GitHubGrants {
  readonly #tokens = new Map<string, Token>();
  readonly #granted = new Map<string, Grant>();
  readonly #codes: ShortLived<Code>;

  constructor(private readonly azure: Azure) {
    // Ten minutes: https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
    this.#codes = new ShortLived(() => this.#now(), 600 * seconds, 1_000);
  }

  get kept(): readonly Kept[] {
    return [keptMap("GitHub tokens", this.#tokens), keptMap("GitHub grants", this.#granted)];
  }

  #now(): number {
    return this.azure.clock.now().getTime();
  }

  /** What a person has allowed an application, where he has. */
  granted(clientId: string, personId: string): Grant | undefined {
    return this.#granted.get(`${clientId} ${personId}`);
  }

  /** Every application that a person has allowed something. */
  grantsOf(personId: string): Grant[] {
    return [...this.#granted.values()].filter((grant) => grant.personId === personId);
  }

  /** A person allows an application something. Gives the code that goes back with the browser. */
  allow(grant: Grant, redirectUri: string): string {
    const { clientId, personId } = grant;
    const before = this.granted(clientId, personId)?.scopes ?? [];
    const scopes = [...new Set([...before, ...grant.scopes])];
    this.#granted.set(`${clientId} ${personId}`, { clientId, personId, scopes });
    const code = newTicket(10, "hex");
    this.#codes.set(code, { ...grant, redirectUri });
    return code;
  }

  /** Tokens for a code; undefined where it is wrong, used, too old, or another application's. */
  redeem(client: OAuthClient, code: string, redirectUri: string | null): IssuedTokens | "redirect" | undefined {
    const found = this.#codes.get(code);
    if (!found || found.clientId !== client.clientId) return undefined;
    if (redirectUri !== null && redirectUri !== found.redirectUri) return "redirect";
    this.#codes.take(code);
    return this.#issue(client, found);
  }

  /** New tokens for a refresh token, which ends with that, and its access token too; undefined where it is no good. */
  refresh(client: OAuthClient, refreshToken: string): IssuedTokens | undefined {
    const found = this.#find(refreshToken);
    if (found?.kind !== "refresh" || found.clientId !== client.clientId) return undefined;
    this.#revokePair(found.pair);
    return this.#issue(client, found);
  }

  #issue(client: OAuthClient, { clientId, personId, scopes }: Grant): IssuedTokens {
    const expires = isGitHubApp(client);
    const pair = newTicket(8, "hex");
    const make = (kind: Token["kind"], prefix: string, bytes: number): string => {
      const token = `${prefix}_${newTicket(bytes, "hex")}`;
      const expiresAt = expires ? { expiresAt: this.#now() + expiry[kind] * seconds } : {};
      this.#tokens.set(token, { kind, pair, clientId, personId, scopes, ...expiresAt });
      return token;
    };
    if (!expires) {
      return { access_token: make("access", "gho", 18), scope: scopes.join(","), token_type: "bearer" };
    }
    return {
      access_token: make("access", "ghu", 18),
      expires_in: expiry.access,
      refresh_token: make("refresh", "ghr", 38),
      refresh_token_expires_in: expiry.refresh,
      // A GitHub App has permissions instead of scopes.
      scope: "",
      token_type: "bearer",
    };
  }

  #find(token: string): Token | undefined {
    const found = this.#tokens.get(token);
    return found && (found.expiresAt === undefined || found.expiresAt > this.#now()) ? found : undefined;
  }

  /** Whose access token it is, and what it may. */
  bearer(token: string): { person: Person; client: OAuthClient; scopes: readonly string[] } | undefined {
    const found = this.#find(token);
    if (found?.kind !== "access") return undefined;
    const person = this.azure.tenant.people.find(({ objectId }) => objectId === found.personId);
    const client = this.azure.oauthClients.find(gitHubHost, found.clientId);
    return person && client && { person, client, scopes: found.scopes };
  }

  /** Ends one token; false where the application has no such. */
  revokeToken(clientId: string, token: string): boolean {
    return this.#find(token)?.clientId === clientId && this.#tokens.delete(token);
  }

  /** Ends all that a person has allowed an application. */
  revoke(clientId: string, personId: string): void {
    this.#granted.delete(`${clientId} ${personId}`);
    for (const [token, held] of this.#tokens) {
      if (held.clientId === clientId && held.personId === personId) this.#tokens.delete(token);
    }
  }

  #revokePair(pair: string): void {
    for (const [token, held] of this.#tokens) if (held.pair === pair) this.#tokens.delete(token);
  }
}
