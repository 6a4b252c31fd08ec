import { clientAddress, rateLimit } from "../../../bot/chat-page/rate-limit";

test("a client that asks too often waits, others do not", async () => {
  const limit = rateLimit(2, 60);
  expect([await limit("a"), await limit("a")]).toEqual([0, 0]);
  expect(await limit("a")).toBe(60);
  expect(await limit("b")).toBe(0);
});

const cases: [string | undefined, string | undefined, string][] = [
  ["203.0.113.7:50123", "169.254.1.1", "203.0.113.7"],
  ["1.2.3.4, 203.0.113.7:50123", "169.254.1.1", "203.0.113.7"],
  ["[2001:db8::1]:50123", "169.254.1.1", "2001:db8::1"],
  ["2001:db8::1", "169.254.1.1", "2001:db8::1"],
  [undefined, "127.0.0.1", "127.0.0.1"],
  ["", undefined, "unknown"],
];
test.each(cases)("forwarded for %p the client is the one that App Service saw", (forwarded, remote, address) => {
  expect(clientAddress({ "x-forwarded-for": forwarded }, remote)).toBe(address);
});
