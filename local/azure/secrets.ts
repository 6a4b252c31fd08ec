import { generateKeyPair, randomBytes, randomInt, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Kept } from "../data/folder";
import { SecretSearch } from "./secret-search";

/**
 * Where every secret of the local Azure is made or noted, so that nothing that people look at ever shows one: the trace
 * and the terminal search their texts for what is noted here. `test/local/azure/randomness.test.ts` holds that nothing else
 * in `local/azure` makes random values.
 *
 * One for the process: a secret is one, whichever local Azure made it.
 */
export const knownSecrets = new SecretSearch();

export type Encoding = "base64url" | "base64" | "hex";

/** A secret that lasts until somebody renews it: a key, a client secret. */
export function newSecret(bytes: number, encoding: Encoding): string {
  return noteSecret(randomBytes(bytes).toString(encoding));
}

/** A secret that ends by itself: a code, a cookie, what stands for a sign-in under way. */
export function newTicket(bytes: number, encoding: Encoding): string {
  return noteTicket(randomBytes(bytes).toString(encoding));
}

/** Six digits that a person types. */
export function newSixDigits(): string {
  return noteTicket(String(randomInt(1_000_000)).padStart(6, "0"));
}

/** A code of some letters that a person types. */
export function newLetters(count: number, alphabet: string): string {
  return noteTicket(Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join(""));
}

/** A key for signatures with a shared secret. */
export function newSharedKey(bytes: number): Uint8Array {
  const key = randomBytes(bytes);
  for (const encoding of ["base64", "hex"] as const) noteSecret(key.toString(encoding));
  return key;
}

/** A private key. */
export async function newRsaKey(modulusLength: number): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength });
  const { d = "", p = "", q = "" } = privateKey.export({ format: "jwk" });
  for (const part of [d, p, q]) noteSecret(part);
  return privateKey;
}

/** A random value that is no secret: an id, a version. */
export function newId(bytes: number, encoding: Encoding): string {
  return randomBytes(bytes).toString(encoding);
}

/**
 * Notes a secret that somebody else made: what is put into a vault, a connection's client secret. Gives it back. Of an
 * address the parts that can be secret, not its host, which is no secret and stands in half of all texts.
 */
export function noteSecret(secret: string): string {
  const address = URL.parse(secret);
  const parts = address?.host
    ? [address.password, ...`${address.pathname}${address.search}`.split(/[/?&=]/)].filter((part) => part.length >= 16)
    : [secret];
  for (const part of parts) knownSecrets.add(part, "lasting");
  return secret;
}

/** Notes a secret that ends by itself; of a signed token the signature, without which it is worth nothing. Gives it back. */
export function noteTicket(secret: string): string {
  const signature = /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/.exec(secret)?.[1];
  knownSecrets.add(signature ?? secret, "passing");
  return secret;
}

/** Fields that carry a secret by what people call them; in the second kind a plain word is more likely a name. */
const secretName = /(secret|passw(or)?d|pwd|connection_?string|sharedkey\w*)\d?$/i;
const keyName = /(key|token|credential)\d?$/i;
const word = /^[A-Za-z]+$/;
/** References to a secret, and what tells when one was made. */
const noSecret =
  /^(@Microsoft\.KeyVault\(|\/subscriptions\/|\d{4}-\d\d-\d\dT|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/i;

/** Notes every text, at any depth, whose field says by its name that it is secret. */
export function noteFields(value: unknown, name = ""): void {
  if (typeof value === "string") {
    const named = secretName.test(name) || (keyName.test(name) && !word.test(value));
    if (named && !noSecret.test(value)) noteSecret(value);
  } else if (typeof value === "object" && value !== null) {
    for (const [field, entry] of Object.entries(value)) noteFields(entry, Array.isArray(value) ? name : field);
  }
}

/** The secrets that last go on being known after a restart. */
export const keptSecrets: Kept = {
  name: "secrets",
  snapshot: () => knownSecrets.lasting,
  restore: (kept) => {
    for (const secret of kept as readonly string[]) noteSecret(secret);
  },
};
