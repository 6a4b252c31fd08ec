import { addressesOf } from "../../../infra/facts/residency";

// Written out: a table that computed the expectation as the code does would prove nothing.
test.each([
  [
    "global",
    {
      botLocation: "global",
      redirectAddress: "https://token.botframework.com/.auth/web/redirect",
      tokenServiceApi: "https://api.botframework.com",
      directLine: "https://directline.botframework.com",
    },
  ],
  [
    "europe",
    {
      botLocation: "westeurope",
      redirectAddress: "https://europe.token.botframework.com/.auth/web/redirect",
      tokenServiceApi: "https://europe.api.botframework.com",
      directLine: "https://europe.directline.botframework.com",
    },
  ],
  [
    "india",
    {
      botLocation: "centralindia",
      redirectAddress: "https://india.token.botframework.com/.auth/web/redirect",
      tokenServiceApi: "https://india.api.botframework.com",
      directLine: "https://india.directline.botframework.com",
    },
  ],
] as const)("sign-in works in %s: all its addresses are of that residency", (residency, addresses) => {
  expect(addressesOf(residency)).toEqual(addresses);
});
