import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { javaTrustStore } from "../../../local/azure/java-trust-store";

test("a store of trusted certificates holds each of them whole, and is as long as it says", () => {
  const certificates = rootCertificates.slice(0, 5);
  const store = Buffer.from(javaTrustStore(certificates));
  for (const pem of certificates) expect(store.includes(new X509Certificate(pem).raw)).toBe(true);
  // A sequence whose length stands in two bytes, and in it the version of PKCS #12.
  expect([...store.subarray(0, 2), store.readUInt16BE(2)]).toEqual([0x30, 0x82, store.length - 4]);
  expect([...store.subarray(4, 7)]).toEqual([0x02, 0x01, 0x03]);
  // What makes them trusted to Java: 2.16.840.1.113894.746875.1.1, once for each.
  const trusted = Buffer.from("060c6086480186f966adca7b0101", "hex");
  expect(store.toString("latin1").split(trusted.toString("latin1")).length - 1).toBe(certificates.length);
});
