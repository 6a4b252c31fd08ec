import { createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { exportJWK, type JWK, SignJWT } from "jose";
import type { Clock } from "../clock";
import { newRsaKey, noteTicket } from "../secrets";

export const channelIssuer = "https://api.botframework.com";
const hour = 60 * 60;

/** Bot Service's own key, made at start, with which it signs what it sends to bots. */
export class ChannelKey {
  readonly #id = randomUUID();
  #key?: Promise<KeyObject>;

  constructor(private readonly clock: () => Clock) {}

  #privateKey(): Promise<KeyObject> {
    this.#key ??= newRsaKey(2048);
    return this.#key;
  }

  /**
   * The bearer token of one activity, good for an hour.
   * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
   * @param appId the bot's application id
   * @param serviceUrl the activity's, which the bot compares with the claim
   */
  async token(appId: string, serviceUrl: string): Promise<string> {
    const privateKey = await this.#privateKey();
    const now = this.clock().seconds();
    const token = await new SignJWT({ serviceurl: serviceUrl })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: this.#id, x5t: this.#id })
      .setIssuer(channelIssuer)
      .setAudience(appId)
      .setNotBefore(now - 5 * 60)
      .setExpirationTime(now + hour)
      .sign(privateKey);
    return noteTicket(token);
  }

  /** What the key document shows. */
  async publicKey(): Promise<JWK> {
    const jwk = await exportJWK(createPublicKey(await this.#privateKey()));
    return {
      ...jwk,
      kid: this.#id,
      x5t: this.#id,
      use: "sig",
      alg: "RS256",
      endorsements: ["directline", "msteams"],
    } as JWK;
  }
}
