import { createHash, X509Certificate } from "node:crypto";

/** Base64url of a certificate's SHA-256. @param key base64 of DER or PEM, as Graph gives it */
export function thumbprintOf(key: string): string {
  const { raw } = new X509Certificate(Buffer.from(key, "base64"));
  return createHash("sha256").update(raw).digest("base64url");
}
