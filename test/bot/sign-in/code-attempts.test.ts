import { codeLimits, codesKeyOf, countTry, type CodeAttempts, type Try } from "../../../bot/sign-in/code-attempts";
import { sentences } from "../../../bot/sign-in/sentences";
import { type FakeAzure, startAzure } from "../support/azure";
import { type Channel, createChannel } from "../support/channel";
import { type FrontDoor, openFrontDoor, openTwoInstances } from "../support/front-door";
import { MemoryStorage } from "../support/memory-storage";

const [{ tries, within }, day] = codeLimits;

/** Sockets and timeouts stay real where only the clock is moved. */
const allButTheClock = [
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "setTimeout",
  "clearTimeout",
] as const;

describe("the count", () => {
  /** Tries codes at these times. Gives what each was told, and the record after all of them. */
  function tryAt(times: readonly number[]): { found: Try[]; record: CodeAttempts } {
    let record: CodeAttempts = { triedAt: [] };
    const found = times.map((now) => {
      const change = countTry(record, now);
      record = change.record;
      return change.found;
    });
    return { found, record };
  }

  test("allows a few codes, then says how long to wait; waiting is not prolonged by trying", () => {
    const { found } = tryAt([0, 1000, 2000, 3000, 4000, 5000, within - 1, within]);
    expect(found).toEqual([
      { allowed: true, left: 4, wait: 0 },
      { allowed: true, left: 3, wait: 0 },
      { allowed: true, left: 2, wait: 0 },
      { allowed: true, left: 1, wait: 0 },
      { allowed: true, left: 0, wait: within - 4000 },
      { allowed: false, wait: within - 5000 },
      { allowed: false, wait: 1 },
      { allowed: true, left: 0, wait: 1000 },
    ]);
  });

  test("allows a guesser who waits each time no more than a day's codes in a day, and grows no further", () => {
    const times = Array.from({ length: day.within / 60_000 }, (_, minute) => minute * 60_000);
    const { found, record } = tryAt(times);
    expect(found.filter(({ allowed }) => allowed)).toHaveLength(day.tries);
    expect(record.triedAt).toHaveLength(day.tries);
    expect(countTry(record, day.within).found).toMatchObject({ allowed: true });
  });

  test("counts a code of an instance whose clock is ahead", () => {
    const ahead = Array.from({ length: tries }, () => 60_000);
    expect(countTry({ triedAt: ahead }, 0).found).toEqual({ allowed: false, wait: within + 60_000 });
  });

  test("is each user's, channel's and connection's own, and its name names nobody", () => {
    const owner = { channelId: "directline", userId: "dl_ada", connection: "Graph" };
    const others = [{ channelId: "msteams" }, { userId: "dl_bob" }, { connection: "GitHub" }];
    const keys = [owner, ...others.map((other) => ({ ...owner, ...other }))].map(codesKeyOf);
    expect(new Set(keys).size).toBe(4);
    expect(keys[0]).toMatch(/^codes\/[0-9a-f]{64}$/);
  });
});

