import { BlockList } from "node:net";
import { parseNetwork, type Network } from "../../../contract/network";

/** A range in CIDR notation whose address is the range's first, as virtual networks want it; else undefined. */
export function rangeOf(text: string): Network | undefined {
  const network = parseNetwork(text);
  if (network?.family !== "ipv4") return network;
  return number(network.address) % 2 ** (32 - network.prefix) === 0 ? network : undefined;
}

/** True where every address of `inner` is one of `outer`. */
export function contains(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, outer.family);
  return list.check(inner.address, inner.family);
}

export const overlap = (a: Network, b: Network): boolean => contains(a, b) || contains(b, a);

/** The address at a place of an IPv4 range. Azure keeps places 0 to 3 and the last for itself. */
export function addressAt({ address }: Network, place: number): string {
  const at = number(address) + place;
  return [24, 16, 8, 0].map((bits) => Math.floor(at / 2 ** bits) % 256).join(".");
}

const number = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
