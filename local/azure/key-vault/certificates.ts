import "reflect-metadata";
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { z } from "zod";
import type { Clock } from "../clock";
import { newId } from "../secrets";
import { objectRefusals, pendingCertificateNotFound } from "./errors";
import { keySizes, type Keys } from "./keys";
import { type VaultObject, VaultObjects } from "./vault-objects";

const usages = ["digitalSignature", "keyEncipherment", "dataEncipherment", "nonRepudiation", "keyAgreement"] as const;

/** How a certificate is to be made, as far as this vault makes any: signed by itself, with a key that stays in the vault. */
export const certificatePolicy = z.strictObject({
  key_props: z.strictObject({
    exportable: z.literal(false),
    kty: z.literal("RSA").default("RSA"),
    key_size: keySizes.default(2048),
    reuse_key: z.literal(false).default(false),
  }),
  secret_props: z.strictObject({ contentType: z.enum(["application/x-pkcs12", "application/x-pem-file"]) }).optional(),
  x509_props: z.strictObject({
    subject: z.string().regex(/^CN=/, "is not an X.500 distinguished name"),
    ekus: z.array(z.string()).default(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]),
    key_usage: z.array(z.enum(usages)).default(["digitalSignature", "keyEncipherment"]),
    validity_months: z.number().int().min(1).max(1200).default(12),
  }),
  issuer: z.strictObject({ name: z.literal("Self") }),
  lifetime_actions: z
    .array(
      z.strictObject({
        trigger: z.strictObject({
          days_before_expiry: z.number().int().positive().optional(),
          lifetime_percentage: z.number().int().min(1).max(99).optional(),
        }),
        action: z.strictObject({ action_type: z.enum(["EmailContacts", "AutoRenew"]) }),
      }),
    )
    .default([{ trigger: { lifetime_percentage: 80 }, action: { action_type: "EmailContacts" } }]),
});
export type CertificatePolicy = z.infer<typeof certificatePolicy>;

export interface CertificateVersion {
  /** 32 hex digits, the same as its key's. */
  readonly version: string;
  /** DER. */
  readonly der: Buffer;
  readonly policy: CertificatePolicy;
  tags?: Record<string, string>;
  /** Times are seconds since 1970. */
  readonly attributes: {
    enabled: boolean;
    readonly nbf: number;
    readonly exp: number;
    readonly created: number;
    updated: number;
  };
}

export type Certificate = VaultObject<CertificateVersion>;

/** A creation under way. */
export interface PendingCertificate {
  readonly requestId: string;
  /** Base64 of DER. */
  readonly csr: string;
  /** What is there when it is done; undefined once it is. */
  made: CertificateVersion | undefined;
}

/** The certificates of one vault. Each has a key of the same name and version, which is used where keys are. */
export class Certificates extends VaultObjects<CertificateVersion> {
  readonly #pending = new Map<string, PendingCertificate>();

  /** @param certificates those that are there from the beginning */
  constructor(
    clock: () => Clock,
    private readonly keys: Keys,
    certificates: readonly Certificate[] = [],
  ) {
    super(clock, objectRefusals("Certificate"), certificates);
  }

  /** Begins a new version. Throws 409 while a certificate of that name lies in the bin. */
  async create(
    name: string,
    policy: CertificatePolicy,
    { enabled = true, tags }: { enabled?: boolean | undefined; tags?: Record<string, string> | undefined },
  ): Promise<PendingCertificate> {
    this.livingOrNew(name);
    const now = this.clock().seconds();
    // Key Vault dates a certificate back by ten minutes, for clocks that are late.
    const nbf = now - 600;
    const end = new Date(nbf * 1000);
    end.setUTCMonth(end.getUTCMonth() + policy.x509_props.validity_months);
    const exp = Math.floor(end.getTime() / 1000);
    const { version: key } = await this.keys.create(name, {
      size: policy.key_props.key_size,
      operations: ["sign", "verify"],
      enabled,
      tags,
      certified: { nbf, exp },
    });
    const { der, csr } = await selfSigned(key.privateKey, policy, nbf, exp);
    const made: CertificateVersion = {
      version: key.version,
      der,
      policy,
      ...(tags ? { tags } : {}),
      attributes: { enabled, nbf, exp, created: now, updated: now },
    };
    const pending = { requestId: newId(16, "hex"), csr, made };
    this.#pending.set(name.toLowerCase(), pending);
    return pending;
  }

  /** How far a creation is; the look at it that follows the first finds it done. Throws `PendingCertificateNotFound`. */
  pending(name: string): PendingCertificate {
    const pending = this.#pending.get(name.toLowerCase());
    if (!pending) throw pendingCertificateNotFound();
    return pending;
  }

  /** Ends a creation. */
  complete(name: string): void {
    const pending = this.pending(name);
    if (!pending.made) return;
    const certificate: Certificate = this.find(name) ?? { name, versions: [] };
    certificate.versions.push(pending.made);
    this.keep(certificate);
    pending.made = undefined;
  }

  /** Switches a version on or off, and its key with it, whose attributes are the certificate's. */
  enable(version: CertificateVersion, name: string, enabled: boolean): void {
    const { attributes } = this.keys.get(name, version.version).version;
    for (const one of [version.attributes, attributes])
      Object.assign(one, { enabled, updated: this.clock().seconds() });
  }

  /** Its key goes with it. */
  override delete(name: string): Certificate {
    const deleted = super.delete(name);
    this.keys.delete(name);
    return deleted;
  }

  override recover(name: string): Certificate {
    const recovered = super.recover(name);
    this.keys.recover(name);
    return recovered;
  }

  override purge(name: string): void {
    super.purge(name);
    this.keys.purge(name);
  }
}

/** SHA-1 of a certificate, as Key Vault tells it. */
export function x5t({ der }: CertificateVersion): string {
  return createHash("sha1").update(der).digest("base64url");
}

const extendedUsage = (policy: CertificatePolicy): x509.ExtendedKeyUsageExtension =>
  new x509.ExtendedKeyUsageExtension(policy.x509_props.ekus);

async function selfSigned(
  privateKeyPem: string,
  policy: CertificatePolicy,
  nbf: number,
  exp: number,
): Promise<{ der: Buffer; csr: string }> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const pkcs8 = createPrivateKey(privateKeyPem).export({ type: "pkcs8", format: "der" });
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
  const { n, e } = await crypto.subtle.exportKey("jwk", privateKey);
  const publicKey = await crypto.subtle.importKey("jwk", { kty: "RSA", n, e }, algorithm, true, ["verify"]);
  const keys = { privateKey, publicKey };
  const name = policy.x509_props.subject;
  const asked = policy.x509_props.key_usage.reduce((flags, usage) => flags | x509.KeyUsageFlags[usage], 0);
  const extensions = [
    new x509.KeyUsagesExtension(asked, true),
    extendedUsage(policy),
    new x509.BasicConstraintsExtension(false),
  ];
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name,
      keys,
      extensions,
      signingAlgorithm: algorithm,
      notBefore: new Date(nbf * 1000),
      notAfter: new Date(exp * 1000),
    },
    crypto,
  );
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    { name, keys, extensions, signingAlgorithm: algorithm },
    crypto,
  );
  return {
    der: new X509Certificate(Buffer.from(made.rawData)).raw,
    csr: Buffer.from(request.rawData).toString("base64"),
  };
}
