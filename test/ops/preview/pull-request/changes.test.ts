import { stringify } from "yaml";
import { changesOf, changesText, type Comparison } from "../../../../ops/preview/pull-request/changes";
import { settingsChanges } from "../../../../ops/preview/pull-request/settings-changes";

const connection = { name: "GraphConnection", provider: "entra", scopes: ["User.Read", "Mail.Send"], skill: "mail" };
const main: Record<string, unknown> = { location: "westeurope", displayName: "Mail bot", connections: [connection] };

/** A stack's file with these settings; `undefined` takes one away. */
const file = (change: Record<string, unknown> = {}, others: object = {}): string => {
  const settings = Object.entries({ ...main, ...change }).filter(([, value]) => value !== undefined);
  const config = Object.fromEntries(
    settings.map(([name, value]) => [name.includes(":") ? name : `bot-sign-in:${name}`, value]),
  );
  return stringify({ ...others, config });
};
const scopes = (...more: string[]): Record<string, unknown> => ({ connections: [{ ...connection, scopes: more }] });

test.each<[string, string | undefined, string | undefined, string[]]>([
  ["nothing", file(), file(), []],
  [
    "settings of which nothing is left",
    "config: { bot-sign-in:location: x }",
    "config:",
    ["no longer sets `location`, which was `x`"],
  ],
  ["a comment", file(), `# New words\n${file()}`, []],
  [
    "the order of settings",
    "config: { bot-sign-in:location: x, bot-sign-in:protect: true }",
    "config: { bot-sign-in:protect: true, bot-sign-in:location: x }",
    [],
  ],
  [
    "a scope more",
    file(),
    file(scopes("User.Read", "Mail.Send", "Files.Read")),
    ["adds scope `Files.Read` to `GraphConnection`"],
  ],
  [
    "scopes that only an administrator can allow",
    file(),
    file(scopes("User.Read", "Mail.Send", "Mail.Read", "Calendars.Read")),
    [
      "adds scopes `Mail.Read` and `Calendars.Read` to `GraphConnection` (an administrator has to consent to `Mail.Read` and `Calendars.Read`)",
    ],
  ],
  [
    "scopes both ways",
    file(),
    file(scopes("User.Read", "Files.Read")),
    ["adds scope `Files.Read` to `GraphConnection`", "removes scope `Mail.Send` from `GraphConnection`"],
  ],
  ["the order of scopes", file(), file(scopes("Mail.Send", "User.Read")), ["reorders the scopes of `GraphConnection`"]],
  [
    "another connection",
    file(),
    file({ connections: [connection, { ...connection, name: "Second", scopes: ["User.Read"] }] }),
    ["adds connection `Second` with scope `User.Read`"],
  ],
  ["a connection less", file(), file({ connections: [] }), ["removes connection `GraphConnection`"]],
  ["no connections at all", file(), file({ connections: undefined }), ["removes connection `GraphConnection`"]],
  [
    "a connection's provider",
    file(),
    file({ connections: [{ ...connection, provider: "github" }] }),
    ["changes `provider` from `entra` to `github` of `GraphConnection`"],
  ],
  ["a value", file(), file({ displayName: "Post bot" }), ["changes `displayName` from `Mail bot` to `Post bot`"]],
  ["a setting more", file(), file({ protect: true }), ["sets `protect` to `true`"]],
  ["a setting less", file(), file({ location: undefined }), ["no longer sets `location`, which was `westeurope`"]],
  [
    "a part of an object",
    file({ chatPage: { enabled: true, framedBy: "self" } }),
    file({ chatPage: { enabled: false, framedBy: "self" } }),
    ["changes `chatPage.enabled` from `true` to `false`"],
  ],
  [
    "another provider's setting",
    file(),
    file({ "azure-native:location": "x" }),
    ["sets `azure-native:location` to `x`"],
  ],
  [
    "text that GitHub would read as markup",
    file(),
    file({ displayName: "@everyone `<b>`" }),
    ["changes `displayName` from `Mail bot` to `` @everyone `<b>` ``"],
  ],
  [
    "a text of many lines",
    file(),
    file({ owner: `a\n## b\n${"x".repeat(300)}` }),
    [`sets \`owner\` to \`a ## b ${"x".repeat(113)}...\``],
  ],
  ["an environment more", undefined, file(), ["adds the environment with its settings"]],
  ["an environment less", file(), undefined, ["removes the settings of the environment"]],
  ["a broken file", file(), "config: [", ["breaks the settings: they are no YAML any more"]],
  ["a list in place of settings", file(), "config: [a]", ["breaks the settings: they are no YAML any more"]],
  ["a mended file", "config: [", file(), ["repairs the settings, which were no YAML"]],
  [
    "another key of encryption",
    file({}, { encryptedkey: "AAA" }),
    file({}, { encryptedkey: "BBB" }),
    ["changes how the secrets are encrypted"],
  ],
])("%s", (_what, before, after, said) => {
  expect(settingsChanges({ before, after })).toEqual(said);
});

