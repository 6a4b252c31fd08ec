import { now, writesSince } from "./support/azure-calls";
import { type Stack, Workshop } from "./support/stack";

let workshop: Workshop;
let stack: Stack;

beforeAll(async () => {
  workshop = await Workshop.open();
  stack = await workshop.stack("prod");
  expect(await stack.up()).toMatchObject({ code: 0 });
});
afterAll(() => workshop?.close());

test.each([
  [
    "the bot's name",
    { botHandle: "another-mail-bot" },
    /botHandle cannot change from bot-sign-in-prod-\w+ to another-mail-bot: it is the name of the bot/,
  ],
  [
    "its residency",
    { residency: "europe" },
    /residency cannot change from global to europe: it is the location of the bot/,
  ],
  [
    "the location",
    { location: "northeurope" },
    /location cannot change from westeurope to northeurope: it is the location of the vault/,
  ],
])(
  "a change of %s, which cannot be changed in place, is refused in preview with setting, property and fix",
  async (_what, settings, reason) => {
    const before = now(workshop.azure);
    await stack.set(settings);
    try {
      const { code, text } = await stack.preview();
      expect(code).not.toBe(0);
      expect(text.replace(/\s+/g, " ")).toMatch(reason);
      expect(text.replace(/\s+/g, " ")).toMatch(/the setting protect forbids it\. Take the change back; or/);
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
