import { setTimeout as sleep } from "node:timers/promises";
import type { StoreItem } from "@microsoft/agents-hosting";
import { lastWordsTime, turnTime } from "../../contract/turn";
import { BotError } from "../../bot/error";
import { claimId, mostClaims, takeClaim } from "../../bot/sign-in/claim";
import { SignInRecords } from "../../bot/sign-in/sign-in-records";
import { sentences } from "../../bot/sign-in/sentences";
import { type FakeAzure, startAzure } from "./support/azure";
import { type Channel, createChannel } from "./support/channel";
import { type Delivered, type FrontDoor, openTwoInstances } from "./support/front-door";
import { MemoryStorage } from "./support/memory-storage";

// A turn that takes 14 s would take 14 s.
jest.mock("../../contract/turn", () => ({ turnTime: 3_000, lastWordsTime: 1_000, stopTime: 30 }));

const owner = { channelId: "directline", conversationId: "conversation-1", userId: "dl_ada" };
const send = { id: "message-1", text: "send sam@contoso.com Hello" };
const sent = "Sent to sam@contoso.com: Hello";
const card = "application/vnd.microsoft.card.oauth";

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
});
afterEach(async () => {
  azure.restore();
  for (const bot of bots) await bot.close();
});

const bot = (at: number): FrontDoor => bots[at % bots.length] as FrontDoor;
const mails = (): number => azure.calls.filter(({ url }) => url.pathname === "/v1.0/me/sendMail").length;
const said = (): unknown[] =>
  azure.sent.map(({ text, attachments }) => text ?? (attachments as { contentType: string }[])[0]?.contentType);
const statuses = (answers: readonly Delivered[]): number[] => answers.map(({ status }) => status);

/** Has Microsoft Graph take its time for sending. */
function slowGraph(milliseconds: number): void {
  const { graph } = azure;
  azure.graph = async (call) => {
    if (call.method === "POST") await sleep(milliseconds);
    return graph(call);
  };
}

const atOnce = (fields: object, times: number, instances: number): Promise<Delivered[]> =>
  Promise.all(Array.from({ length: times }, (_, at) => bot(at % instances).deliver({ ...fields })));

async function oneByOne(fields: object, times: number, instances: number): Promise<Delivered[]> {
  const answers: Delivered[] = [];
  for (let at = 0; at < times; at++) answers.push(await bot(at % instances).deliver({ ...fields }));
  return answers;
}

describe("one mail is sent and the user reads so once, where the channel delivers the message five times", () => {
  const ways: [string, typeof atOnce, number][] = [
    ["one after the other", oneByOne, 1],
    ["at once", atOnce, 1],
    ["one after the other, to two instances", oneByOne, 2],
    ["at once, to two instances", atOnce, 2],
  ];

  test.each(ways)("%s", async (_, deliver, instances) => {
    azure.userToken = "user-token-1";
    slowGraph(300);
    expect(statuses(await deliver(send, 5, instances))).toEqual([200, 200, 200, 200, 200]);
    expect([mails(), said()]).toEqual([1, [sent]]);
  });

  test.each(ways)("%s, and the sign-in comes in between", async (_, deliver, instances) => {
    expect(statuses(await deliver(send, 5, instances))).toEqual([200, 200, 200, 200, 200]);
    expect(said()).toEqual([card]);
    azure.userToken = "user-token-1";
    slowGraph(300);
    const arrived = {
      id: "event-1",
      type: "event",
      name: "tokens/response",
      value: { connectionName: "GraphConnection" },
    };
    expect(statuses(await deliver(arrived, 5, instances))).toEqual([200, 200, 200, 200, 200]);
    // The message that asked may come late as well.
    expect(statuses(await deliver(send, 2, instances))).toEqual([200, 200]);
    expect([mails(), said()]).toEqual([1, [card, sent]]);
  });

  test.each(ways)("%s, and a code completes the sign-in", async (_, deliver, instances) => {
    await bot(0).deliver(send);
    azure.code = "123456";
    expect(statuses(await deliver({ id: "message-2", text: "123456" }, 5, instances))).toEqual([
      200, 200, 200, 200, 200,
    ]);
    expect([mails(), said()]).toEqual([1, [card, sent]]);
  });
});

test("a wrong code that is delivered again is answered once, and costs one of the user's tries", async () => {
  await bot(0).deliver(send);
  await oneByOne({ id: "message-2", text: "000000" }, 3, 2);
  expect(said()).toEqual([card, sentences.wrongCode(4)]);
  const invoke = { id: "invoke-1", type: "invoke", name: "signin/verifyState", value: { state: "000001" } };
  expect(statuses(await oneByOne(invoke, 3, 2))).toEqual([412, 412, 412]);
  expect(said()).toEqual([card, sentences.wrongCode(4), sentences.wrongCode(3)]);
});

