import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import type { PasswordCredential } from "./application";
import { newId, newSecret, noteSecret } from "../secrets";
import { iso } from "./instant";

/** What a request says of the secret that it wants. Times as ISO 8601 writes them. */
export interface WantedSecret {
  readonly displayName?: string | null | undefined;
  readonly startDateTime?: string | undefined;
  readonly endDateTime?: string | undefined;
}

/** An application, or its service principal: either may have secrets, and a client shows any of both. */
export interface SecretHolder {
  passwordCredentials: PasswordCredential[];
}

/** The secrets of all applications and service principals. Only their hashes are kept: a secret is shown once, when it is made. */
export class ClientSecrets {
  /** SHA-256 of each secret, by key id. */
  readonly #hashes = new Map<string, Uint8Array>();
  /** When Entra has learned of a secret or a certificate, by key id: half of its replicas at the first moment, all at the second. */
  readonly #known = new Map<string, { readonly some: number; readonly all: number }>();
  #asked = 0;

  /**
   * Makes a secret in the form of Entra's own: 40 characters, `abc8Q~...`.
   * @param propagation seconds until every replica knows it
   */
  add(
    holder: SecretHolder,
    wanted: WantedSecret,
    now: Date,
    propagation: number,
  ): { keyId: string; secretText: string } {
    const secretText = `${newId(2, "hex").slice(0, 3)}8Q~${newSecret(26, "base64url")}`.slice(0, 40);
    const { keyId } = this.keep(holder, secretText, wanted, now);
    this.spread(keyId, now, propagation);
    return { keyId, secretText };
  }

  /** Has Entra's replicas learn of a new credential one after the other, within so many seconds. */
  spread(keyId: string, now: Date, propagation: number): void {
    const all = now.getTime() + propagation * 1_000;
    if (propagation > 0) this.#known.set(keyId, { some: all - propagation * 500, all });
  }

  /**
   * Adds a known secret. It lives two years where no end is given:
   * https://learn.microsoft.com/graph/api/application-addpassword
   */
  keep(holder: SecretHolder, secretText: string, wanted: WantedSecret, now: Date): PasswordCredential {
    const start = wanted.startDateTime ? new Date(wanted.startDateTime) : now;
    const twoYearsOn = new Date(start);
    twoYearsOn.setUTCFullYear(start.getUTCFullYear() + 2);
    const credential: PasswordCredential = {
      keyId: randomUUID(),
      displayName: wanted.displayName ?? null,
      startDateTime: iso(start),
      endDateTime: iso(wanted.endDateTime ? new Date(wanted.endDateTime) : twoYearsOn),
      hint: secretText.slice(0, 3),
      customKeyIdentifier: null,
      secretText: null,
    };
    this.#hashes.set(credential.keyId, sha256(noteSecret(secretText)));
    holder.passwordCredentials = [...holder.passwordCredentials, credential];
    return credential;
  }

  get kept(): Kept {
    return keptMap("client secrets", this.#hashes);
  }

  /** Whether a secret is one of the holder's, at a time. */
  check(holder: SecretHolder, secret: string, now: Date): "valid" | "expired" | "wrong" {
    const hash = sha256(secret);
    const credential = holder.passwordCredentials.find(({ keyId }) => {
      const kept = this.#hashes.get(keyId);
      return kept !== undefined && timingSafeEqual(kept, hash);
    });
    if (!credential || !this.reached(credential.keyId, now)) return "wrong";
    return now.getTime() >= Date.parse(credential.endDateTime) ? "expired" : "valid";
  }

  /** Whether the replica that is asked has heard of a credential: in the second half of the time every other one has. */
  reached(keyId: string, now: Date): boolean {
    const known = this.#known.get(keyId);
    if (!known || now.getTime() >= known.all) return true;
    this.#asked += 1;
    return now.getTime() >= known.some && this.#asked % 2 === 0;
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
