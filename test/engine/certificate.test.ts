import { mayMakeCertificates } from "../support/certificates-officer";
import { operate } from "./support/killing";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

/** A bot that begins with a password and changes to a certificate, by Pulumi's own engine. */
let workshop: Workshop;
let stack: Stack;
let outputs: Record<string, unknown>;

beforeAll(async () => {
  workshop = await Workshop.open();
  await mayMakeCertificates(workshop.azure);
  stack = await workshop.stack("dev", { secretless: true });
  expect(await stack.up()).toMatchObject({ code: 0 });
  outputs = await stack.outputs();
});
afterAll(() => workshop?.close());

const bot = (): { passwords: number; certificates: string[] } => {
  const application = workshop.azure.entra.applicationByAppId(String(outputs.botAppId))!;
  return {
    passwords: application.passwordCredentials.length,
    certificates: application.keyCredentials.map(({ keyId }) => keyId),
  };
};
const unchanged = async (): Promise<void> => {
  const preview = await stack.preview("--expect-no-changes");
  expect([preview.code, preview.plan]).toEqual([0, []]);
};

test("it changes to a certificate as the same bot, whose passwords go", async () => {
  await stack.set({ identity: "certificate" });
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect((await stack.outputs()).botAppId).toBe(outputs.botAppId);
  expect(bot()).toEqual({ passwords: 0, certificates: [expect.any(String), expect.any(String)] });
  await unchanged();
  expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
}, 600_000);

test("a rotation, of which Entra knows after 20 s, makes one certificate anew, which the bot proves, and keeps the other", async () => {
  const before = bot().certificates;
  workshop.azure.entra.lifetimes.passwordPropagation = 20;
  const { code, text } = await operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "0"]);
  workshop.azure.entra.lifetimes.passwordPropagation = 0;
  expect([text, code]).toEqual([expect.stringContaining("dev: rotation 1 is done."), 0]);
  expect(bot().certificates.filter((id) => before.includes(id))).toHaveLength(1);
  await unchanged();
  const table = (await operate(workshop, stack, "secrets", ["dev"])).text;
  expect(table).toMatch(/bot-certificate +0 +kept +20\d\d-.*Z \(in \d+ d\) +-/);
  expect(table).toMatch(/bot-certificate +1 +in use +20\d\d-.*Z \(in \d+ d\) +20\d\d-.*Z/);
  expect(table).toMatch(/The running bot uses the secrets of rotation 1 and the newest certificate\./);
}, 600_000);

test("a destroy leaves nothing behind", async () => {
  expect(await stack.run("destroy", ["--yes"])).toMatchObject({ code: 0 });
  expect(workshop.azure.entra.applicationByAppId(String(outputs.botAppId))).toBeUndefined();
}, 600_000);
