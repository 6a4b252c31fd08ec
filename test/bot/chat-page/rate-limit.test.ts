import { clientAddress, networkOf, rateLimit } from "../../../bot/chat-page/rate-limit";
import { startAzure } from "../support/azure";
import { createChannel } from "../support/channel";
import { openFrontDoor } from "../support/front-door";

test("a client that asks too often waits, others do not", async () => {
  const limit = rateLimit(2, 60);
  expect([await limit("a"), await limit("a")]).toEqual([0, 0]);
  expect(await limit("a")).toBe(60);
  expect(await limit("b")).toBe(0);
});

const cases: [string | undefined, string | undefined, string][] = [
  ["203.0.113.7:50123", "169.254.1.1", "203.0.113.7"],
  ["1.2.3.4, 203.0.113.7:50123", "169.254.1.1", "203.0.113.7"],
  ["[2001:db8::1]:50123", "169.254.1.1", "2001:db8:0:0:0:0:0:1"],
  ["2001:db8::1", "169.254.1.1", "2001:db8:0:0:0:0:0:1"],
  ["2001:0DB8:0:0::0001", "169.254.1.1", "2001:db8:0:0:0:0:0:1"],
  ["::ffff:203.0.113.7", "169.254.1.1", "203.0.113.7"],
  ["[::ffff:203.0.113.7]:50123", "169.254.1.1", "203.0.113.7"],
  ["0:0:0:0:0:FFFF:cb00:7107", "169.254.1.1", "203.0.113.7"],
  [undefined, "::ffff:203.0.113.7", "203.0.113.7"],
  [undefined, "fe80::1%eth0", "fe80:0:0:0:0:0:0:1"],
  ["not an address", "169.254.1.1", "unknown"],
  ["999.1.1.1", "169.254.1.1", "unknown"],
  [undefined, "127.0.0.1", "127.0.0.1"],
  ["", undefined, "unknown"],
];
test.each(cases)("forwarded for %p the client is the one that App Service saw", (forwarded, remote, address) => {
  expect(clientAddress({ "x-forwarded-for": forwarded }, remote)).toBe(address);
});

const networks: [string, string][] = [
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2:0:0:0:1", "2001:db8:1:2::/64"],
  ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
  ["::1", "0:0:0:0::/64"],
  ["1::", "1:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["unknown", "unknown"],
];
test.each(networks)("%s shares the account of %s", (client, network) => {
  expect(networkOf(client)).toBe(network);
});

test("a client has one account, however many addresses of its network it asks from", async () => {
  const limit = rateLimit(10, 60);
  const addresses = Array.from({ length: 1000 }, (_, at) => `2001:db8:1:2::${at.toString(16)}`);
  const waits = await Promise.all(addresses.map((address) => limit(clientAddress({}, address))));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
  expect(await limit(clientAddress({}, "2001:db8:1:3::1"))).toBe(0);
});

test("one page that gets chats in a loop is stopped though each request comes from another address of its network", async () => {
  const azure = startAzure();
  const bot = await openFrontDoor(await createChannel());
  const ask = async (address: string): Promise<number> => {
    // What stands before the last address was written by the client.
    const headers = { "sec-fetch-site": "same-origin", "x-forwarded-for": `203.0.113.${asked++ % 250}, ${address}` };
    return (await fetch(`${bot.address}/api/token`, { method: "POST", headers })).status;
  };
  let asked = 0;
  try {
    const addresses = Array.from({ length: 70 }, (_, at) => `[2001:db8:1:2::${at.toString(16)}]:5000${at}`);
    const statuses = await Promise.all(addresses.map(ask));
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    expect(await ask("[2001:db8:1:3::1]:50000")).toBe(200);
  } finally {
    azure.restore();
    await bot.close();
  }
});
