import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { Network } from "../../contract/network";

/** Whether an address is in one of the networks. What is no address is in none. */
export function inNetworks(networks: readonly Network[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return (address) => {
    // A socket that takes both families names an IPv4 client in IPv6's way.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    if (isIPv4(plain)) return list.check(plain, "ipv4");
    return isIPv6(plain) && list.check(plain, "ipv6");
  };
}
