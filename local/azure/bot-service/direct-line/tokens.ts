import { errors, jwtVerify, SignJWT } from "jose";
import type { Kept } from "../../../data/folder";
import type { Clock } from "../../clock";
import { newSharedKey, noteTicket } from "../../secrets";
import { invalidSecret, tokenExpired } from "../errors";

/** What a Direct Line token is good for: one conversation of one bot, as one user. */
export interface TokenClaims {
  /** ARM id of the bot. */
  readonly bot: string;
  readonly site: string;
  readonly conv: string;
  readonly user?: string;
  readonly userName?: string;
  /** Trusted origins of the request that made it; they count only where the site has none. */
  readonly origins?: readonly string[];
}

/** Seconds that a token lives: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-authentication */
export const tokenLifetime = 1_800;

const issuer = "https://directline.botframework.com/";

/** Makes and reads Direct Line tokens. */
export class DirectLineTokens {
  #key: Uint8Array = newSharedKey(32);

  /** A page that is open over a restart goes on with its token. */
  readonly kept: Kept = {
    name: "Direct Line token key",
    snapshot: () => this.#key,
    restore: (key) => {
      this.#key = key as Uint8Array;
    },
  };

  constructor(private readonly clock: () => Clock) {}

  async issue(claims: TokenClaims): Promise<string> {
    const now = this.clock().seconds();
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(issuer)
      .setAudience(issuer)
      .setNotBefore(now)
      .setExpirationTime(now + tokenLifetime)
      .sign(this.#key);
    return noteTicket(token);
  }

  /** @throws AzureError TokenExpired, or BadArgument for what is no token of ours */
  async read(token: string): Promise<TokenClaims> {
    try {
      const options = { issuer, audience: issuer, algorithms: ["HS256"], currentDate: this.clock().now() };
      const { payload } = await jwtVerify<TokenClaims>(token, this.#key, options);
      return payload;
    } catch (error) {
      throw error instanceof errors.JWTExpired ? tokenExpired() : invalidSecret();
    }
  }
}
