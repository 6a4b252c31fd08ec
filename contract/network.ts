import { isIP } from "node:net";

/** A range of addresses: `203.0.113.0/24`, `2001:db8::/32`. */
export interface Network {
  readonly address: string;
  /** Leading bits that an address of the network shares with `address`. */
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/**
 * Reads a network in CIDR notation; undefined where the text is none. The whole internet (`/0`) is none either, nor is
 * IPv4 written as IPv6 (`::ffff:203.0.113.0/120`): addresses arrive in their own form.
 */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", bits = ""] = /^([0-9a-f.:]+)\/([1-9]\d{0,2})$/i.exec(text) ?? [];
  const prefix = Number(bits);
  const version = isIP(address);
  if (version === 4) return prefix <= 32 ? { address, prefix, family: "ipv4" } : undefined;
  if (version !== 6 || prefix > 128 || address.includes(".") || /^(0*:)+:?ffff:/i.test(address)) return undefined;
  return { address, prefix, family: "ipv6" };
}
