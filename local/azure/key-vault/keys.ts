import { constants, createPrivateKey, privateDecrypt, privateEncrypt, publicEncrypt } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock";
import { newId, newRsaKey } from "../secrets";
import { badParameter, keyDisabled, keyOperationNotPermitted, objectRefusals } from "./errors";
import { encodePss } from "./pss";
import { type VaultObject, VaultObjects } from "./vault-objects";

/** What a key may be used for. https://learn.microsoft.com/azure/key-vault/keys/about-keys-details#key-operations */
export const keyOperations = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"] as const;
export type KeyOperation = (typeof keyOperations)[number];

export interface KeyVersion {
  /** 32 hex digits. */
  readonly version: string;
  /** Bits. */
  readonly size: number;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  readonly operations: readonly KeyOperation[];
  readonly tags?: Record<string, string>;
  /** Times are seconds since 1970. */
  readonly attributes: {
    readonly enabled: boolean;
    readonly created: number;
    readonly updated: number;
    /** Of a certificate's key: that of the certificate. */
    readonly nbf?: number;
    readonly exp?: number;
  };
  /** Whether it is a certificate's, and changes and goes with that alone. */
  readonly managed?: true;
}

export type Key = VaultObject<KeyVersion>;

/** Bits that a key may have. */
export const keySizes = z.union([z.literal(2048), z.literal(3072), z.literal(4096)]);

/** How a key is to be made; what is left out is 2048 bits, for every operation, enabled. */
export interface KeyInput {
  readonly size?: z.infer<typeof keySizes> | null | undefined;
  readonly operations?: readonly KeyOperation[] | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly tags?: Record<string, string> | null | undefined;
  /** Of a certificate's key: when the certificate is good, in seconds since 1970. */
  readonly certified?: { readonly nbf: number; readonly exp: number } | undefined;
}

/** Node's hash for each of Key Vault's algorithms that this vault serves. */
const hashes: Readonly<Record<string, string>> = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256" };

/** The RSA keys of one vault. */
export class Keys extends VaultObjects<KeyVersion> {
  /** @param keys those that are there from the beginning */
  constructor(clock: () => Clock, keys: readonly Key[] = []) {
    super(clock, objectRefusals("Key"), keys);
  }

  /** Makes a new version. */
  async create(
    name: string,
    { size: bits, operations, enabled, tags, certified }: KeyInput,
  ): Promise<{ object: Key; version: KeyVersion }> {
    const size = bits ?? 2048;
    const privateKey = await newRsaKey(size);
    const object = this.livingOrNew(name);
    const now = this.clock().seconds();
    const version: KeyVersion = {
      version: newId(16, "hex"),
      size,
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
      operations: operations ?? keyOperations,
      ...(tags ? { tags } : {}),
      attributes: { enabled: enabled ?? true, created: now, updated: now, ...certified },
      ...(certified ? { managed: true as const } : {}),
    };
    object.versions.push(version);
    this.keep(object);
    return { object, version };
  }

  /**
   * Encrypts or decrypts with a version that is enabled and made for it.
   * @param algorithm `RSA-OAEP-256`
   */
  use(version: KeyVersion, operation: "encrypt" | "decrypt", algorithm: string, value: Buffer): Buffer {
    if (!version.attributes.enabled) throw keyDisabled(operation);
    if (!version.operations.includes(operation)) throw keyOperationNotPermitted(operation);
    const oaepHash = hashes[algorithm];
    if (!oaepHash) throw badParameter(`The algorithm ${algorithm} is not one of ${Object.keys(hashes).join(", ")}.`);
    const how = { key: version.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
    try {
      return operation === "encrypt" ? publicEncrypt(how, value) : privateDecrypt(how, value);
    } catch {
      // Too long a text, or one that another key encrypted.
      throw badParameter(`The parameter value cannot be ${operation}ed with this key.`);
    }
  }

  /**
   * Signs a digest with a version that is enabled and made for it.
   * https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
   * @param algorithm `PS256` or `RS256`
   * @param digest SHA-256 of what is signed
   */
  sign(version: KeyVersion, algorithm: string, digest: Buffer): Buffer {
    if (!version.attributes.enabled) throw keyDisabled("sign");
    if (!version.operations.includes("sign")) throw keyOperationNotPermitted("sign");
    if (!["PS256", "RS256"].includes(algorithm)) {
      throw badParameter(`The algorithm ${algorithm} is not one of PS256, RS256.`);
    }
    if (digest.length !== 32)
      throw badParameter(`Invalid length of 'value': ${digest.length} bytes. Expected 32 bytes.`);
    // The digest comes ready: Node's own signatures would hash it once more.
    return algorithm === "RS256"
      ? privateEncrypt(
          { key: version.privateKey, padding: constants.RSA_PKCS1_PADDING },
          Buffer.concat([sha256Info, digest]),
        )
      : privateEncrypt(
          { key: version.privateKey, padding: constants.RSA_NO_PADDING },
          encodePss(digest, version.size - 1),
        );
  }
}

/** What stands before a SHA-256 digest in a signature of PKCS #1 v1.5. https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const sha256Info = Buffer.from("3031300d060960864801650304020105000420", "hex");

/** The public part as a JSON Web Key shows it. */
export function publicPart({ privateKey }: KeyVersion): { n: string; e: string } {
  const { n = "", e = "" } = createPrivateKey(privateKey).export({ format: "jwk" });
  return { n, e };
}
