import { findLeftovers } from "../../ops/pulumi/processes";
import { now, writesSince } from "./support/azure-calls";
import { killedUp, recover } from "./support/killing";
import { orphans } from "./support/orphans";
import { everythingIn } from "./support/portal";
import { type Stack, Workshop } from "./support/stack";

let workshop: Workshop;
let dev: Stack;
let staging: Stack;
let before: Set<string>;

beforeAll(async () => {
  workshop = await Workshop.open();
  before = new Set(everythingIn(workshop.azure));
  dev = await workshop.stack("dev");
  expect(await dev.up()).toMatchObject({ code: 0 });
  staging = await workshop.stack("staging", { protect: false });
});
afterAll(() => workshop?.close());

const state = async (stack: Stack): Promise<unknown> =>
  JSON.parse((await stack.mustRun("stack", ["export", "--stack", stack.name])).text);

test("where nothing broke off recover says so, writes nothing and ends with 0", async () => {
  const since = now(workshop.azure);
  expect(await recover(workshop, dev, ["dev", "--yes"])).toEqual({ code: 0, text: "dev: nothing to recover.\n" });
  expect(writesSince(workshop.azure, since)).toEqual([]);
});

test("a stack that is not there is refused with the command that lists those that are", async () => {
  expect(await recover(workshop, dev, ["nowhere", "--yes"])).toEqual({
    code: 1,
    text: "There is no stack nowhere in this state: pulumi stack ls shows those that there are\n",
  });
});

describe("of a killed up", () => {
  /** All that recover could change. */
  const everything = async (): Promise<unknown> => [
    everythingIn(workshop.azure),
    await state(dev),
    await state(staging),
    await findLeftovers(staging.project),
  ];
  let left: unknown;
  let devBefore: unknown;

  beforeAll(async () => {
    devBefore = [await state(dev), everythingIn(workshop.azure)];
    const killed = await killedUp(workshop, staging, ({ method, url }) => {
      return method === "POST" && url.endsWith("/v1.0/servicePrincipals");
    });
    expect(killed).toBe(true);
    left = await everything();
  });

  test("without the passphrase recover begins nothing: it ends no process and changes neither state nor Azure", async () => {
    const { code, text } = await recover(workshop, staging, ["staging", "--yes"], {
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
    expect(code).toBe(1);
    expect(text).toMatch(
      /\nThe passphrase that opens the secrets of the stack staging is not set: read -rs PULUMI_CONFIG_PASSPHRASE .*\n$/,
    );
    expect(await everything()).toEqual(left);
  });

  test("without a terminal and without --yes recover shows its plan, does nothing and ends with 2", async () => {
    const { code, text } = await recover(workshop, staging, ["staging"]);
    expect(code).toBe(2);
    expect(text).toMatch(/^staging: to recover, in this order:\n {2}- end the process pulumi-/);
    expect(text).toMatch(/- take into the state: ServicePrincipal bot-sign-in-(bot|sign-in) \(\/servicePrincipals\//);
    expect(text).toMatch(/Nothing was done\. To do it: npm run recover -- staging --yes\n$/);
    expect(await everything()).toEqual(left);
  });

  test("recover of one environment touches nothing of another, and the next up of its own converges", async () => {
    const since = now(workshop.azure);
    const { code, text } = await recover(workshop, staging, ["staging", "--yes"]);
    expect({ code, end: text.split("\n").at(-2) }).toEqual({
      code: 0,
      end: "staging: recovered. Next: pulumi up --stack staging",
    });
    // Entra made the principal before the kill, so it is taken in, and nothing has to be written.
    expect(writesSince(workshop.azure, since)).toEqual([]);
    const [stateBefore, idsBefore] = devBefore as [unknown, string[]];
    expect(await state(dev)).toEqual(stateBefore);
    expect(everythingIn(workshop.azure)).toEqual(expect.arrayContaining(idsBefore));
    expect(await orphans(workshop.azure, [dev, staging], before)).toEqual([]);
    expect(await findLeftovers(staging.project)).toEqual([]);
    expect(await staging.up()).toMatchObject({ code: 0 });
    expect(await orphans(workshop.azure, [dev, staging], before)).toEqual([]);
    expect(await dev.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
  });
});
