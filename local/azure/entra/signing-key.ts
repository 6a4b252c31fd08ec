import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT, type JWK, type JWTPayload } from "jose";
import { newRsaKey, noteTicket } from "../secrets";

/** The key with which Entra signs its tokens (RS256). */
export class SigningKey {
  private constructor(
    readonly keyId: string,
    private readonly privateKey: KeyObject,
    private readonly publicKey: KeyObject,
    /** Public half, as the keys document lists it. */
    readonly publicJwk: JWK,
  ) {}

  /** A fresh key; its id is its thumbprint, so that a key of an earlier run is never taken for this one. */
  static async make(): Promise<SigningKey> {
    return SigningKey.#from(await newRsaKey(2048));
  }

  /** The key that an earlier run wrote out. */
  static read(pem: string): Promise<SigningKey> {
    return SigningKey.#from(createPrivateKey(pem));
  }

  static async #from(privateKey: KeyObject): Promise<SigningKey> {
    const publicKey = createPublicKey(privateKey);
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    return new SigningKey(kid, privateKey, publicKey, { ...jwk, kid, x5t: kid, use: "sig", alg: "RS256" });
  }

  /** The private key as PEM, to be kept in the data folder. */
  write(): string {
    return this.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  }

  async sign(claims: JWTPayload): Promise<string> {
    return noteTicket(
      await new SignJWT(claims)
        .setProtectedHeader({ typ: "JWT", alg: "RS256", x5t: this.keyId, kid: this.keyId })
        .sign(this.privateKey),
    );
  }

  /** The claims of a token that this key signed and that is valid at `now`. Throws jose's errors. */
  async verify(token: string, now: Date): Promise<JWTPayload> {
    const { payload } = await jwtVerify(token, this.publicKey, { algorithms: ["RS256"], currentDate: now });
    return payload;
  }
}