test("a sign-out that is delivered again does not sign out whoever has signed in since", async () => {
  azure.userToken = "user-token-1";
  const signOut = { id: "message-2", text: "sign out" };
  await bot(0).deliver(signOut);
  azure.userToken = "user-token-1";
  await bot(1).deliver(signOut);
  expect([azure.userToken, said()]).toEqual(["user-token-1", [expect.stringMatching(/^You are signed out\./)]]);
});

test("twelve mails of one user at once, five times, over two instances: 0 of 60 fail, and each is sent once", async () => {
  azure.userToken = "user-token-1";
  for (let round = 0; round < 5; round++) {
    const answers = Array.from({ length: 12 }, (_, at) =>
      bot(at).deliver({ id: `mail-${round}-${at}`, text: send.text }),
    );
    expect(new Set(statuses(await Promise.all(answers)))).toEqual(new Set([200]));
  }
  expect([mails(), new Set(said())]).toEqual([60, new Set([sent])]);
});

test("twelve requests of a user who is not signed in, at once, five times: 0 of 60 fail", async () => {
  for (let round = 0; round < 5; round++) {
    const answers = Array.from({ length: 12 }, (_, at) => bot(at).deliver({ id: `mail-${round}-${at}`, text: "mail" }));
    expect(new Set(statuses(await Promise.all(answers)))).toEqual(new Set([200]));
  }
  expect(said()).toEqual(Array.from({ length: 60 }, () => card));
});

describe("nobody knows whether the mail was sent: the user is told so, and it is not sent again", () => {
  beforeEach(() => {
    azure.userToken = "user-token-1";
  });

  const fates: [string, () => Promise<Response>][] = [
    ["Microsoft Graph does not answer", () => new Promise(() => undefined)],
    [
      "the connection breaks after the request",
      () =>
        Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) })),
    ],
    ["a gateway answers for Microsoft Graph", async () => Response.json({}, { status: 504 })],
    ["Microsoft Graph breaks in the middle", async () => Response.json({}, { status: 500 })],
  ];
  test.each(fates)("%s", async (_, fate) => {
    azure.graph = fate;
    expect((await bot(0).deliver(send)).status).toBe(200);
    expect(said()).toEqual([sentences.mayHaveBeenSent]);
    expect(statuses(await oneByOne(send, 2, 2))).toEqual([200, 200]);
    expect([mails(), said()]).toEqual([1, [sentences.mayHaveBeenSent]]);
  });

  test("the instance that was at it is gone", async () => {
    const lost = { id: "a turn of another instance", until: Date.now() - 1 };
    await new SignInRecords(storage).change(owner, (record) =>
      takeClaim(record, claimId("activity", send.id), lost, Date.now() - turnTime, () => ""),
    );
    expect(statuses(await atOnce(send, 4, 2))).toEqual([200, 200, 200, 200]);
    expect([mails(), said()]).toEqual([0, [sentences.mayHaveBeenSent]]);
  });

  test("Microsoft Graph does not answer after the sign-in, and the channel reports that four times", async () => {
    azure.userToken = undefined;
    await bot(0).deliver(send);
    azure.userToken = "user-token-1";
    azure.graph = () => new Promise(() => undefined);
    const arrived = {
      id: "event-1",
      type: "event",
      name: "tokens/response",
      value: { connectionName: "GraphConnection" },
    };
    await atOnce(arrived, 4, 2);
    expect([mails(), said()]).toEqual([1, [card, sentences.mayHaveBeenSent]]);
  });
});

describe("the time of the turn ends before the mail was sent: it is not sent later, and the user reads that nothing was done", () => {
  const forever = (): Promise<Response> => new Promise(() => undefined);

  test("at the Token Service", async () => {
    azure.tokenService = forever;
    expect((await bot(0).deliver(send)).status).toBe(200);
    await sleep(lastWordsTime);
    expect([mails(), said()]).toEqual([0, [sentences.outOfTime]]);
  });

  test("at the state", async () => {
    azure.userToken = "user-token-1";
    storage.write = () => new Promise(() => undefined);
    expect((await bot(0).deliver(send)).status).toBe(200);
    await sleep(lastWordsTime);
    expect([mails(), said()]).toEqual([0, [sentences.outOfTime]]);
  });
});

describe("the user cannot be told", () => {
  test("the mail is sent once, and a later delivery says so", async () => {
    azure.userToken = "user-token-1";
    azure.connector = () => Response.json({ error: { code: "ServiceError" } }, { status: 502 });
    expect((await bot(0).deliver(send)).status).toBe(502);
    azure.connector = undefined;
    expect(statuses(await oneByOne(send, 4, 2))).toEqual([200, 200, 200, 200]);
    expect([mails(), said()]).toEqual([1, [sent]]);
  });

  test("that it failed: a later delivery tries again", async () => {
    azure.userToken = "user-token-1";
    const { graph } = azure;
    azure.graph = () => Response.json({}, { status: 429 });
    azure.connector = () => Response.json({}, { status: 502 });
    expect((await bot(0).deliver(send)).status).toBe(500);
    Object.assign(azure, { graph, connector: undefined });
    expect((await bot(1).deliver(send)).status).toBe(200);
    expect([mails(), said()]).toEqual([2, [sent]]);
  });
});

