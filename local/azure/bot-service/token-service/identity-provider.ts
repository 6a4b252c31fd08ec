import type { Connection } from "../registration";

/** What an identity provider gives for a user. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Milliseconds since 1970; absent where the provider says nothing of an end, as GitHub's OAuth apps do. */
  readonly expiresAt?: number;
}

/** What the Token Service sends along with a browser. */
export interface Ask {
  readonly redirectUri: string;
  readonly state: string;
  /** Proof of the code exchange (PKCE); only Entra is sent one. */
  readonly challenge: string;
}

/** What came back with the browser. */
export interface Answer {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/** The OAuth that one kind of connection speaks. Calls go over the wire, as the Token Service's do. */
export interface IdentityProvider {
  /** The connection's serviceProviderId. */
  readonly id: string;
  /** Refuses a connection of which no sign-in address can be made. @throws AzureError */
  checkConnection?(connection: Connection): void;
  /** Where the user's browser is sent to sign in. */
  authorizeUrl(connection: Connection, ask: Ask): string;
  /** Turns the code that came back into tokens. @throws ProviderRefused */
  redeem(connection: Connection, answer: Answer): Promise<TokenSet>;
  /** New tokens for an old refresh token; for other scopes than the connection's where given. @throws ProviderRefused */
  refresh(connection: Connection, refreshToken: string, scopes?: string): Promise<TokenSet>;
  /** Tokens for a token that the user's client already has (single sign-on). @throws ProviderRefused */
  exchange(connection: Connection, token: string): Promise<TokenSet>;
}

/** An identity provider said no. */
export class ProviderRefused extends Error {
  override readonly name = "ProviderRefused";

  constructor(
    /** OAuth's error: `invalid_grant`, `interaction_required`, ... */
    readonly code: string,
    readonly description: string,
    /** True where the provider could not answer just now: that says nothing of the grant. */
    readonly temporary = false,
  ) {
    super(`${code}: ${description}`);
  }
}
