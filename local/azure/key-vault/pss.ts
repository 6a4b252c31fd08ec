import { createHash } from "node:crypto";
import { newId } from "../secrets";

const hashLength = 32;
const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * What RSA makes a PSS signature of: the encoding of a digest that is ready, for which Node has no function. SHA-256 throughout,
 * with a salt as long as the digest, as PS256 has it (https://www.rfc-editor.org/rfc/rfc7518#section-3.5).
 * https://www.rfc-editor.org/rfc/rfc8017#section-9.1.1
 * @param bits one fewer than the key's
 */
export function encodePss(digest: Buffer, bits: number): Buffer {
  const length = Math.ceil(bits / 8);
  const salt = Buffer.from(newId(hashLength, "hex"), "hex");
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const block = Buffer.concat([Buffer.alloc(length - 2 * hashLength - 2), Buffer.from([1]), salt]);
  const mask = mgf1(hash, block.length);
  const masked = Buffer.from(block.map((byte, at) => byte ^ mask[at]!));
  masked[0]! &= 0xff >> (8 * length - bits);
  return Buffer.concat([masked, hash, Buffer.from([0xbc])]);
}

/** https://www.rfc-editor.org/rfc/rfc8017#appendix-B.2.1 */
function mgf1(seed: Buffer, length: number): Buffer {
  const rounds = Array.from({ length: Math.ceil(length / hashLength) }, (_none, round) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(round);
    return sha256(seed, counter);
  });
  return Buffer.concat(rounds).subarray(0, length);
}