test.each<[string, object, object, string[]]>([
  ["a new one", {}, { hook: { secure: "v1:HIDDEN" } }, ["sets the secret `hook`"]],
  ["another one", { hook: { secure: "v1:HIDDEN" } }, { hook: { secure: "v1:HIDDEN2" } }, ["changes the secret `hook`"]],
  ["one that was in clear", { hook: "HIDDEN" }, { hook: { secure: "v1:HIDDEN" } }, ["changes the secret `hook`"]],
  ["one that is now in clear", { hook: { secure: "v1:HIDDEN" } }, { hook: "HIDDEN" }, ["changes the secret `hook`"]],
  ["one less", { hook: { secure: "v1:HIDDEN" } }, {}, ["removes the secret `hook`"]],
  ["by its name alone", {}, { "azure-native:clientSecret": "HIDDEN" }, ["sets the secret `azure-native:clientSecret`"]],
  [
    "inside an object",
    { a: { b: { secure: "v1:HIDDEN" } } },
    { a: { b: { secure: "v1:HIDDEN2" } } },
    ["changes the secret `a`"],
  ],
  [
    "in a connection",
    {},
    { connections: [{ ...connection, clientSecret: "HIDDEN" }] },
    ["sets the secret `clientSecret` of `GraphConnection`"],
  ],
  ["connections as a whole", {}, { connections: { secure: "v1:HIDDEN" } }, ["changes the secret `connections`"]],
])("no secret is shown: %s", (_what, before, after, said) => {
  const changes = settingsChanges({ before: file({ ...before }), after: file({ ...after }) });
  expect(changes).toEqual(said);
  expect(changes.join()).not.toContain("HIDDEN");
});

const same = { before: "{}", after: "{}" };
const comparison = (more: Partial<Comparison>): Comparison => ({ paths: [], settings: {}, lock: same, ...more });

test("a change in several environments is said once, with their names", () => {
  const changed = { before: file(), after: file({ displayName: "Post bot" }) };
  const unchanged = { before: file(), after: file() };
  const words = "changes `displayName` from `Mail bot` to `Post bot`";
  const said = (settings: Comparison["settings"]): readonly string[] =>
    changesOf(comparison({ paths: Object.keys(settings), settings })).deployed;
  expect(said({ "Pulumi.preview.yaml": changed, "Pulumi.prod.yaml": changed, "Pulumi.dev.yaml": unchanged })).toEqual([
    `${words} (previews and prod)`,
  ]);
  expect(said({ "Pulumi.preview.yaml": changed, "Pulumi.prod.yaml": changed })).toEqual([
    `${words} (in every environment)`,
  ]);
});

