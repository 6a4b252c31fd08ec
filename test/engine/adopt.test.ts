import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Store } from "../../local/azure/arm/store";
import type { Resource } from "../../local/azure/service";
import { packageBot } from "../../infra/code/package";
import { HandMade, shapes } from "../support/hand-made";
import { everythingIn, Portal } from "./support/portal";
import { Stack, Workshop } from "./support/stack";

// Bots that were made by hand, by the calls that az sends, are brought under the program by `npm run adopt`.

let workshop: Workshop;
let made: HandMade;
let portal: Portal;
beforeAll(async () => {
  workshop = await Workshop.open();
  made = new HandMade(workshop.azure);
  portal = new Portal(workshop.azure);
});
afterAll(() => workshop?.close());

/** Every call since a number of the trace that could have changed something. */
function writesSince(number: number): string[] {
  const reads = /\/(appsettings\/list|oauth2\/v2\.0\/token)$/i;
  return workshop.azure.trace
    .exchanges(number)
    .filter(({ method, url }) => method !== "GET" && !reads.test(new URL(url).pathname))
    .map(({ method, url }) => `${method} ${url}`);
}

const lastCall = (): number => workshop.azure.trace.exchanges().at(-1)?.number ?? 0;

/** The stack of a bot that was made by hand, adopted and imported by the commands that docs/adopt.md names. */
async function adopted(name: string, bot: string, ...options: string[]): Promise<Stack> {
  const stack = new Stack(workshop, name);
  const before = lastCall();
  const run = await stack.ops("adopt", bot, "--stack", name, ...options);
  if (run.code !== 0) throw new Error(run.text);
  await stack.mustRun("stack", ["select", "--create", name]);
  const imports = ["--file", `adopt.${name}.json`, "--generate-code=false", "--yes", "--stack", name];
  await stack.mustRun("import", imports);
  expect(writesSince(before)).toEqual([]);
  return stack;
}

/** What Azure keeps of a thing, its secrets included. */
function kept(id: string): Resource {
  return structuredClone((workshop.azure.resources as Store).get(id)!);
}

const everyShape = Object.entries(shapes);
const stacks = new Map<string, { readonly stack: Stack; readonly bot: string }>();

test.each(everyShape)(
  "%s: is adopted, and a preview replaces and deletes nothing, and breaks no rule",
  async (shape, make) => {
    const bot = await make(made);
    const stack = await adopted(shape.toLowerCase().replaceAll(/[^a-z]+/g, "-"), bot);
    stacks.set(shape, { stack, bot });
    const preview = await stack.preview("--policy-pack", "infra/policy");
    const { create = 0, same = 0, update = 0, ...others } = preview.changes;
    if (preview.code !== 0) throw new Error(preview.text);
    expect(others).toEqual({});
    expect(preview.effects.filter((effect) => !effect.startsWith("create "))).toEqual(["update Bot bot"]);
    expect([create > 0, same > 0, update]).toEqual([true, true, 1]);
  },
);

describe("from the first deployment to the last", () => {
  let stack: Stack;
  let bot: string;
  let before: string[];
  let connection: Resource;
  let channels: Resource[];
  beforeAll(() => {
    ({ stack, bot } = stacks.get("Teams with single sign-on")!);
    before = everythingIn(workshop.azure);
    connection = kept(`${bot}/connections/oauthbotsetting`);
    channels = ["WebChatChannel", "DirectLineChannel", "MsTeamsChannel"].map((name) => kept(`${bot}/channels/${name}`));
  });

  test("it is deployed, and nothing that people use was touched: the connection's secret, the channels, the applications", async () => {
    const up = await stack.up();
    expect([up.text, up.code]).toEqual([expect.anything(), 0]);
    expect(up.effects.filter((effect) => !effect.startsWith("create "))).toEqual(["update Bot bot"]);
    expect(kept(connection.id)).toEqual(connection);
    expect(channels.map(({ id }) => kept(id))).toEqual(channels);
    expect(kept(bot).tags).toMatchObject({ project: "bot-sign-in", stack: stack.name });
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
    const outputs = await stack.outputs();
    expect(outputs).toMatchObject({ bot: "teams_sso_bot", connections: ["oauthbotsetting"] });
    expect(outputs).not.toHaveProperty("webApp");
  });

  test("what was changed by hand since then is drift, and the next deployment puts it right", async () => {
    const quiet = await stack.drift();
    expect([quiet.text, quiet.code]).toEqual([expect.stringContaining("Azure is as it was deployed"), 0]);
    const { sku, kind, location, tags, properties } = await portal.arm<Record<string, object>>("GET", bot);
    const endpoint = "https://elsewhere.contoso.com/api/messages";
    await portal.arm("PUT", bot, { sku, kind, location, tags, properties: { ...properties, endpoint } });
    const drift = await stack.drift();
    expect([drift.text, drift.code]).toEqual([expect.stringContaining("endpoint"), 2]);
    expect(await stack.up("--refresh")).toMatchObject({ code: 0 });
    expect(kept(bot).properties["endpoint"]).toBe("https://contoso-teams-sso.azurewebsites.net/api/messages");
  });

  test("the doctor knows it", async () => {
    const { code, text } = await stack.ops("doctor", stack.name);
    expect([text, code]).toEqual([expect.stringContaining("nothing"), 0]);
  });

  test("a rotation makes the connection anew with a password of the program's, and the one that was made by hand stays good", async () => {
    const { clientSecret } = connection.properties;
    const rotated = await stack.ops("rotate", stack.name, "--yes", "--quiet", "0");
    expect([rotated.text, rotated.code]).toEqual([expect.anything(), 0]);
    const now = kept(connection.id).properties;
    expect(now["clientSecret"]).not.toBe(clientSecret);
    expect(now).toMatchObject({ clientId: connection.properties["clientId"], scopes: "User.Read" });
    expect(JSON.stringify(now["parameters"])).toContain("api://botid-");
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
  });

  test("a destroy is refused, and without protection it takes what was adopted and leaves what was used", async () => {
    const refused = await stack.destroy();
    expect([refused.code === 0, refused.text]).toEqual([false, expect.stringContaining("protect")]);
    expect(everythingIn(workshop.azure)).toEqual(expect.arrayContaining(before));
    await stack.set({ protect: false });
    expect(await stack.up()).toMatchObject({ code: 0 });
    const destroyed = await stack.destroy();
    expect([destroyed.text, destroyed.code]).toEqual([expect.anything(), 0]);
    const left = everythingIn(workshop.azure);
    const gone = before.filter((id) => !left.includes(id));
    expect(gone).toEqual(before.filter((id) => id === bot || id.startsWith(`${bot}/`)));
    expect(left.filter((id) => !before.includes(id))).toEqual([]);
  });
});

