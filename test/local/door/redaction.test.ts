import { UnsecuredJWT } from "jose";
import { redactBody, redactHeaders, redactText } from "../../../local/door/redaction";

const token = new UnsecuredJWT({
  aud: "https://graph.microsoft.com",
  appid: "app",
  scp: "User.Read",
  exp: 1_800_000_000,
}).encode();

test("a token in the trace shows type, audience, application, scopes and expiry, never itself", () => {
  const { authorization } = redactHeaders(new Headers({ authorization: `Bearer ${token}` }));
  expect(authorization).toBe(
    "Bearer (user's access token: audience https://graph.microsoft.com, application app, scopes User.Read, expires 2027-01-15T08:00:00.000Z)",
  );
});

test.each([
  ['{"access_token":"abc","x":1}', '{"access_token":"(hidden, 3 characters)","x":1}'],
  ['{"clientSecret": "a\\"b"}', '{"clientSecret": "(hidden, 4 characters)"}'],
  ["grant_type=x&client_secret=abc&scope=y", "grant_type=x&client_secret=(hidden, 3 characters)&scope=y"],
  ["https://h/p?code=123&state=4", "https://h/p?code=(hidden, 3 characters)&state=4"],
  ["https://h/p?sp=r&sig=a%2Bb&se=4", "https://h/p?sp=r&sig=(hidden, 5 characters)&se=4"],
])("%s is kept as %s", (text, kept) => expect(redactText(text)).toBe(kept));

test("cookies and the managed identity's header are hidden", () => {
  expect(redactHeaders(new Headers({ cookie: "a=secret; b=other" }))).toEqual({ cookie: "a=(hidden); b=(hidden)" });
});

test("what a vault keeps is hidden, whoever asks for it; another service's value is not", () => {
  const body = '{"value":"s3cret"}';
  const hidden = '{"value":"(hidden, 6 characters)"}';
  expect(redactBody(body, "https://v.vault.azure.net/secrets/s?api-version=7.4")).toBe(hidden);
  expect(redactBody(body, "https://management.azure.com/x/vaults/v/secrets/s")).toBe(hidden);
  expect(redactBody(body, "https://management.azure.com/x/storageAccounts/a/listKeys?api-version=1")).toBe(hidden);
  expect(redactBody(body, "https://graph.microsoft.com/v1.0/me")).toBe(body);
});

test("a code in an address within JSON is hidden without the rest of the JSON", () => {
  expect(redactText('{"streamUrl":"wss://h/s?t=abc","x":1}')).toBe(
    '{"streamUrl":"wss://h/s?t=(hidden, 3 characters)","x":1}',
  );
});

test("the managed identity's header is hidden whole", () => {
  expect(redactHeaders(new Headers({ "x-identity-header": "ABC" }))).toEqual({
    "x-identity-header": "(hidden, 3 characters)",
  });
});
