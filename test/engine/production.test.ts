import { now, writesSince } from "./support/azure-calls";
import { type Stack, Workshop } from "./support/stack";

jest.setTimeout(180_000);

let workshop: Workshop;
let stack: Stack;

beforeAll(async () => {
  workshop = await Workshop.open();
  stack = await workshop.stack("prod");
  expect(await stack.up()).toMatchObject({ code: 0 });
});
afterAll(() => workshop?.close());

test.each([
  ["the bot's name", { botHandle: "another-mail-bot" }, /Bot::bot"\s+as it is currently marked for protection/],
  ["its residency", { residency: "europe" }, /Bot::bot"\s+as it is currently marked for protection/],
  [
    "the location",
    { location: "northeurope" },
    /RandomString::suffix-here"\s+as it is currently marked for protection/,
  ],
])(
  "a change of %s, which cannot be changed in place, is refused in preview with the reason",
  async (_what, settings, reason) => {
    const before = now(workshop.azure);
    await stack.set(settings);
    try {
      const { code, text } = await stack.preview();
      expect(code).not.toBe(0);
      expect(text).toMatch(reason);
      expect(writesSince(workshop.azure, before)).toEqual([]);
    } finally {
      await stack.reset();
    }
  },
);

test("destroy, which previews first, refuses to take away what users would lose, names it, and deletes nothing", async () => {
  const before = now(workshop.azure);
  const { code, text } = await stack.run("destroy", ["--stack", "prod", "--yes"]);
  expect(code).not.toBe(0);
  expect(text).toMatch(/protected/);
  expect(writesSince(workshop.azure, before)).toEqual([]);
});
