import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { now, writesSince } from "./support/azure-calls";
import { everythingIn, softDeleted } from "./support/portal";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let stack: Stack;
let empty: string[];

beforeAll(async () => {
  workshop = await Workshop.open();
  stack = await workshop.stack("dev");
  empty = everythingIn(workshop.azure);
});
afterAll(() => workshop?.close());

test("up makes everything, and a user signs in through Direct Line afterwards", async () => {
  const run = await stack.up();
  expect(run).toMatchObject({ code: 0 });
  expect(Object.keys(run.changes)).toEqual(["create"]);
  expect(await userSignsIn(workshop.azure, await stack.outputs())).toMatch(/newest message/);
});

test("up again changes nothing and writes nothing to Azure", async () => {
  const before = now(workshop.azure);
  const run = await stack.up();
  expect(run).toMatchObject({ code: 0, plan: [] });
  expect(Object.keys(run.changes)).toEqual(["same"]);
  expect(writesSince(workshop.azure, before)).toEqual([]);
});

test("preview --expect-no-changes agrees, and writes nothing to Azure", async () => {
  const before = now(workshop.azure);
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
  expect(writesSince(workshop.azure, before)).toEqual([]);
});

test("refresh finds nothing that the state does not say, and the preview after it finds nothing to do", async () => {
  const before = now(workshop.azure);
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
  expect(writesSince(workshop.azure, before)).toEqual([]);
});

test("a bot of somebody else's making takes the bundled one's place, and from then on its code alone", async () => {
  const folder = join(workshop.folder, "my-bot");
  const write = (text: string): Promise<void> =>
    writeFile(
      join(folder, "index.js"),
      `require("http").createServer((_, response) => response.writeHead(401).end(${text})).listen(process.env.PORT)`,
    );
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{ "main": "index.js" }');
  await write('"one"');
  const scopes = ["openid", "offline_access", "User.Read", "Mail.Read", "Mail.Send"];
  await stack.set({
    // Relative to the project's folder.
    code: { folder: "../my-bot", sdk: "agents-js" },
    connections: [{ name: "GraphConnection", scopes, readAs: "graph" }],
  });
  const brought = await stack.up();
  expect(brought).toMatchObject({ code: 0 });
  expect(brought.effects).toContain("create BroughtCode code");
  expect(brought.effects).toContain("delete DeployedCode code");
  expect(brought.effects.filter((effect) => /Bot bot|Channel|DirectLineSite/.test(effect))).toEqual([]);
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
  expect(await stack.drift()).toMatchObject({ code: 0 });

  await write('"two"');
  const { webApp } = await stack.outputs();
  const up = await stack.up();
  expect(up).toMatchObject({ code: 0 });
  expect(up.effects).toEqual(["update BotHealth health", "update BroughtCode code"]);
  const answer = await workshop.azure.call("stranger", `https://${String(webApp)}.azurewebsites.net/`);
  expect(await answer.text()).toBe("two");
}, 300_000);

test("destroy leaves nothing in ARM, Entra and the vault but what Azure itself keeps for a while", async () => {
  const { webApp, resourceGroup } = await stack.outputs();
  const run = await stack.destroy();
  expect(run).toMatchObject({ code: 0 });
  expect(Object.keys(run.changes)).toEqual(["delete"]);
  // The consent that the test gave went with the application that it was given to.
  expect(everythingIn(workshop.azure)).toEqual(empty);
  expect(await softDeleted(workshop.azure)).toEqual({
    vaults: [webApp],
    sites: [webApp],
    workspaces: [webApp],
    accounts: [String(webApp).replaceAll("-", "")],
    applications: ["Mail bot (dev)", resourceGroup],
    principals: ["Mail bot (dev)", resourceGroup],
  });
});
