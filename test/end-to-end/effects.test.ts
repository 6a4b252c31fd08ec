import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../../local/door/faults";
import { type Chat, hasCard, signInAddress } from "../support/chat";
import { inFrontOfBot } from "../support/in-front-of";
import { Person } from "../support/person";
import { secondInstance, sendTo } from "../support/second-instance";
import { boundTo, consentForEveryone, signIn } from "../support/sign-in";
import { soon } from "../support/soon";
import { SetUp } from "./mistakes/set-up";

jest.setTimeout(180_000);

const mayHave = "Your mail may have been sent: look in Sent Items before you try again.";

let setUp: SetUp;

beforeAll(async () => {
  setUp = await SetUp.deploy();
  await consentForEveryone(new Person(), setUp.azure, setUp.text("signInAppId"));
});
afterAll(() => setUp?.close());
afterEach(() => setUp.azure.faults.switchOff());

/** Somebody who is signed in. */
async function signedIn(): Promise<Chat> {
  const person = new Person();
  const { chat, token } = await setUp.chat(person);
  const card = signInAddress(await chat.ask("mail", hasCard)) ?? "";
  await signIn(person, setUp.azure, await boundTo(person, token, setUp.text("chatAddress"), card), setUp.mailOf("Kim"));
  await chat.answer(({ text }) => /newest message/.test(text ?? ""), 30_000);
  return chat;
}

let count = 0;
const newMail = (): string => `send sam@contoso.example Hello ${++count}`;
const sentAs = (text: string): string => `Sent to sam@contoso.example: ${text.split(" ").slice(2).join(" ")}`;

/** How often Microsoft Graph took a mail with this text. */
function mailsOf(text: string, since: number): number {
  const words = text.split(" ").slice(2).join(" ");
  const calls = setUp.azure.trace.exchanges(since).filter(({ url }) => url.endsWith("/me/sendMail"));
  return calls.filter(({ requestBody = "", status }) => status === 202 && requestBody.includes(`"${words}"`)).length;
}

/** What the bot says until nothing more has come for a while. */
async function saysAll(chat: Chat, timeout: number, quiet = 1_500): Promise<string[]> {
  const texts: string[] = [];
  for (let wait = timeout; ; wait = quiet) {
    const next = await chat.answer(undefined, wait).catch(() => undefined);
    if (!next) return texts;
    texts.push(next.text ?? "");
  }
}

/** Starts the app anew; the new process has taken over when the old one is told to stop. */
async function restarted(): Promise<void> {
  const before = setUp.log.length;
  await setUp.restart();
  expect(await soon(() => setUp.log.slice(before).find((line) => line.includes('"stopping"')), 30_000)).toBeDefined();
}

const latency = (service: string, milliseconds: number): Fault => ({ kind: "latency", service, milliseconds });

// The second process needs the first one's environment, which Linux shows.
(process.platform === "linux" ? describe : describe.skip)("two processes", () => {
  test("a message that Direct Line delivers five times to two processes of the bot: one mail, one answer", async () => {
    const chat = await signedIn();
    const other = await secondInstance(setUp.azure);
    const statuses: number[] = [];
    const undo = inFrontOfBot(setUp.azure, setUp.text("endpoint"), async (request, on) => {
      const copies = Array.from({ length: 5 }, () => request.clone());
      const answers = await Promise.all(
        copies.map((copy, at) => (at % 2 === 0 ? on(copy) : sendTo(other.address, copy))),
      );
      statuses.push(...answers.map(({ status }) => status));
      const late = await sendTo(other.address, request.clone());
      statuses.push(late.status);
      return answers[0] as Response;
    });
    try {
      setUp.azure.faults.switchOn(latency("Microsoft Graph", 500));
      const since = setUp.azure.trace.next();
      const text = newMail();
      await chat.say(text);
      expect(await saysAll(chat, 20_000)).toEqual([sentAs(text)]);
      expect([mailsOf(text, since), statuses]).toEqual([1, [200, 200, 200, 200, 200, 200]]);
    } finally {
      undo();
      await other.end();
    }
  });
});

test("twelve mails of one user at once, five times: 0 of 60 fail, and each is sent once", async () => {
  const chat = await signedIn();
  const since = setUp.azure.trace.next();
  const texts: string[] = [];
  for (let round = 0; round < 5; round++) {
    const twelve = Array.from({ length: 12 }, newMail);
    texts.push(...twelve);
    expect(await Promise.all(twelve.map((text) => chat.say(text)))).not.toContain("retry");
  }
  expect((await saysAll(chat, 20_000)).sort()).toEqual(texts.map(sentAs).sort());
  expect(texts.map((text) => mailsOf(text, since))).toEqual(texts.map(() => 1));
});

test("a restart cuts no turn: mails that take 9 s and 6 s are sent once, and their senders are told", async () => {
  const [nine, six] = [await signedIn(), await signedIn()];
  const since = setUp.azure.trace.next();
  const texts = [newMail(), newMail()] as const;
  setUp.azure.faults.switchOn(latency("Microsoft Graph", 9_000));
  const first = nine.say(texts[0]);
  await sleep(1_500);
  setUp.azure.faults.switchOff();
  setUp.azure.faults.switchOn(latency("Microsoft Graph", 6_000));
  const second = six.say(texts[1]);
  await sleep(500);
  await restarted();
  expect(await Promise.all([first, second])).not.toContain("retry");
  expect([await saysAll(nine, 1_000), await saysAll(six, 1_000)]).toEqual([[sentAs(texts[0])], [sentAs(texts[1])]]);
  expect(texts.map((text) => mailsOf(text, since))).toEqual([1, 1]);
});

test("Microsoft Graph takes 40 s: the turn ends in time, and the user is told to look, not to try again", async () => {
  const chat = await signedIn();
  setUp.azure.faults.switchOn(latency("Microsoft Graph", 40_000));
  // Direct Line waits 15 s and gives up then.
  expect(await chat.say(newMail())).not.toBe("retry");
  expect(await saysAll(chat, 1_000)).toEqual([mayHave]);
});

test("Entra takes 40 s for the bot's token: Direct Line has its answer in time, and nothing was sent", async () => {
  const chat = await signedIn();
  const since = setUp.azure.trace.next();
  setUp.azure.faults.switchOn(latency("Entra ID", 40_000));
  await restarted();
  const text = newMail();
  expect(await chat.say(text)).toBe("retry");
  const answers = setUp.azure.trace.exchanges(since).filter(({ url }) => url.endsWith("/activities"));
  // Not "bot timed out", which is what Direct Line says after 15 s.
  expect(answers.map(({ responseBody }) => responseBody)).toContainEqual(
    expect.stringContaining("bot returned an error"),
  );
  setUp.azure.faults.switchOff();
  expect(mailsOf(text, since)).toBe(0);
});
