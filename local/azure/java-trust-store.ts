import { X509Certificate } from "node:crypto";

/**
 * Certificates as the store of trusted ones that Java reads (PKCS #12, RFC 7292), with neither password nor checksum: they
 * are public. Java takes a certificate for trusted only where the store says for what, which no other tool reads or writes.
 * https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/security/KeyStore.TrustedCertificateEntry.html
 * @param certificates PEM, one each
 */
export function javaTrustStore(certificates: readonly string[]): Uint8Array {
  const bags = certificates.map((pem, at) => trustedCertificate(new X509Certificate(pem), at));
  const contents = sequence(data(sequence(...bags)));
  return sequence(integer(3), data(contents));
}

function trustedCertificate(certificate: X509Certificate, at: number): Buffer {
  const name = certificate.subject.split("\n").at(-1)!.slice(0, 60);
  const bag = sequence(oid("1.2.840.113549.1.9.22.1"), explicit(octets(certificate.raw)));
  const attributes = set(
    // friendlyName: Java's name of the entry, which has to be another for each.
    sequence(oid("1.2.840.113549.1.9.20"), set(bmpString(`${at} ${name}`))),
    // Java's own: trusted for any extended key usage.
    sequence(oid("2.16.840.1.113894.746875.1.1"), set(oid("2.5.29.37.0"))),
  );
  return sequence(oid("1.2.840.113549.1.12.10.1.3"), explicit(bag), attributes);
}

/** A ContentInfo of the type data. */
const data = (content: Buffer): Buffer => sequence(oid("1.2.840.113549.1.7.1"), explicit(octets(content)));

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => der(0x31, ...parts);
const explicit = (part: Buffer): Buffer => der(0xa0, part);
const octets = (bytes: Buffer): Buffer => der(0x04, bytes);
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const bmpString = (text: string): Buffer => der(0x1e, Buffer.from(text, "utf16le").swap16());

/** An object identifier: the first two numbers in one, each in groups of seven bits. */
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const groups = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
  return groups;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let left = length; left > 0; left >>>= 8) bytes.unshift(left & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