test("files count by what they are part of; what is not deployed stands apart", () => {
  const paths = [
    "bot/index.ts",
    "bot/skills/mail.ts",
    "contract/connection.ts",
    "infra/index.ts",
    "infra/policy/rule.ts",
    "Pulumi.yaml",
    "tsconfig.json",
    "test/a.test.ts",
    "docs/runbook.md",
    "README.md",
    ".github/workflows/plan.yml",
    "ops/drift.ts",
    "local/start.ts",
    "LICENSE",
    "package.json",
  ];
  expect(changesOf(comparison({ paths }))).toEqual({
    deployed: [
      "changes the bot's code (2 files)",
      "changes the contract between the bot and the program (1 file)",
      "changes the policy pack (1 file)",
      "changes the program in infra/ (1 file)",
      "changes Pulumi.yaml (1 file)",
      "changes tsconfig.json (1 file)",
    ],
    besides: [
      "tests (1 file)",
      "documents (2 files)",
      "workflows (1 file)",
      "commands (1 file)",
      "the local Azure (1 file)",
      "other files (1 file)",
    ],
  });
});

const lock = (
  dependencies: Record<string, string>,
  more: Record<string, object> = {},
  dev: Record<string, string> = {},
): string =>
  JSON.stringify({
    packages: {
      "": { dependencies: anyVersion(dependencies), devDependencies: anyVersion(dev) },
      ...installed(dependencies, {}),
      ...installed(dev, { dev: true }),
      ...more,
    },
  });
const anyVersion = (names: object): object => Object.fromEntries(Object.keys(names).map((name) => [name, "*"]));
const installed = (versions: Record<string, string>, more: object): object =>
  Object.fromEntries(Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version, ...more }]));

test.each<[string, string, string, { deployed: string[]; besides: string[] }]>([
  [
    "another version",
    lock({ jose: "6.2.16", pino: "1.0.0" }),
    lock({ jose: "6.2.17", pino: "1.0.0" }),
    { deployed: ["moves `jose` from `6.2.16` to `6.2.17`"], besides: [] },
  ],
  [
    "a dependency more",
    lock({}),
    lock({ jose: "6.2.17" }),
    { deployed: ["adds the dependency `jose 6.2.17`"], besides: [] },
  ],
  [
    "a dependency less",
    lock({ jose: "6.2.17" }),
    lock({}),
    { deployed: ["removes the dependency `jose 6.2.17`"], besides: [] },
  ],
  [
    "a scoped one",
    lock({ "@azure/identity": "4.13.0" }),
    lock({ "@azure/identity": "4.13.1" }),
    { deployed: ["moves `@azure/identity` from `4.13.0` to `4.13.1`"], besides: [] },
  ],
  [
    "indirect ones",
    lock({ jose: "1.0.0" }, { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "1.0.0" } }),
    lock({ jose: "1.0.0" }, { "node_modules/a": { version: "1.0.1" }, "node_modules/c": { version: "1.0.0" } }),
    { deployed: ["moves 3 indirect dependencies"], besides: [] },
  ],
  [
    "tools only",
    lock({}, {}, { jest: "30.0.0" }),
    lock({}, { "node_modules/x": { version: "1.0.0", dev: true } }, { jest: "30.1.0" }),
    { deployed: [], besides: ["tools (1 package)"] },
  ],
  ["no lock any more", lock({}), "", { deployed: ["changes package-lock.json as a whole"], besides: [] }],
])("dependencies: %s", (_what, before, after, said) => {
  const paths = ["package-lock.json", "package.json"];
  expect(changesOf(comparison({ paths, lock: { before, after } }))).toEqual(said);
});

test("as Markdown: a line for each, and a plain word where nothing is deployed", () => {
  expect(changesText({ deployed: ["adds a", "removes b"], besides: ["tests (1 file)", "documents (2 files)"] })).toBe(
    "- adds a\n- removes b\n\nBesides: tests (1 file) and documents (2 files).",
  );
  expect(changesText({ deployed: [], besides: [] })).toBe("Changes nothing that is deployed.");
});
