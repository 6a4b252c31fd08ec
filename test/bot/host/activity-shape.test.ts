import { Activity } from "@microsoft/agents-activity";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { deepest, longestId } from "../../../bot/host/checks/activity-shape";
import { bodyLimit } from "../../../bot/host/checks/body";
import { type FakeAzure, startAzure } from "../support/azure";
import { activityOf, type Channel, createChannel } from "../support/channel";
import { type FrontDoor, openFrontDoor } from "../support/front-door";

let channel: Channel;
let azure: FakeAzure;
let bot: FrontDoor;

beforeAll(async () => {
  channel = await createChannel();
  azure = startAzure();
  bot = await openFrontDoor(channel);
});

afterAll(async () => {
  azure.restore();
  await bot.close();
});

beforeEach(() => {
  azure.sent.splice(0);
  azure.userToken = undefined;
});

const said = (): unknown => azure.sent.at(-1)?.text;
const help = expect.stringMatching(/^I understand:/) as unknown;

describe("what a client leaves empty in its own way is answered", () => {
  const empty = ["text", "locale", "entities", "attachments", "id", "name", "channelData", "value", "replyToId"];
  test.each(empty.flatMap((field) => [[field, null] as const, [field, ""] as const]))(
    "%s: %j",
    async (field, value) => {
      const { status } = await bot.deliver({ text: "help", [field]: value });
      expect(status).toBe(200);
      if (field !== "text") expect(said()).toEqual(help);
    },
  );

  test("nested, too", async () => {
    const conversation = { id: "conversation-1", name: "", isGroup: null, conversationType: null };
    const from = { id: "dl_ada", name: null, role: "" };
    expect((await bot.deliver({ text: "help", conversation, from })).status).toBe(200);
    expect(said()).toEqual(help);
  });
});

describe("what is no activity is refused in a line that names the field", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ["a text that is none", { text: 5 }, "text"],
    ["a locale that is none", { locale: { toString: 1 } }, "locale"],
    ["entities that are no list", { entities: {} }, "entities"],
    ["an entity that is nothing", { entities: [null] }, "entities.0"],
    ["an attachment without a type", { attachments: [{}] }, "attachments.0.contentType"],
    ["members that are no list", { membersAdded: "everybody" }, "membersAdded"],
    ["a conversation of a list", { conversation: ["conversation-1"] }, "conversation"],
    ["a group by word", { conversation: { id: "c", isGroup: "false" } }, "conversation.isGroup"],
    ["a sender who is a number", { from: { id: 5 } }, "from.id"],
    ["a time that is none", { timestamp: "yesterday" }, "timestamp"],
    ["an id that no address can hold", { id: "\ud800" }, "id"],
    ["an endless id", { from: { id: "x".repeat(longestId + 1) } }, "from.id"],
    [
      "a conversation that leads elsewhere on the connector",
      { conversation: { id: "../../v3/attachments" } },
      "conversation.id",
    ],
    ["a conversation that is a step up", { conversation: { id: "%2E%2e" } }, "conversation.id"],
    ["a conversation with a query", { conversation: { id: "c?isTargetedActivity=true" } }, "conversation.id"],
    ["a channel without a name", { channelId: ":COPILOT" }, "channelId"],
    ["a product whose id is no text", { entities: [{ type: "ProductInfo", id: { toString: 1 } }] }, "entities.id"],
    [
      "a recipient for whom other tokens would be asked for",
      { recipient: { id: "b", role: "agenticUser" } },
      "recipient.role",
    ],
  ];
  test.each(cases)("%s", async (_, fields, field) => {
    const { status, body } = await bot.deliver({ text: "help", ...fields });
    expect([status, JSON.parse(body)]).toEqual([
      400,
      { error: { code: "request-refused", message: `The activity has no valid ${field}.` } },
    ]);
    expect(azure.sent).toEqual([]);
  });
});

