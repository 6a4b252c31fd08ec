import { day } from "../../contract/time";
import "reflect-metadata";
import { createSecureContext, type SecureContext } from "node:tls";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256" } as const;
const signing = { name: "ECDSA", hash: "SHA-256" } as const;

/**
 * A certificate authority made at start, kept in memory and good for some days. It signs one leaf for each server
 * name asked for, because a wildcard covers one label only and misses `x.scm.azurewebsites.net`.
 */
export class CertificateAuthority {
  readonly #leaves = new Map<string, Promise<SecureContext>>();

  private constructor(
    private readonly certificate: x509.X509Certificate,
    private readonly key: CryptoKey,
  ) {}

  static async create(): Promise<CertificateAuthority> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: "CN=Local Azure, O=Made at start on this machine",
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 30 * day),
      keys,
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(certificate, keys.privateKey);
  }

  /** The authority's own certificate, for clients to trust. */
  get pem(): string {
    return this.certificate.toString("pem");
  }

  /** Key and certificate for one server name; made once. */
  contextFor(host: string): Promise<SecureContext> {
    const known = this.#leaves.get(host);
    if (known) return known;
    const made = this.#makeLeaf(host);
    this.#leaves.set(host, made);
    return made;
  }

  async #makeLeaf(host: string): Promise<SecureContext> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      // A common name holds 64 characters at most; clients read the alternative name only.
      subject: `CN=${host.slice(0, 64)}`,
      issuer: this.certificate.subject,
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 30 * day),
      publicKey: keys.publicKey,
      signingKey: this.key,
      signingAlgorithm: signing,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        await x509.AuthorityKeyIdentifierExtension.create(this.certificate.publicKey),
      ],
    });
    const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
    return createSecureContext({
      key: x509.PemConverter.encode(key, "PRIVATE KEY"),
      cert: certificate.toString("pem"),
    });
  }
}
