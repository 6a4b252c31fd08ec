import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { receptionOf } from "../../../infra/code/strangers";
import { broughtCode, type Inputs } from "../../../infra/provider/brought-code";
import { type Behaviour, health, target, WebAppStandIn } from "../code/web-app-stand-in";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "brought-code-"));
  await writeFile(path.join(folder, "bot.zip"), "zip");
});
afterAll(() => rm(folder, { recursive: true }));

const inputs = (more: Partial<Inputs> = {}): Inputs => ({
  ...target,
  zipPath: path.join(folder, "bot.zip"),
  proof: "preload",
  messagesUrl: "https://my-app-x1.example/api/messages",
  settings: "NODE|24-lts",
  ...more,
});

async function brought(behaviour: Partial<Behaviour>, more: Partial<Inputs> = {}) {
  const app = new WebAppStandIn(behaviour);
  const outcome = await broughtCode(() => app.access)
    .create(inputs(more))
    .catch((error: unknown) => error);
  return { app, outcome, steps: app.steps.filter((step) => !/deployments|references|^GET site|status/.test(step)) };
}

test.each([
  [401, "refused"],
  [500, "refused"],
  [400, "refused"],
  [200, "believed"],
  [202, "believed"],
  [404, "no path"],
  [405, "no path"],
  [503, "nobody"],
  [502, "nobody"],
])("an activity without a token that meets %i is %s", (status, reception) => {
  expect(receptionOf(status)).toBe(reception);
});

test("new code is there when the page reports it and an activity without a token was refused", async () => {
  const { outcome, steps } = await brought({ health: [health({ hash: "old" }), health()] });
  expect(outcome).toMatchObject({ id: expect.stringMatching(/\/sites\/my-app\/code$/) });
  expect(steps).toEqual(["POST publish", "GET health", "GET health", "POST messages"]);
});

test("the activity carries no token, is one to which no bot has anything to say, and names nobody to answer to", async () => {
  const { app } = await brought({});
  const asked = app.access.requests.find(({ url }) => url.pathname === "/api/messages")!;
  expect(asked.headers.get("authorization")).toBeNull();
  expect(JSON.parse(asked.body ?? "")).toMatchObject({ type: "event", serviceUrl: "https://nobody.invalid/" });
});

test("a bot that believes anybody is stopped, and its code never comes to be", async () => {
  const { outcome, steps } = await brought({ messages: [503, 202] });
  expect(outcome).toMatchObject({ code: "open-bot", resource: "https://my-app-x1.example/api/messages" });
  expect(steps.slice(-3)).toEqual(["POST messages", "POST messages", "POST stop"]);
});

test("so is one whose new code was never proved: nobody waits for a proof of it", async () => {
  const { outcome, steps } = await brought({
    status: ["RuntimeSuccessful"],
    health: [health({ hash: "old" })],
    messages: [200],
  });
  expect(outcome).toMatchObject({ code: "open-bot" });
  expect(steps.at(-1)).toBe("POST stop");
});

test("a path that is not there is told as that, after a while in which the bot may still be starting", async () => {
  const { outcome, steps } = await brought({ messages: [404] });
  expect(outcome).toMatchObject({
    code: "messages-missing",
    fix: "Say where it does, as code.messages: /api/messages",
  });
  expect(steps.filter((step) => step === "POST messages").length).toBeGreaterThan(3);
  expect(await brought({ messages: [404, 404, 401] })).toMatchObject({ outcome: { id: expect.any(String) } });
});

test("an app that was stopped is started when the new code is there, not before", async () => {
  const stopped = () =>
    Response.json({
      properties: {
        state: "Stopped",
        hostNameSslStates: [{ name: "my-app-x1.scm.example", hostType: "Repository" }],
      },
    });
  const { steps } = await brought({ site: [stopped], status: ["BuildInProgress", "RuntimeSuccessful"] });
  expect(steps).toEqual(["POST publish", "POST start", "GET health", "POST messages"]);
});

describe("without a page", () => {
  const content = { proof: "content", healthUrl: "" } as const;
  const active = () => Response.json([{ id: "d-1", active: true, received_time: "2026-01-01" }]);
  const build = (hash: string): string => JSON.stringify({ version: "1", hash });

  test("the proof is the platform's word and the folder's content; no page is asked for", async () => {
    const { outcome, steps } = await brought({ scm: [active], folder: [undefined, build(target.hash)] }, content);
    expect(outcome).toMatchObject({ id: expect.any(String) });
    expect(steps).toEqual(["POST publish", "GET folder", "GET folder", "POST messages"]);
  });

  test.each([
    [
      "another hash in the folder",
      { folder: [build("old-hash-of-before")] },
      /its folder holds old-hash-of-; pushed was new-hash/,
    ],
    [
      "no deployment that runs",
      { scm: [() => Response.json([])], folder: [build(target.hash)] },
      /no deployment is active/,
    ],
    [
      "no word of the platform",
      { status: ["RuntimeStarting"], folder: [build(target.hash)] },
      /does not say that it has started \(RuntimeStarting\)/,
    ],
  ])("%s is no proof", async (_what, behaviour, cause) => {
    const { outcome } = await brought({ scm: [active], ...behaviour }, content);
    expect(outcome).toMatchObject({ code: "not-deployed", cause: expect.stringMatching(cause) });
  });

  test("a look at what is deployed reads the folder, so that other code is drift", async () => {
    const app = new WebAppStandIn({ folder: [build("by-hand")] });
    const props = inputs(content);
    const read = await broughtCode(() => app.access).read("id", props);
    expect(read?.props).toEqual({ ...props, hash: "by-hand" });
    const silent = new WebAppStandIn({});
    expect((await broughtCode(() => silent.access).read("id", props))?.props).toEqual(props);
  });
});

test("a look at a bot with a page reads the page, and one that is silent is no drift", async () => {
  const app = new WebAppStandIn({ health: [health({ hash: "by-hand" })] });
  expect((await broughtCode(() => app.access).read("id", inputs()))?.props.hash).toBe("by-hand");
  const silent = new WebAppStandIn({ health: [() => new Response("", { status: 503 })] });
  expect((await broughtCode(() => silent.access).read("id", inputs()))?.props.hash).toBe(target.hash);
});

test("what decides whom the bot believes has it asked again; where the zip lies does not", async () => {
  const { diff } = broughtCode(() => new WebAppStandIn().access);
  expect((await diff("id", inputs(), inputs({ zipPath: "/elsewhere.zip" }))).changes).toBe(false);
  for (const change of [{ hash: "x" }, { settings: "y" }, { messagesUrl: "z" }, { proof: "content" } as const]) {
    expect((await diff("id", inputs(), inputs(change))).changes).toBe(true);
  }
});