test("with its code the web app is adopted, too: nothing is replaced or deleted, and the code runs under the old address", async () => {
  const bot = await made.withCode();
  const { zipPath } = await packageBot(join(workshop.folder, "project"));
  const stack = await adopted("code", bot, "--code", zipPath, "--sdk", "ours");
  const preview = await stack.preview();
  expect([preview.text, preview.code]).toEqual([expect.anything(), 0]);
  expect(preview.effects.filter((effect) => !effect.startsWith("create "))).toEqual([
    "update Bot bot",
    "update WebApp host",
  ]);
  const up = await stack.up();
  expect([up.text, up.code]).toEqual([expect.anything(), 0]);
  expect(up.effects.filter((effect) => !effect.startsWith("create "))).toEqual([
    "update Bot bot",
    "update WebApp host",
  ]);
  expect(await stack.outputs()).toMatchObject({
    webApp: "contoso-code",
    endpoint: "https://contoso-code.azurewebsites.net/api/messages",
  });
  const health = await workshop.azure.call("person", "https://contoso-code.azurewebsites.net/healthz", {});
  expect(health.status).toBe(200);
});

describe("an adopted bot that is hosted elsewhere", () => {
  test("passes the policy pack once it is deployed", async () => {
    const { stack } = stacks.get("hosted elsewhere")!;
    const up = await stack.up("--policy-pack", "infra/policy");
    if (up.code !== 0) throw new Error(up.text);
    const preview = await stack.preview("--expect-no-changes", "--policy-pack", "infra/policy");
    expect([preview.text, preview.code]).toEqual([expect.stringMatching(/bot-sign-in@v?[\d.]+ \(local/), 0]);
  });

  test("moves to a web app of its own where code takes the endpoint's place, and the old one stays", async () => {
    const { stack, bot } = stacks.get("hosted elsewhere")!;
    const before = everythingIn(workshop.azure);
    const { zipPath } = await packageBot(join(workshop.folder, "project"));
    await stack.without("existing", "endpoint");
    await stack.set({ code: { zip: zipPath, sdk: "ours" } });
    const preview = await stack.preview();
    expect([preview.text, preview.code]).toEqual([expect.anything(), 0]);
    expect(preview.effects.filter((effect) => !effect.startsWith("create "))).toEqual([
      "update Bot bot",
      "update Preconditions preconditions",
    ]);
    const up = await stack.up();
    expect([up.text, up.code]).toEqual([expect.anything(), 0]);
    const { webApp } = await stack.outputs();
    expect(kept(bot).properties["endpoint"]).toBe(`https://${String(webApp)}.azurewebsites.net/api/messages`);
    expect(everythingIn(workshop.azure)).toEqual(expect.arrayContaining(before));
    const health = await workshop.azure.call("person", `https://${String(webApp)}.azurewebsites.net/healthz`, {});
    expect(health.status).toBe(200);
  });
});

test("a stack's settings are overwritten only where that was asked for", async () => {
  const { stack, bot } = stacks.get("hosted elsewhere")!;
  const file = join(workshop.folder, `project/Pulumi.${stack.name}.yaml`);
  const settings = await readFile(file, "utf8");
  const { code, text } = await stack.ops("adopt", bot, "--stack", stack.name);
  expect([code, text]).toEqual([1, expect.stringContaining("is there already, with settings in it")]);
  expect(await readFile(file, "utf8")).toBe(settings);
  expect(parse(settings)).toHaveProperty("encryptionsalt");
});