describe("a body that is not what it says", () => {
  const whole = (fields: Record<string, unknown> = {}): string =>
    JSON.stringify(activityOf({ text: "help", ...fields }));
  const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const withValue = (value: string): string => whole({ value: "here" }).replace('"here"', value);
  const cases: [string, string | Buffer, Record<string, string>, number][] = [
    ["nothing", "", {}, 400],
    ["no JSON", "{", {}, 400],
    ["a number", "5", {}, 400],
    ["two activities", whole() + whole(), {}, 400],
    ["nested as deep as may be", withValue(nested(deepest - 1)), {}, 200],
    ["nested deeper", withValue(nested(deepest)), {}, 400],
    ["nested a hundred thousand deep", withValue(nested(100_000)), {}, 400],
    ["brackets in a text", whole({ text: "[".repeat(1000) }), {}, 200],
    ["brackets behind a quotation mark in a text", whole({ text: `\\"${"[".repeat(1000)}` }), {}, 200],
    ["longer than may be", " ".repeat(bodyLimit + 1), {}, 413],
    ["as long as may be", whole().padEnd(bodyLimit), {}, 200],
    ["UTF-16", Buffer.from(whole(), "utf16le"), { "content-type": "application/json; charset=utf-16" }, 400],
    ["bytes that are no text", Buffer.concat([Buffer.from(whole().slice(0, -1)), Buffer.from([0xff, 0x7d])]), {}, 400],
    ["a byte order mark", Buffer.from(`\ufeff${whole()}`), {}, 200],
    ["compressed", gzipSync(whole()), { "content-encoding": "gzip" }, 400],
    ["a form", "type=message", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["text", whole(), { "content-type": "text/plain" }, 415],
    ["JSON of another kind", whole(), { "content-type": "application/json-seq" }, 415],
    ["two types", whole(), { "content-type": "text/plain, application/json" }, 415],
  ];
  test.each(cases)("%s", async (_, body, headers, status) => {
    const answer = await bot.post(body, headers);
    expect(answer.status).toBe(status);
    if (status !== 200) expect(answer.body.length).toBeLessThan(200);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "getConversationReference", "isAgenticRequest"])(
    "a field called %s does nothing, wherever it stands",
    async (name) => {
      const field = `"${name}":{"type":"event","text":"mail","isGroup":false,"id":"x"},`;
      const body = whole().replaceAll("{", `{${field}`);
      expect((await bot.post(body)).status).toBe(200);
      expect(said()).toEqual(help);
      expect(({} as { text?: string }).text).toBeUndefined();
    },
  );

  test("of a field that comes twice the last one counts, for the checks as for the answer", async () => {
    const twice = whole().replace('"serviceUrl":', '"serviceUrl":"https://attacker.example/","serviceUrl":');
    expect((await bot.post(twice)).status).toBe(200);
    const after = whole().replace(/}$/, ',"serviceUrl":"https://attacker.example/"}');
    expect((await bot.post(after)).status).toBe(403);
  });

  test("a body that breaks off is no fault of the bot's", async () => {
    const before = bot.log.length;
    const socket = connect(Number(new URL(bot.address).port), "127.0.0.1");
    const head = ["POST /api/messages HTTP/1.1", "host: bot", "content-type: application/json", "content-length: 100"];
    const authorization = `authorization: Bearer ${await channel.token()}`;
    await new Promise((sent) => socket.write([...head, authorization, "", '{"type":'].join("\r\n"), sent));
    await wait(200);
    socket.destroy();
    const refusals = (): string[] => bot.log.slice(before).filter((line) => line.includes("did not arrive in full"));
    for (let tries = 0; tries < 100 && refusals().length === 0; tries++) await wait(50);
    expect(refusals().map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(["warn"]);
  });
});

test("a message of many dots does not keep the bot busy", async () => {
  const began = performance.now();
  await bot.deliver({ text: `send a@${"a.".repeat(120_000)}; Hello` });
  expect(said()).toMatch(/^Say it like this/);
  expect(performance.now() - began).toBeLessThan(5_000);
});

/** Every field of the schema, and those that a turn reads in fields of any content. */
const account = ["id", "name", "aadObjectId", "tenantId", "role", "properties", "agenticAppId", "agenticUserId"];
const paths = [
  "type",
  "id",
  "channelId",
  "serviceUrl",
  "timestamp",
  "localTimestamp",
  "localTimezone",
  "callerId",
  "text",
  "textFormat",
  "attachmentLayout",
  "membersAdded",
  "membersRemoved",
  "reactionsAdded",
  "reactionsRemoved",
  "topicName",
  "historyDisclosed",
  "locale",
  "speak",
  "inputHint",
  "summary",
  "suggestedActions",
  "attachments",
  "entities",
  "channelData",
  "action",
  "replyToId",
  "label",
  "valueType",
  "value",
  "name",
  "relatesTo",
  "code",
  "expiration",
  "importance",
  "deliveryMode",
  "listenFor",
  "textHighlights",
  "semanticAction",
  ...["conversation", "from", "recipient"].flatMap((name) => [name, ...account.map((field) => `${name}.${field}`)]),
  "conversation.isGroup",
  "conversation.conversationType",
  ...["type", "id", "text", "mentioned", "mentioned.id"].map((field) => `entities.0.${field}`),
  ...["contentType", "contentUrl", "content", "name", "thumbnailUrl"].map((field) => `attachments.0.${field}`),
  ...["id", "token", "connectionName", "state", "code", "message"].map((field) => `value.${field}`),
  ...["team", "channel", "meeting", "tenant.id"].map((field) => `channelData.${field}`),
  "membersAdded.0.id",
  "membersRemoved.0",
  "reactionsAdded.0.type",
  "listenFor.0",
  "textHighlights.0.text",
  ...["bot", "agent", "user", "conversation.id", "channelId", "serviceUrl"].map((field) => `relatesTo.${field}`),
  "suggestedActions.to",
  "suggestedActions.actions.0.type",
  "semanticAction.entities",
  "semanticAction.state",
];

const hostile = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -1,
  1e308,
  "",
  " ",
  "\u0000",
  "\ud800",
  "\u202e",
  "\n",
  "..",
  "::",
  "19:x@thread.v2",
  [],
  {},
  [null],
  [{}],
  [[]],
  [""],
  { toString: 1, valueOf: 1 },
  { toJSON: 1 },
  { then: 1 },
  { length: -1 },
  "agenticUser",
  "expectReplies",
  "stream",
  "personal",
  "mention",
  "ProductInfo",
  "2026-11-28T00:00:00Z",
  "message",
  "event",
  "invoke",
  "invokeResponse",
  "conversationUpdate",
  "typing",
  "trace",
  "directline",
  "msteams",
  "signin/verifyState",
  "signin/tokenExchange",
  "signin/failure",
  "tokens/response",
  "GraphConnection",
  "123456",
  "mail",
  "sign out",
  "who am i",
  "send a@b.example x",
  "x".repeat(5000),
);
const anything = fc.oneof({ weight: 3, arbitrary: hostile }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
const names = fc.constantFrom(...paths, ...Object.getOwnPropertyNames(Activity.prototype), "_channelId");
const kinds = fc.constantFrom<Record<string, unknown>>(
  { text: "mail" },
  { text: "help" },
  { text: "123456" },
  { type: "conversationUpdate", membersAdded: [{ id: "dl_bob" }] },
  { type: "event", name: "tokens/response", value: { connectionName: "GraphConnection" } },
  { type: "invoke", name: "signin/verifyState", value: { state: "123456" } },
  { type: "invoke", name: "signin/tokenExchange", value: { id: "e", connectionName: "GraphConnection", token: "t" } },
  { type: "invoke", name: "signin/failure", value: { code: "c", message: "m" } },
  { type: "message", text: "<at>Bot</at> mail", entities: [{ type: "mention", mentioned: { id: "bot@handle" } }] },
);
const activities = fc
  .tuple(kinds, fc.array(fc.tuple(names, anything), { minLength: 1, maxLength: 4 }))
  .map(([fields, changes]) => {
    const activity = structuredClone(activityOf({ ...fields, id: undefined }));
    for (const [path, value] of changes) set(activity, path.split("."), value);
    return activity;
  });

/** Sets a field by its path, making objects and lists on the way where there are none. */
function set(target: Record<string, unknown>, [name = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const here = Object.hasOwn(target, name) ? target[name] : undefined;
  const next = typeof here === "object" && here !== null ? here : /^\d/.test(rest[0] ?? "") ? [] : {};
  set(target, [name], next);
  set(next as Record<string, unknown>, rest, value);
}

const invokes = ["signin/verifyState", "signin/tokenExchange", "signin/failure"];

test("no activity of any shape makes the bot fail: it is answered, or refused in a line", async () => {
  let refused = 0;
  let answered = 0;
  const batches = fc.array(activities, { minLength: 25, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const answers = await Promise.all(batch.map((activity) => bot.post(JSON.stringify(activity))));
      const wrong = answers.flatMap(({ status, body }, at) => {
        if (status < 400) answered++;
        else refused++;
        const { type, name } = batch[at] as { type?: unknown; name?: unknown };
        // 501 is the protocol's answer to an invoke that a bot does not know.
        const isExpected =
          status < 300 ||
          (status === 501 && type === "invoke" && !invokes.includes(String(name))) ||
          (status === 412 && type === "invoke") ||
          // Only an exchange is told again which one it was.
          ([400, 403].includes(status) && (body.length < 300 || name === "signin/tokenExchange"));
        return isExpected ? [] : [{ status, body, activity: JSON.stringify(batch[at]).slice(0, 2000) }];
      });
      expect(wrong).toEqual([]);
    }),
    { seed: Number(process.env.SEED ?? 20261128), numRuns: Number(process.env.RUNS ?? 16) },
  );
  // The generator reaches both sides.
  expect(Math.min(refused, answered)).toBeGreaterThan(50);
});
