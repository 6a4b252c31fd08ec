import { HandMade, shapes } from "../support/hand-made";
import { Stack, Workshop } from "./support/stack";

// Bots that were made by hand, by the calls that az sends, are brought under the program by `npm run adopt`.

let workshop: Workshop;
let made: HandMade;
beforeAll(async () => {
  workshop = await Workshop.open();
  made = new HandMade(workshop.azure);
});
afterAll(() => workshop?.close());

/** Every call of whoever deploys that could have changed something, since a number of the trace. */
function writesSince(number: number): string[] {
  const reads = /\/(listChannelWithKeys|list|oauth2\/.*token)$|\/checkNameAvailability$/i;
  return workshop.azure.trace
    .exchanges(number)
    .filter(({ method, url }) => method !== "GET" && !reads.test(new URL(url).pathname))
    .map(({ method, url }) => `${method} ${url}`);
}

const lastCall = (): number => workshop.azure.trace.exchanges().at(-1)?.number ?? 0;

async function adopted(name: string, bot: string, ...options: string[]): Promise<Stack> {
  const stack = new Stack(workshop, name);
  const before = lastCall();
  const run = await stack.ops("adopt", bot, "--stack", name, ...options);
  if (run.code !== 0) throw new Error(run.text);
  expect(writesSince(before)).toEqual([]);
  await stack.mustRun("stack", ["init", name]);
  const imports = ["--file", `adopt.${name}.json`, "--generate-code=false", "--yes", "--stack", name];
  await stack.mustRun("import", imports);
  expect(writesSince(before)).toEqual([]);
  return stack;
}

describe.each(Object.entries(shapes))("%s", (shape, make) => {
  let stack: Stack;
  let bot: string;

  test("is adopted, and a preview replaces and deletes nothing", async () => {
    bot = await make(made);
    stack = await adopted(shape.toLowerCase().replaceAll(/[^a-z]+/g, "-"), bot);
    const preview = await stack.preview("--diff");
    console.log(preview.text.slice(0, 6000));
    const { create = 0, same = 0, update = 0, ...others } = preview.changes;
    expect([preview.code, others]).toEqual([0, {}]);
    expect(preview.effects.filter((effect) => !effect.startsWith("create "))).toEqual(["update Bot bot"]);
    expect([create > 0, same > 0, update]).toEqual([true, true, 1]);
  });
});
