import { inParallel } from "../../ops/pulumi/concurrency";
import type { PreviewRow } from "../../ops/preview/list";
import type { UpReport } from "../../ops/preview/up/up";
import { everythingIn, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

/** How many previews, and how many of them at a time. */
const [many, together] = [20, 4];

let workshop: Workshop;
let previews: Previews;
let before: string[];

beforeAll(async () => {
  workshop = await Workshop.open();
  previews = await Previews.in(workshop);
  before = everythingIn(workshop.azure);
});
afterAll(() => workshop?.close());

test("20 pull requests have previews at the same time, four coming and four going: no two meet, and nothing is left", async () => {
  const numbers = Array.from({ length: many }, (_, at) => String(at + 1));
  const reports = await inParallel(together, numbers, (number) => previews.json<UpReport>("up", number));
  expect(reports.map(({ stack }) => stack)).toEqual(numbers.map((number) => `pr-${number}`));
  expect(new Set(reports.map(({ chatAddress }) => chatAddress)).size).toBe(many);

  for (const { stack, chatAddress } of reports) {
    const outputs = await new Stack(workshop, stack).outputs();
    expect(outputs.chatAddress).toBe(chatAddress);
    expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
  }
  const rows = await previews.json<PreviewRow[]>("list");
  expect(rows.map(({ name, health }) => `${name} ${health.state}`)).toEqual(numbers.map((number) => `${number} well`));

  const downs = await inParallel(together, numbers, (number) => previews.run("down", number));
  expect(downs.filter(({ code }) => code !== 0)).toEqual([]);
  expect(everythingIn(workshop.azure)).toEqual(before);
  expect(await softDeleted(workshop.azure)).toMatchObject({ vaults: [], workspaces: [], applications: [] });
  expect(await previews.json<PreviewRow[]>("list")).toEqual([]);
});
