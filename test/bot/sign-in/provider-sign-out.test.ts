import { providerSignOuts } from "../../../bot/sign-in/provider-sign-out";

const settings = { tenantId: "99999999-8888-7777-6666-555555555555" };

test("a user learns once for each provider where the browser's own sign-in ends, in the tenant that it was made in", () => {
  expect(providerSignOuts([{ provider: "entra" }, { provider: "entra" }], settings)).toEqual([
    "[sign out at Microsoft](https://login.microsoftonline.com/99999999-8888-7777-6666-555555555555/oauth2/v2.0/logout)",
  ]);
});

test("a provider of which nobody knows such a place is left out, and the others are still named", () => {
  expect(providerSignOuts([{ provider: "marketo" }, { provider: "entra" }], settings)).toEqual([
    expect.stringMatching(/^\[sign out at Microsoft\]/),
  ]);
});
