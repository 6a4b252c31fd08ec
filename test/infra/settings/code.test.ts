import { planOf } from "../../../infra/deployment/code";
import { besideCode, readCode } from "../../../infra/settings/code";

const base = { folder: "../bot", sdk: "agents-js" };
const problemsOf = (code: unknown) => readCode(code, false).problems;

test("a folder and its SDK are enough; runtime, proof and path follow", () => {
  const { code, problems } = readCode(base, false);
  expect(problems).toEqual([]);
  expect(planOf(code)).toEqual({
    runtime: "NODE|24-lts",
    dialect: "agents-js",
    health: "preload",
    messages: "/api/messages",
    healthPath: "/healthz",
    builtThere: false,
  });
});

test("what follows can be said otherwise", () => {
  const { code } = readCode({ ...base, runtime: "NODE|22-lts", health: "content", messages: "/bot/in" }, false);
  expect(planOf(code)).toMatchObject({ runtime: "NODE|22-lts", health: "content", messages: "/bot/in" });
  expect(planOf(code).healthPath).toBeUndefined();
});

test("packages of Python are installed where they run", () => {
  expect(planOf({ folder: "bot", sdk: "agents-python", start: "python -m main" }).builtThere).toBe(true);
});

test.each([
  ["nothing", {}, ["code.folder missing-setting", "code.sdk missing-setting"]],
  ["no object", "../bot", ["code wrong-value"]],
  ["a folder and a zip", { ...base, zip: "bot.zip" }, ["code.zip contradiction"]],
  ["a build of a zip", { zip: "bot.zip", sdk: "agents-js", build: "npm run build" }, ["code.build contradiction"]],
  ["an SDK that there is not", { ...base, sdk: "botframework" }, ["code.sdk wrong-value"]],
  ["a misspelt field", { ...base, folde: "x" }, ["code.folde unknown-setting"]],
  ["a runtime of another language", { ...base, runtime: "PYTHON|3.12" }, ["code.runtime wrong-value"]],
  ["a start that hides the file", { ...base, start: "npm start" }, ["code.start wrong-value"]],
  ["a start by an executable bit", { ...base, sdk: "agents-python", start: "./run.sh" }, ["code.start wrong-value"]],
  ["a path that is none", { ...base, messages: "api/messages" }, ["code.messages wrong-value"]],
  ["a preload of Python", { ...base, sdk: "agents-python", health: "preload" }, ["code.health wrong-value"]],
])("%s is refused", (_what, code, found) => {
  expect(problemsOf(code).map(({ setting, code }) => `${setting} ${code}`)).toEqual(found);
});

test.each(["botframework-js", "ours"])(
  "MicrosoftApp* alone (%s) is refused for an Agents SDK: it would answer anybody",
  (dialect) => {
    expect(problemsOf({ ...base, dialect })).toEqual([
      {
        code: "open-bot",
        setting: "code.dialect",
        seen: JSON.stringify(dialect),
        allowed: "agents-js, agents-net, agents-python",
        example: "dialect: agents-js",
        hint: "The Microsoft 365 Agents SDK for JavaScript does not find its client id under MicrosoftAppId, and would answer anybody.",
      },
    ]);
  },
);

test("a word that is nearly right is offered", () => {
  const hintOf = (code: object): string | undefined => problemsOf(code)[0]?.hint;
  expect(hintOf({ ...base, sdk: "agent-js" })).toBe("Did you mean agents-js?");
  expect(hintOf({ ...base, sdk: "botframework" })).toBe("Did you mean botframework-js?");
});

test("an encrypted setting's values are not shown", () => {
  expect(readCode({ ...base, sdk: "hush" }, true).problems[0]?.seen).toBe("a secret (not shown)");
});

describe("what a connection is called in the bot's code", () => {
  const code = { folder: "bot", sdk: "agents-js" } as const;
  const beside = (readAs: string[], more = {}) =>
    besideCode(code, { connections: readAs.map((one) => ({ readAs: one })), ...more });

  test("is told once each", () => {
    expect(beside(["graph", "github"])).toEqual([]);
    expect(beside(["graph", "GRAPH"])[0]).toMatchObject({
      setting: "connections[1].readAs",
      hint: "connections[0].readAs is the same app setting: App Service tells names not apart by case.",
    });
  });

  test("takes no name from the deployer's own settings", () => {
    const own = "AgentApplication__UserAuthorization__Handlers__graph__Settings__azureBotOAuthConnectionName";
    expect(beside(["graph"], { appSettings: { [own]: "x" } })).toHaveLength(1);
  });

  test("is no name by which something else is decided", () => {
    const of = (readAs: string) => besideCode({ folder: "bot", sdk: "botframework-js" }, { connections: [{ readAs }] });
    expect(of("connectionName")).toEqual([]);
    for (const name of ["MicrosoftAppId", "PATH", "node_env"]) expect(of(name)).toHaveLength(1);
  });

  test("is nothing that the bundled bot reads", () => {
    expect(besideCode(undefined, { connections: [{ readAs: "graph" }] })).toMatchObject([
      { code: "contradiction", setting: "connections[0].readAs" },
    ]);
  });
});

test("a certificate whose key stays in the vault is of no use to an SDK that wants it in a file", () => {
  const beside = { connections: [], identity: "certificate" } as const;
  const { code } = readCode(base, false);
  expect(besideCode(code, beside)).toEqual([
    expect.objectContaining({ code: "contradiction", setting: "identity", allowed: "secret, managed" }),
  ]);
  expect(besideCode(undefined, beside)).toEqual([]);
  expect(besideCode(code, { ...beside, identity: "managed" })).toEqual([]);
});
