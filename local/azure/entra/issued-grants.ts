import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import { newTicket } from "../secrets";
import type { Person } from "../tenant";
import type { DirectoryStore } from "./directory-store";
import { refusals } from "./errors";

/** What a signed-in person allowed an application, behind an authorization code. */
export interface AuthorizationCode {
  readonly clientId: string;
  readonly person: Person;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly challenge: { readonly method: "S256" | "plain"; readonly value: string } | undefined;
}

/** Behind a refresh token: any permission that the person consented to can be asked for with it. */
export interface RefreshToken {
  readonly clientId: string;
  readonly person: Person;
  /** What the request asked for that made it; the default of a refresh without `scope`. */
  readonly scope: string;
}

type Issued<T> = T & { readonly expires: number; redeemed: boolean };

/** At most so many codes and refresh tokens are kept, so that memory stays flat. */
const keptGrants = 5_000;

/** Authorization codes and refresh tokens that Entra has issued. */
export class IssuedGrants {
  readonly #codes = new Map<string, Issued<AuthorizationCode>>();
  readonly #refreshTokens = new Map<string, Issued<RefreshToken>>();

  constructor(private readonly directory: DirectoryStore) {}

  /** Refresh tokens go on; a code lives for minutes and is lost with a restart. */
  get kept(): Kept {
    return keptMap("refresh tokens", this.#refreshTokens);
  }

  newCode(code: AuthorizationCode): string {
    return this.#keep(this.#codes, "1.", code, this.directory.lifetimes.authorizationCode);
  }

  newRefreshToken(token: RefreshToken): string {
    return this.#keep(this.#refreshTokens, "1.A", token, this.directory.lifetimes.refreshToken);
  }

  /** Redeems a code, once. Throws AADSTS9002313, AADSTS54005 (used), AADSTS70008 (expired), AADSTS70000 (another client's). */
  redeem(code: string, clientId: string): AuthorizationCode {
    const kept = this.#codes.get(code);
    if (!kept) throw refusals.codeMalformed();
    if (kept.clientId !== clientId) throw refusals.grantOfAnother("authorization code");
    if (kept.redeemed) throw refusals.codeRedeemed();
    if (this.directory.clock.seconds() >= kept.expires) throw refusals.codeExpired();
    kept.redeemed = true;
    return kept;
  }

  /** What is behind a refresh token, which stays valid. Throws AADSTS9002313, AADSTS700082, AADSTS70000. */
  refresh(token: string, clientId: string): RefreshToken {
    const kept = this.#refreshTokens.get(token);
    if (!kept) throw refusals.codeMalformed();
    if (kept.clientId !== clientId) throw refusals.grantOfAnother("refresh token");
    const lifetime = this.directory.lifetimes.refreshToken;
    if (this.directory.clock.seconds() >= kept.expires)
      throw refusals.refreshTokenExpired(new Date((kept.expires - lifetime) * 1000), lifetime);
    return kept;
  }

  #keep<T>(among: Map<string, Issued<T>>, prefix: string, grant: T, lifetime: number): string {
    const key = prefix + newTicket(48, "base64url");
    among.set(key, { ...grant, expires: this.directory.clock.seconds() + lifetime, redeemed: false });
    for (const oldest of among.keys()) {
      if (among.size <= keptGrants) break;
      among.delete(oldest);
    }
    return key;
  }
}
