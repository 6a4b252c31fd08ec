import { inNetworks } from "../../../bot/chat-page/networks";
import { type Network, parseNetwork } from "../../../contract/network";

const networks = ["203.0.113.0/24", "198.51.100.7/32", "2001:db8:1::/48"].map((text) => parseNetwork(text) as Network);

test.each([
  ["203.0.113.0", true],
  ["203.0.113.255", true],
  ["203.0.112.255", false],
  ["203.0.114.0", false],
  ["198.51.100.7", true],
  ["198.51.100.8", false],
  ["::ffff:203.0.113.9", true],
  ["::FFFF:203.0.114.9", false],
  ["2001:db8:1::1", true],
  ["2001:db8:1:ffff:ffff:ffff:ffff:ffff", true],
  ["2001:0DB8:0001:0000::1", true],
  ["2001:db8:2::1", false],
  ["::1", false],
  ["127.0.0.1", false],
  ["unknown", false],
  ["", false],
  ["203.0.113.9, 198.51.100.7", false],
  ["0xcb.0.113.9", false],
  ["203.0.113.9/24", false],
])("%s is in one of the networks: %p", (address, allowed) => {
  expect(inNetworks(networks)(address)).toBe(allowed);
});

test("an address is in none of no networks", () => {
  expect(inNetworks([])("203.0.113.1")).toBe(false);
});
