import { UnsecuredJWT } from "jose";
import { redactHeaders, redactText } from "../../../local/door/redaction";

const token = new UnsecuredJWT({
  aud: "https://graph.microsoft.com",
  appid: "app",
  scp: "User.Read",
  exp: 1_800_000_000,
}).encode();

test("a token in the trace shows audience, application, scopes and expiry, never itself", () => {
  const { authorization } = redactHeaders(new Headers({ authorization: `Bearer ${token}` }));
  expect(authorization).toBe(
    "Bearer (token: audience https://graph.microsoft.com, application app, scopes User.Read, expires 2027-01-15T08:00:00.000Z)",
  );
});

test.each([
  ['{"access_token":"abc","x":1}', '{"access_token":"(hidden, 3 characters)","x":1}'],
  ['{"clientSecret": "a\\"b"}', '{"clientSecret": "(hidden, 4 characters)"}'],
  ["grant_type=x&client_secret=abc&scope=y", "grant_type=x&client_secret=(hidden, 3 characters)&scope=y"],
  ["https://h/p?code=123&state=4", "https://h/p?code=(hidden, 3 characters)&state=4"],
])("%s is kept as %s", (text, kept) => expect(redactText(text)).toBe(kept));

test("cookies and the managed identity's header are hidden", () => {
  expect(redactHeaders(new Headers({ cookie: "a=secret; b=other" }))).toEqual({ cookie: "a=(hidden); b=(hidden)" });
});