test("a message whose sending failed for certain may be delivered again, and is sent then", async () => {
  azure.userToken = "user-token-1";
  const { graph } = azure;
  for (const status of [429, 503, 403]) {
    azure.graph = () => Response.json({ error: { code: "ErrorAccessDenied" } }, { status });
    await bot(0).deliver(send);
  }
  azure.graph = graph;
  await oneByOne(send, 3, 2);
  expect(said()).toEqual([
    sentences.unavailable("Microsoft Graph"),
    sentences.unavailable("Microsoft Graph"),
    sentences.permissionMissing("Microsoft Graph", "Mail.Send"),
    sent,
  ]);
});

test("the Token Service fails before the mail is sent: the user is told once, and whoever waited for that turn does not send it", async () => {
  azure.tokenService = async () => {
    await sleep(500);
    return Response.json({}, { status: 500 });
  };
  const first = bot(0).deliver(send);
  await sleep(100);
  const second = bot(1).deliver(send);
  await sleep(200);
  azure.userToken = "user-token-1";
  expect(statuses([await first, await second])).toEqual([200, 200]);
  expect([mails(), said()]).toEqual([0, ["Something went wrong on my side. Please try again in a moment."]]);
});

test("a claim whose write was answered by a broken connection is this turn's own: the mail is sent", async () => {
  azure.userToken = "user-token-1";
  const write = storage.write.bind(storage);
  storage.write = async (changes: StoreItem) => {
    await write(changes);
    storage.write = write;
    throw new BotError("state-conflict", "The write came a second time.");
  };
  await bot(0).deliver(send);
  expect([mails(), said()]).toEqual([1, [sent]]);
});

test("a message that reaches the bot half an hour late is not carried out: its claim might be forgotten", async () => {
  azure.userToken = "user-token-1";
  await bot(0).deliver({ ...send, timestamp: new Date(Date.now() - 31 * 60_000).toISOString() });
  expect([mails(), said()]).toEqual([0, [sentences.messageTooOld]]);
});

test("the record does not grow without end: no more is carried out for one user than its claims can tell", async () => {
  azure.userToken = "user-token-1";
  const records = new SignInRecords(storage);
  await records.change(owner, ({ claims, pending }) => {
    const done = { state: "done", holder: "turn", until: Date.now() } as const;
    return {
      record: { pending, claims: Array.from({ length: mostClaims }, (_, at) => ({ id: `${at}`, ...done })) },
      found: claims,
    };
  });
  await bot(0).deliver(send);
  expect([mails(), said()]).toEqual([0, [sentences.tooManyCommands]]);
});

describe("single sign-on", () => {
  const exchange = (client: string, more: object = {}): Record<string, unknown> => ({
    id: `invoke-${client}`,
    type: "invoke",
    name: "signin/tokenExchange",
    value: { id: "exchange-1", connectionName: "GraphConnection", token: "sso-token", ...more },
  });

  test("without consent every client gets 412; with it the same exchange counts again, and the request is not lost", async () => {
    await bot(0).deliver(send);
    azure.exchangeRefusal = 400;
    const devices = ["desktop", "phone", "browser"];
    const refused = await Promise.all(devices.map((client, at) => bot(at).deliver(exchange(client))));
    expect(statuses(refused)).toEqual([412, 412, 412]);
    expect(refused.map(({ body }) => (JSON.parse(body) as { failureDetail?: string }).failureDetail)).toEqual(
      devices.map(() => expect.stringContaining("sign in with the card") as unknown),
    );
    azure.exchangeRefusal = undefined;
    const clients = devices.map((client) => `${client} again`);
    const worked = await Promise.all(clients.map((client, at) => bot(at).deliver(exchange(client))));
    expect([statuses(worked), mails(), said()]).toEqual([[200, 200, 200], 1, [card, sent]]);
    const before = azure.calls.length;
    expect((await bot(1).deliver(exchange("late"))).status).toBe(200);
    expect(azure.calls.slice(before).map(({ url }) => url.pathname)).toEqual([]);
  });

  const failures: [string, object, number | undefined][] = [
    ["the Token Service is broken", {}, 500],
    ["the Token Service refuses for another reason", {}, 403],
    ["the connection is not this bot's", { connectionName: "Other" }, undefined],
  ];
  test.each(failures)("%s: 400, and the card still works", async (_, more, refusal) => {
    await bot(0).deliver(send);
    azure.exchangeRefusal = refusal;
    expect((await bot(0).deliver(exchange("desktop", more))).status).toBe(400);
    azure.exchangeRefusal = undefined;
    expect((await bot(1).deliver(exchange("desktop again"))).status).toBe(200);
    expect([mails(), said()]).toEqual([1, [card, sent]]);
  });
});
