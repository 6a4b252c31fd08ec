import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import type { Clock } from "../clock";

export const channelIssuer = "https://api.botframework.com";
const hour = 60 * 60;

/** Bot Service's own key, made at start, with which it signs what it sends to bots. */
export class ChannelKey {
  readonly #id = randomUUID();
  #pair?: Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }>;

  constructor(private readonly clock: () => Clock) {}

  #keys(): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> {
    this.#pair ??= generateKeyPair("RS256");
    return this.#pair;
  }

  /**
   * The bearer token of one activity, good for an hour.
   * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
   * @param appId the bot's application id
   * @param serviceUrl the activity's, which the bot compares with the claim
   */
  async token(appId: string, serviceUrl: string): Promise<string> {
    const { privateKey } = await this.#keys();
    const now = this.clock().seconds();
    return new SignJWT({ serviceurl: serviceUrl })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: this.#id, x5t: this.#id })
      .setIssuer(channelIssuer)
      .setAudience(appId)
      .setNotBefore(now - 5 * 60)
      .setExpirationTime(now + hour)
      .sign(privateKey);
  }

  /** What the key document shows. */
  async publicKey(): Promise<JWK> {
    const { publicKey } = await this.#keys();
    const jwk = await exportJWK(publicKey);
    return { ...jwk, kid: this.#id, x5t: this.#id, use: "sig", alg: "RS256", endorsements: ["directline"] } as JWK;
  }
}
