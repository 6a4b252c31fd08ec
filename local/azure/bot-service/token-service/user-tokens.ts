import { plainProviderIds, templatedProvider } from "../../../../contract/provider-endpoints";
import type { Kept } from "../../../data/folder";
import { keptMap } from "../../../data/kept-map";
import { newSixDigits } from "../../secrets";
import { notServed } from "../../gap";
import type { Azure } from "../../service";
import type { Bot, Connection } from "../registration";
import { ShortLived } from "../short-lived";
import { EntraProvider } from "./entra";
import { type IdentityProvider, ProviderRefused, type TokenSet } from "./identity-provider";
import { OAuth2Provider } from "./oauth2";

/** Whose token: on the wire one is kept per bot, channel, user and connection. */
export interface TokenOwner {
  readonly bot: Bot;
  readonly connection: Connection;
  readonly channelId: string;
  readonly userId: string;
}

/** What a bot gets. */
export interface TokenResponse {
  readonly channelId: string;
  readonly connectionName: string;
  readonly token: string;
  /** ISO 8601; absent where the provider named no end. assumed: no document or recording shows such an answer. */
  readonly expiration?: string;
}

interface Offer {
  readonly code: string;
  readonly tokens: TokenSet;
  triesLeft: number;
}

const minute = 60 * 1000;
const most = 10_000;

/** Keeps users' tokens, renews them at their provider, and holds back those that wait for their six-digit code. */
export class UserTokens {
  readonly #tokens = new Map<string, TokenSet>();
  readonly #offers: ShortLived<Offer>;
  readonly #renewals = new Map<string, Promise<TokenSet | undefined>>();
  readonly #providers: readonly IdentityProvider[];

  constructor(private readonly azure: Azure) {
    // Ten minutes and five tries are the local Azure's own choice: the real service documents neither.
    this.#offers = new ShortLived(() => azure.clock.now().getTime(), 10 * minute, most);
    this.#providers = [
      EntraProvider.bySecret(azure),
      EntraProvider.byFederatedCredential(azure),
      // Of those that are missing here the local Azure says that it does not sign in there.
      ...[templatedProvider, ...plainProviderIds].map((id) => new OAuth2Provider(azure, id)),
    ];
  }

  /** Who is signed in stays signed in; a code that waits to be typed is lost with a restart. */
  get kept(): Kept {
    return keptMap("user tokens", this.#tokens);
  }

  /** The provider of a connection. @throws AzureError where the local Azure does not sign in there */
  provider(connection: Connection): IdentityProvider {
    const found = this.#providers.find(({ id }) => id === connection.providerId);
    if (!found) throw notServed(`the sign-in at '${connection.providerDisplayName}'`);
    return found;
  }

  /** The user's token, renewed at the provider where it is about to end; undefined where the user has to sign in. */
  async get(owner: TokenOwner): Promise<TokenResponse | undefined> {
    const key = keyOf(owner);
    const kept = this.#tokens.get(key);
    if (!kept) return undefined;
    if (kept.expiresAt === undefined) return toResponse(owner, kept);
    const left = kept.expiresAt - this.azure.clock.now().getTime();
    if (left > 5 * minute || (left > 0 && !kept.refreshToken)) return toResponse(owner, kept);
    const renewed = await this.#renew(owner, key, kept);
    return renewed && toResponse(owner, renewed);
  }

  /** One renewal at a time: providers may make a refresh token useless once it was used. */
  #renew(owner: TokenOwner, key: string, kept: TokenSet): Promise<TokenSet | undefined> {
    const underWay = this.#renewals.get(key);
    if (underWay) return underWay;
    const renewal = this.#askAgain(owner, key, kept).finally(() => this.#renewals.delete(key));
    this.#renewals.set(key, renewal);
    return renewal;
  }

  async #askAgain({ connection }: TokenOwner, key: string, kept: TokenSet): Promise<TokenSet | undefined> {
    try {
      if (!kept.refreshToken) throw new ProviderRefused("invalid_grant", "the token has ended");
      const renewed = await this.provider(connection).refresh(connection, kept.refreshToken);
      // The user may have signed out meanwhile.
      if (this.#tokens.get(key) !== kept) return undefined;
      const next = { refreshToken: kept.refreshToken, ...renewed };
      this.#tokens.set(key, next);
      return next;
    } catch (error) {
      if (!(error instanceof ProviderRefused)) throw error;
      // assumed, as with any client of OAuth: a provider that is down has taken nothing back.
      if (error.temporary) return (kept.expiresAt ?? 0) > this.azure.clock.now().getTime() ? kept : undefined;
      if (this.#tokens.get(key) === kept) this.#tokens.delete(key);
      return undefined;
    }
  }

  /** Keeps a token for a user whose browser is known to be the chat's. */
  keep(owner: TokenOwner, tokens: TokenSet): TokenResponse {
    const key = keyOf(owner);
    this.#tokens.delete(key);
    this.#tokens.set(key, tokens);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > most && oldest !== undefined) this.#tokens.delete(oldest);
    this.#offers.delete(key);
    return toResponse(owner, tokens);
  }

  /** Holds a token back until the user types the code that this gives, six digits, into the chat. */
  offer(owner: TokenOwner, tokens: TokenSet): string {
    const code = newSixDigits();
    this.#offers.set(keyOf(owner), { code, tokens, triesLeft: 5 });
    return code;
  }

  /** Keeps the token that waits for this code. A wrong code costs one of five tries and gives no token. */
  redeem(owner: TokenOwner, code: string): TokenResponse | undefined {
    const key = keyOf(owner);
    const offer = this.#offers.get(key);
    if (!offer) return undefined;
    if (offer.code === code) return this.keep(owner, offer.tokens);
    offer.triesLeft -= 1;
    if (offer.triesLeft === 0) this.#offers.delete(key);
    return undefined;
  }

  /** A token for another resource, by the refresh token of the user's sign-in; undefined where the provider says no. */
  async forResource(owner: TokenOwner, resource: string): Promise<TokenResponse | undefined> {
    const refreshToken = this.#tokens.get(keyOf(owner))?.refreshToken;
    if (!refreshToken) return undefined;
    try {
      const scope = `${resource.replace(/\/$/, "")}/.default`;
      const tokens = await this.provider(owner.connection).refresh(owner.connection, refreshToken, scope);
      return toResponse(owner, tokens);
    } catch (error) {
      if (error instanceof ProviderRefused) return undefined;
      throw error;
    }
  }

  signOut(owner: TokenOwner): void {
    this.#tokens.delete(keyOf(owner));
    this.#offers.delete(keyOf(owner));
  }

  /** Forgets every token of a connection that was deleted: who used it has to sign in again. */
  forget(settingId: string): void {
    for (const key of this.#tokens.keys()) {
      if ((JSON.parse(key) as string[])[0] === settingId) this.#tokens.delete(key);
    }
  }
}

function keyOf({ bot, connection, channelId, userId }: TokenOwner): string {
  return JSON.stringify([connection.settingId, bot.appId.toLowerCase(), channelId, userId]);
}

function toResponse({ channelId, connection }: TokenOwner, tokens: TokenSet): TokenResponse {
  return {
    channelId,
    connectionName: connection.name,
    token: tokens.accessToken,
    ...(tokens.expiresAt !== undefined && { expiration: new Date(tokens.expiresAt).toISOString() }),
  };
}
