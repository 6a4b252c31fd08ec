import { setTimeout as sleep } from "node:timers/promises";
import { knownSecrets } from "../../local/azure/secrets";
import { Person } from "../support/person";
import { Chat, hasCard } from "../support/chat";
import { connectThisProcess } from "../support/deployed";
import { openChatPage } from "../support/sign-in";
import { now, writesSince } from "./support/azure-calls";
import { busyWhile } from "./support/busy-bot";
import { operate } from "./support/killing";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

let workshop: Workshop;
let stack: Stack;

beforeAll(async () => {
  workshop = await Workshop.open();
  // The SDK keeps no token that ends within five minutes: so the bot asks Entra for one in each turn, from its start on.
  workshop.azure.entra.lifetimes.applicationToken = 60;
  stack = await workshop.stack("dev");
  expect(await stack.up()).toMatchObject({ code: 0 });
});
afterAll(() => workshop?.close());

/** Key ids of the passwords of both applications. */
function passwords(): string[] {
  const { clientId } = workshop.azure.tenant.deployer;
  return [...workshop.azure.entra.applications.values()]
    .filter(({ appId }) => appId !== clientId)
    .flatMap(({ passwordCredentials }) => passwordCredentials.map(({ keyId }) => keyId))
    .sort();
}

const list = async (): Promise<{ name: string; rotation: number; state: string; lastProof?: string }[]> => {
  const { text } = await operate(workshop, stack, "secrets", ["dev", "--json"]);
  return (JSON.parse(text) as { secrets: Awaited<ReturnType<typeof list>> }).secrets;
};

test("without --yes it shows its plan and what users will notice, and does nothing", async () => {
  const before = now(workshop.azure);
  const { code, text } = await operate(workshop, stack, "rotate", ["dev"]);
  expect([code, text]).toEqual([2, expect.stringContaining("dev: rotation 1.") as string]);
  expect(text).toContain("Everybody who is signed in through GraphConnection signs in again.");
  expect(text).toContain("To do it: npm run rotate -- dev --yes");
  expect(writesSince(workshop.azure, before)).toEqual([]);
});

test("with --if-due it does nothing while there is time", async () => {
  const { code, text } = await operate(workshop, stack, "rotate", ["dev", "--yes", "--if-due"]);
  expect([code, text]).toEqual([0, "dev: no secret is near its end.\n"]);
});

test.each([
  [1, 0],
  [2, 20],
  [3, 60],
])(
  "rotation %d, of which Entra knows after %d s, with a request each second: none fails, and preview shows no change",
  async (number, seconds) => {
    const outputs = await stack.outputs();
    const before = passwords();
    workshop.azure.entra.lifetimes.passwordPropagation = seconds;
    const [{ code, text }, busy] = await busyWhile(workshop.azure, String(outputs.chatAddress), () =>
      operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "0"]),
    );
    workshop.azure.entra.lifetimes.passwordPropagation = 0;
    expect([text, code]).toEqual([expect.stringContaining(`dev: rotation ${number} is done.`), 0]);
    expect({ failures: busy.failures, refusals: busy.refusals }).toEqual({ failures: [], refusals: [] });
    expect(busy.asked).toBeGreaterThan(seconds);
    expect(busy.tokens).toBeGreaterThan(seconds);
    expect(text).toMatch(/GraphConnection was away for \d+(\.\d)? s; sign-ins that met this failed/);
    // Of each application one is new, and the one that was the newest is still there.
    const after = passwords();
    expect(after).toHaveLength(4);
    expect(after.filter((id) => before.includes(id))).toHaveLength(2);
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.plan]).toEqual([0, []]);
    expect((await list()).map(({ name, rotation, state }) => `${name} ${rotation} ${state}`)).toEqual(
      expect.arrayContaining([
        `bot-app-password ${number} in use`,
        `bot-app-password ${number - 1} kept`,
        `sign-in-app-password ${number} in use`,
        `sign-in-app-password ${number - 1} kept`,
        `chat-session-key ${number} in use`,
        `direct-line-secret ${number} in use`,
      ]),
    );
    expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
  },
  600_000,
);