describe("somebody who guesses codes", () => {
  let channel: Channel;
  let azure: FakeAzure;
  let storage: MemoryStorage;
  let bots: FrontDoor[];

  beforeAll(async () => {
    channel = await createChannel();
  });

  beforeEach(async () => {
    azure = startAzure();
    storage = new MemoryStorage();
    bots = await openTwoInstances(channel, storage);
    // A guesser's right code is never among those that may be tried.
    azure.code = "999999";
  });

  afterEach(async () => {
    azure.restore();
    for (const bot of bots) await bot.close();
  });

  const say = (text: string, fields: object = {}): Promise<unknown> =>
    (bots[0] as FrontDoor).deliver({ text, ...fields });
  const codesTried = (): (string | null)[] =>
    azure.calls.map(({ url }) => url.searchParams.get("code")).filter((code) => code !== null && code !== "");
  const said = (): unknown => azure.sent.at(-1)?.text;
  const codeOf = (number: number): string => String(number).padStart(6, "0");

  test("gets no further by saying mail, sign out or help in between", async () => {
    for (let number = 0; number < 20; number++) {
      await say("mail");
      await say(codeOf(number));
      if (number % 7 === 0) await say("sign out");
    }
    await say("mail");
    await say("999999");
    expect(codesTried()).toHaveLength(tries);
    expect(azure.userToken).toBeUndefined();
    expect(said()).toMatch(/^You have tried too many codes, so I take none for the next 10 minutes\./);
  });

  test("gets no further with 250 codes at once, the right one among them, at two instances", async () => {
    await say("mail");
    const numbers = [...Array.from({ length: 249 }, (_, number) => codeOf(number)), "999999"];
    const answers = await Promise.all(numbers.map((text, at) => (bots[at % 2] as FrontDoor).deliver({ text })));
    expect(answers).toHaveLength(250);
    expect(codesTried().length).toBeLessThanOrEqual(tries);
    // The right code may be tried like any other, but not after the others: a later burst does not get it through.
    azure.code = "888888";
    await Promise.all(
      [...numbers.slice(0, 50), "888888"].map((text, at) => (bots[at % 2] as FrontDoor).deliver({ text })),
    );
    expect(codesTried().length).toBeLessThanOrEqual(tries);
    expect(azure.code).toBe("888888");
  });

  test("gets no further from other conversations or by choosing a sub-channel", async () => {
    for (let number = 0; number < 15; number++) {
      const fields = {
        conversation: { id: `conversation-${number}` },
        entities: [{ type: "ProductInfo", id: `product-${number}` }],
      };
      await say("mail", fields);
      await say(codeOf(number), fields);
    }
    expect(codesTried()).toHaveLength(tries);
  });

  test("gets no further in the sign-in window's invoke, whose codes count as typed ones do", async () => {
    await say("mail");
    const invoke = (state: string): ReturnType<FrontDoor["deliver"]> =>
      (bots[1] as FrontDoor).deliver({ type: "invoke", name: "signin/verifyState", value: { state } });
    for (let number = 0; number < 3; number++) await say(codeOf(number));
    for (let number = 3; number < 20; number++) expect((await invoke(codeOf(number))).status).toBe(412);
    expect((await invoke("999999")).status).toBe(412);
    expect(codesTried()).toHaveLength(tries);
  });

  test("gets no further after a restart of the bot", async () => {
    await say("mail");
    for (let number = 0; number < tries; number++) await say(codeOf(number));
    bots.push(await openFrontDoor(channel, storage));
    await bots.at(-1)?.deliver({ text: "999999" });
    expect([codesTried().length, azure.userToken]).toEqual([tries, undefined]);
  });

  test("gets no further where the count cannot be written: the code is not tried", async () => {
    await say("mail");
    storage.write = () => Promise.reject(new Error("storage is down"));
    await say("999999");
    expect([codesTried(), azure.userToken]).toEqual([[], undefined]);
  });

  test("does not lock other users out", async () => {
    await say("mail");
    for (let number = 0; number < 20; number++) await say(codeOf(number));
    const bob = { from: { id: "dl_bob" }, conversation: { id: "conversation-2" } };
    await say("mail", bob);
    await say("999999", bob);
    expect(azure.userToken).toBe("user-token-1");
  });

  test("who only mistyped is told how many are left, gets in with the right code, and after a while even after too many", async () => {
    await say("mail");
    await say("000000");
    expect(said()).toBe(sentences.wrongCode(4));
    for (let number = 1; number < tries; number++) await say(codeOf(number));
    expect(said()).toMatch(/^You have tried too many codes/);
    jest.useFakeTimers({ now: Date.now() + within, doNotFake: [...allButTheClock] });
    try {
      await say("mail");
      await say("000009");
      await say("999999");
    } finally {
      jest.useRealTimers();
    }
    expect(azure.sent.at(-1)?.text).toMatch(/^Your newest message/);
  });
});
