import { mayMakeCertificates } from "../support/certificates-officer";
import { busyWhile } from "./support/busy-bot";
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
  // The SDK keeps no token that ends within five minutes: so the bot asks Entra for one in each turn.
  workshop.azure.entra.lifetimes.applicationToken = 60;
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

test.each([
  [1, 20],
  [2, 60],
])(
  "rotation %d, of which Entra knows after %d s, with a request each second: none fails, one certificate is new, and the bot proves it",
  async (number, seconds) => {
    const before = bot().certificates;
    workshop.azure.entra.lifetimes.passwordPropagation = seconds;
    const [{ code, text }, busy] = await busyWhile(workshop.azure, String(outputs.chatAddress), () =>
      operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "0"]),
    );
    workshop.azure.entra.lifetimes.passwordPropagation = 0;
    expect([text, code]).toEqual([expect.stringContaining(`dev: rotation ${number} is done.`), 0]);
    // Only the bot can prove a certificate whose key the vault keeps: it tries the newest every ten seconds, and works by the other.
    const others = busy.refusals.filter((refusal) => !refusal.includes("AADSTS700027"));
    expect({ failures: busy.failures, others }).toEqual({ failures: [], others: [] });
    expect(busy.asked).toBeGreaterThan(seconds);
    expect(busy.tokens).toBeGreaterThan(seconds);
    expect(bot().certificates.filter((id) => before.includes(id))).toHaveLength(1);
    await unchanged();
    const table = (await operate(workshop, stack, "secrets", ["dev"])).text;
    // When Entra last took one is known of the newest alone: the running bot says it.
    expect(table).toMatch(new RegExp(`bot-certificate +${number - 1} +kept +20\\d\\d-.*Z \\(in \\d+ d\\) +-`));
    expect(table).toMatch(new RegExp(`bot-certificate +${number} +in use +20\\d\\d-.*Z \\(in \\d+ d\\) +20\\d\\d-.*Z`));
    expect(table).toContain(`The running bot uses the secrets of rotation ${number} and the newest certificate.`);
  },
  600_000,
);

test("a destroy leaves nothing behind", async () => {
  expect(await stack.run("destroy", ["--yes"])).toMatchObject({ code: 0 });
  expect(workshop.azure.entra.applicationByAppId(String(outputs.botAppId))).toBeUndefined();
}, 600_000);
