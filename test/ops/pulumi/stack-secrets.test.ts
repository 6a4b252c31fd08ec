import type { State, StateResource } from "../../../ops/pulumi/state";
import { rotationsIn, secretsIn } from "../../../ops/pulumi/stack-secrets";
import { endWarning, runningText, secretsTable } from "../../../ops/pulumi/secrets-table";

const now = new Date("2027-01-01T00:00:00Z");
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const urn = (type: string, name: string): string =>
  `urn:pulumi:prod::bot::bot-sign-in:index:BotSignIn$${type}::${name}`;
const one = (type: string, name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(type, name),
  type,
  custom: true,
  id: `/ids/${name}`,
  ...more,
});
const passwordType = "azuread:index/applicationPassword:ApplicationPassword";
const password = (name: string, endDate: string): StateResource =>
  one(passwordType, name, { inputs: { endDate }, outputs: { endDate, value: secret } });
const kept = (name: string, expires: string): StateResource =>
  one("azure-native:keyvault:Secret", name, {
    inputs: { properties: { value: secret, attributes: { enabled: true, expires: Date.parse(expires) / 1000 } } },
  });
const [older, newer] = ["2027-01-20T00:00:00Z", "2027-06-01T00:00:00Z"];

/** After the first rotation, whose connections follow or not. */
function state(connections: number, rotation = 1): State {
  const date = { startedAt: "2026-07-24T00:00:00Z", otherStartedAt: "2026-12-03T00:00:00Z", rotation, connections };
  return {
    version: 3,
    deployment: {
      resources: [
        one("bot-sign-in:index:RotationDate", "mail-secrets-renewed", { outputs: date }),
        password("mail-bot", older),
        password("mail-bot-2", newer),
        password("mail-sign-in", older),
        password("mail-sign-in-2", newer),
        { ...password("mail-bot-2", older), delete: true },
        one("bot-sign-in:index:PasswordProof", "mail-bot", {
          outputs: { password: secret, provenAt: "2026-12-03T00:01:00Z" },
        }),
        one("bot-sign-in:index:PasswordProof", "mail-sign-in", { outputs: { provenAt: "" } }),
        kept("mail-vault-chat-session-key", older),
        kept("mail-vault-chat-session-key-2", newer),
        kept("mail-vault-direct-line-secret", newer),
        kept("mail-vault-app-setting-KEY", "2027-01-05T00:00:00Z"),
        one("azure-native:botservice:BotConnection", "mail-connections-Graph", {
          dependencies: [urn(passwordType, "mail-sign-in")],
        }),
        one("azure-native:botservice:BotConnection", "mail-connections-GitHub", { dependencies: [] }),
        one("bot-sign-in:index:BotHealth", "mail-health", { inputs: { healthUrl: "https://mail/healthz", rotation } }),
      ],
    },
  };
}

test("the state says how far a rotation is, and which connections have a password of ours", () => {
  expect(rotationsIn(state(0))).toEqual([
    {
      component: "mail",
      number: 1,
      connections: 0,
      running: 1,
      healthUrl: "https://mail/healthz",
      withPassword: ["/ids/mail-connections-Graph"],
    },
  ]);
});

test("certificates are listed like passwords; the newest was proved when the running bot said so", () => {
  const certificateType = "azuread:index/applicationCertificate:ApplicationCertificate";
  const made = (name: string, endDate: string): StateResource => one(certificateType, name, { inputs: { endDate } });
  const { version, deployment } = state(1);
  const resources = deployment.resources!.map((found) =>
    found.type === "bot-sign-in:index:BotHealth"
      ? { ...found, outputs: { certificateProvenAt: "2026-12-03T00:02:00Z" } }
      : found,
  );
  const certified = [...resources, made("mail-bot-certificate", older), made("mail-bot-certificate-2", newer)];
  expect(seen({ version, deployment: { resources: certified } }).filter((line) => /certificate/.test(line))).toEqual([
    "bot-certificate 0 kept 2027-01-20 -",
    "bot-certificate 1 in use 2027-06-01 2026-12-03T00:02:00Z",
  ]);
});

const seen = (of: State): string[] =>
  secretsIn(of, now).map(({ name, rotation, state, ends, lastProof = "-", nearEnd }) =>
    [name, rotation, state, ends.slice(0, 10), lastProof, nearEnd ? "near" : ""].join(" ").trim(),
  );

test("every secret with its state, its end and its last proof; never its value", () => {
  expect(seen(state(1))).toEqual([
    "bot-app-password 0 kept 2027-01-20 -",
    "bot-app-password 1 in use 2027-06-01 2026-12-03T00:01:00Z",
    "sign-in-app-password 0 kept 2027-01-20 -",
    "sign-in-app-password 1 in use 2027-06-01 -",
    "chat-session-key 0 kept 2027-01-20 -",
    "chat-session-key 1 in use 2027-06-01 -",
    "direct-line-secret 1 in use 2027-06-01 -",
    "app-setting-KEY  in use 2027-01-05 - near",
  ]);
});

test("while the connections do not follow they use the password before, whose end is near", () => {
  expect(seen(state(0)).slice(2, 4)).toEqual([
    "sign-in-app-password 0 in use 2027-01-20 - near",
    "sign-in-app-password 1 new 2027-06-01 -",
  ]);
});

test("before the first rotation the second of each has never been used", () => {
  expect(seen(state(0, 0)).slice(0, 2)).toEqual([
    "bot-app-password 0 in use 2027-01-20 2026-12-03T00:01:00Z near",
    "bot-app-password 0 spare 2027-06-01 -",
  ]);
});

test("people get a table, a sentence about the running bot, and the command that rotates", () => {
  const secrets = secretsIn(state(0), now);
  const cells = secretsTable(secrets, now).map((line) => line.split(/ {2,}/));
  expect(cells.slice(0, 3)).toEqual([
    ["SECRET", "ROTATION", "STATE", "ENDS", "LAST PROOF"],
    ["bot-app-password", "0", "kept", "2027-01-20T00:00:00Z (in 19 d)", "-"],
    ["bot-app-password", "1", "in use", "2027-06-01T00:00:00Z (in 151 d)", "2026-12-03T00:01:00Z"],
  ]);
  expect(endWarning(secrets, "prod")).toBe(
    "2 secrets are near the end, the first, app-setting-KEY, on 2027-01-05T00:00:00Z. Rotate: npm run rotate -- prod. " +
      "You gave app-setting-KEY: renew what it opens where it was made.",
  );
  expect(endWarning([], "prod")).toBeUndefined();
});

const build = { version: "1", hash: "a" };
const health = (secrets?: { rotation: number; ends: string; password?: "newest" | "before" }) => ({
  found: "health" as const,
  health: { status: "well" as const, build, checks: [], connections: [], ...(secrets && { secrets }) },
});
test.each([
  [
    health({ rotation: 4, ends: "", password: "newest" }),
    "The running bot uses the secrets of rotation 4 and the newest password.",
  ],
  [
    health({ rotation: 4, ends: "", password: "before" }),
    "The running bot uses the secrets of rotation 4 and the password before.",
  ],
  [health({ rotation: 3, ends: "" }), "The running bot uses the secrets of rotation 3; the state is at rotation 4."],
  [health(), "The bot's health page says nothing of its secrets."],
  [{ found: "other" as const, status: 502 }, "The bot answers 502 without a health page."],
  [{ found: "no answer" as const, why: "ECONNREFUSED" }, "The bot does not answer: ECONNREFUSED."],
])("%j", (look, text) => {
  expect(runningText(look, 4)).toBe(text);
});
