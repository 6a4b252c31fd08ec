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