test("the list of secrets says when Entra last took each password, and shows none", async () => {
  const table = await operate(workshop, stack, "secrets", ["dev"]);
  expect(table.code).toBe(0);
  expect(table.text).toMatch(/bot-app-password +3 +in use +20\d\d-.*Z \(in \d+ d\) +20\d\d-.*Z/);
  expect(table.text).toMatch(/The running bot uses the secrets of rotation 3 and the newest password\./);
  expect(knownSecrets.hide(table.text)).toBe(table.text);
});

test("a connection is replaced at a quiet minute only: while somebody writes it is not, and the next run goes on", async () => {
  const { chatAddress } = await stack.outputs();
  const [{ code, text }] = await busyWhile(workshop.azure, String(chatAddress), () =>
    operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "0.1"]),
  );
  expect([text, code]).toEqual([expect.stringContaining("No minute was quiet within 0.1 minutes."), 3]);
  const preview = await stack.preview("--expect-no-changes");
  expect([preview.code, preview.plan]).toEqual([0, []]);
  expect((await list()).map(({ name, rotation, state }) => `${name} ${rotation} ${state}`)).toEqual(
    expect.arrayContaining([
      "sign-in-app-password 3 in use",
      "sign-in-app-password 4 new",
      "bot-app-password 4 in use",
    ]),
  );
  const again = await operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "3"]);
  expect([again.text, again.code]).toEqual([expect.stringContaining("dev: rotation 4, which was begun"), 0]);
  expect(again.text).toContain("dev: rotation 4 is done.");
}, 600_000);

test("how long sign-ins fail while a connection is replaced is said, and is what people meet who sign in then", async () => {
  const { azure } = workshop;
  const { chatAddress } = await stack.outputs();
  const disconnect = await connectThisProcess(azure, "browser");
  const chat = new Chat(await openChatPage(new Person(), String(chatAddress)));
  try {
    await chat.opened();
    // As long as Azure may take.
    const path = "/connections/";
    azure.faults.switchOn({
      kind: "latency",
      service: "Azure Resource Manager",
      method: "PUT",
      path,
      milliseconds: 3_000,
    });
    const failed: number[] = [];
    let asked = 0;
    let running = true;
    const signsIn = async (): Promise<void> => {
      for (; running; asked += 1) {
        const answer = await chat.ask("mail");
        if (!hasCard(answer)) failed.push(performance.now());
        await sleep(50);
      }
    };
    const trying = signsIn();
    const { code, text } = await operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "0"]);
    running = false;
    await trying;
    expect(code).toBe(0);
    const said = Number(/was away for (\d+(?:\.\d)?) s/.exec(text)?.[1]);
    const met = failed.length === 0 ? 0 : (failed.at(-1)! - failed[0]!) / 1_000;
    expect(asked).toBeGreaterThan(20);
    expect(failed.length).toBeGreaterThan(0);
    expect(Math.abs(said - met)).toBeLessThan(1.5);
    process.stderr.write(
      `rotate: ${failed.length} of ${asked} sign-ins failed, within ${met.toFixed(1)} s; said ${said} s\n`,
    );
  } finally {
    azure.faults.switchOff();
    chat.end();
    disconnect();
  }
});

test("beside a running up it is refused by the lock, with the command that helps, and nothing is begun", async () => {
  await stack.set({ displayName: "Another name" });
  const up = stack.up();
  await sleep(3_000);
  const { code, text } = await operate(workshop, stack, "rotate", ["dev", "--yes", "--quiet", "0"]);
  expect([code, text]).toEqual([4, expect.stringContaining("dev is held by ")]);
  expect(await up).toMatchObject({ code: 0 });
  expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
});
