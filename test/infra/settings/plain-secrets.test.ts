import { looksSecret } from "../../../infra/settings/plain-secrets";

test.each([
  ["clientSecret", true],
  ["bot-password", true],
  ["githubToken", true],
  ["apiKey", true],
  ["secretLifetimeDays", false],
  ["skill", false],
])("%s is taken for a secret and never shown: %s", (name, secret) => {
  expect(looksSecret(name)).toBe(secret);
});
