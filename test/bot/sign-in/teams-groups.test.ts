import type { TeamsGroups } from "../../../contract/app-settings";
import { answeredIn } from "../../../bot/sign-in/teams-groups";
import { sentences } from "../../../bot/sign-in/sentences";
import { Activity } from "@microsoft/agents-activity";
import { type FakeAzure, settings, signInResource, startAzure } from "../support/azure";
import { activityOf, type Channel, createChannel } from "../support/channel";
import { type FrontDoor, openFrontDoor } from "../support/front-door";
import type { Call } from "../support/internet";

const tenantId = "99999999-8888-7777-6666-555555555555";
const thread = "19:253b1f341670408fb6fe51050b6e5ceb@thread.v2";
const groupChat = { id: thread, conversationType: "groupChat", isGroup: true, tenantId };
const inChannel = { id: `${thread};messageid=1545070700456`, conversationType: "channel", isGroup: true, tenantId };
const from = { id: "29:ada", name: "Ada" };
const mail = /^Your newest message/;
const cardType = "application/vnd.microsoft.card.oauth";

interface Said {
  /** Who sees it: one person of the group, all of it, or the one with whom the chat is. */
  readonly to: "sender" | "all" | "own chat";
  readonly text?: string;
  readonly card?: Record<string, unknown>;
}

test("off is off, and no other activity than a message or an invoke is answered aside", () => {
  const of = (fields: object): Activity =>
    Activity.fromObject(activityOf({ channelId: "msteams", conversation: groupChat, ...fields }));
  expect(answeredIn("off", of({}))).toBe("off");
  expect(answeredIn("targeted", of({}))).toBe("targeted");
  expect(answeredIn("personal", of({ type: "invoke" }))).toBe("personal");
  for (const type of ["event", "conversationUpdate", "messageReaction"]) {
    expect(answeredIn("targeted", of({ type }))).toBe("off");
  }
});

let channel: Channel;
let azure: FakeAzure;
let bot: FrontDoor;
/** With what Teams refuses targeted messages, and the opening of a chat. */
let refuses: { targeted?: number; chat?: number };
let opened: Record<string, unknown>[];
let said: Said[];

beforeAll(async () => {
  channel = await createChannel();
});

async function open(teamsGroups: TeamsGroups): Promise<void> {
  azure = startAzure();
  [refuses, opened, said] = [{}, [], []];
  azure.connector = connector;
  bot = await openFrontDoor(channel, undefined, { ...settings, teamsGroups });
}

afterEach(async () => {
  azure?.restore();
  await bot?.close();
});

function connector(call: Call): Response {
  const { url } = call;
  const refusal = (status: number): Response => Response.json({ error: { code: "ServiceError" } }, { status });
  if (url.pathname.endsWith("/v3/conversations")) {
    if (refuses.chat) return refusal(refuses.chat);
    opened.push(call.json());
    return Response.json({ id: "a:1own" }, { status: 201 });
  }
  const targeted = url.searchParams.get("isTargetedActivity") === "true";
  if (targeted && refuses.targeted) return refusal(refuses.targeted);
  const { text, attachments, recipient } = call.json() as {
    text?: string;
    recipient?: object;
    attachments?: { contentType: string; content: Record<string, unknown> }[];
  };
  // Whoever trusts the receiver alone would show it to all.
  if (targeted) expect(recipient).toMatchObject({ id: from.id, isTargeted: true });
  const to = url.pathname.includes("a:1own") ? "own chat" : targeted ? "sender" : "all";
  const card = attachments?.find(({ contentType }) => contentType === cardType)?.content;
  said.push({ to, ...(text && { text }), ...(card && { card }) });
  return Response.json({ id: `answer-${said.length}` }, { status: targeted ? 202 : 201 });
}

const deliver = (fields: Record<string, unknown>, conversation: object = groupChat): ReturnType<FrontDoor["deliver"]> =>
  bot.deliver({ channelId: "msteams", from, conversation, ...fields });
const exchange = { id: "exchange-1", connectionName: "GraphConnection", token: "sso" };
const invoke = (name: string, value: object, conversation?: object): ReturnType<FrontDoor["deliver"]> =>
  deliver({ type: "invoke", name, value }, conversation);

const everything: Record<string, unknown>[] = [
  ...["mail", "who am i", "connections", "123456", "what?", "help", "cancel"].map((text) => ({ text })),
  { type: "invoke", name: "signin/verifyState", value: { state: "123456" } },
  { type: "invoke", name: "signin/tokenExchange", value: exchange },
  { type: "invoke", name: "signin/failure", value: { code: "resourcematchfailed" } },
];

describe("targeted", () => {
  beforeEach(() => open("targeted"));

  test.each([
    ["a group chat", groupChat],
    ["a channel", inChannel],
  ])("in %s nobody but the sender sees an answer, whatever he asks, signed in or not", async (_, conversation) => {
    for (const token of [undefined, "user-token-1"]) {
      azure.userToken = token;
      for (const activity of everything) expect((await deliver(activity, conversation)).status).toBeLessThan(500);
    }
    expect(new Set(said.map(({ to }) => to))).toEqual(new Set(["sender"]));
    expect(said.some(({ text }) => mail.test(text ?? ""))).toBe(true);
  });

  test("in a group chat single sign-on carries the request out, for the sender's eyes", async () => {
    await deliver({ text: "mail" });
    expect(said).toEqual([
      { to: "sender", card: expect.objectContaining({ tokenExchangeResource: signInResource.tokenExchangeResource }) },
    ]);
    expect((await invoke("signin/tokenExchange", exchange)).status).toBe(200);
    expect(said.slice(1)).toEqual([{ to: "sender", text: expect.stringMatching(mail) }]);
  });

  test("in a channel, where Teams signs nobody in by itself, the card does not offer it, and the window's code completes", async () => {
    await deliver({ text: "mail" }, inChannel);
    expect(said).toEqual([
      { to: "sender", card: expect.not.objectContaining({ tokenExchangeResource: expect.anything() }) },
    ]);
    azure.code = "123456";
    expect((await invoke("signin/verifyState", { state: "123456" }, inChannel)).status).toBe(200);
    expect(said.slice(1)).toEqual([{ to: "sender", text: expect.stringMatching(mail) }]);
  });

  test("another person of the group does not complete it", async () => {
    await deliver({ text: "mail" });
    azure.code = "123456";
    await deliver({ text: "123456", from: { id: "29:bob" } }).catch(() => undefined);
    expect(azure.userToken).toBeUndefined();
  });

  test.each([400, 403, 404])(
    "Teams refuses with %i: the answer comes in his own chat, and all read that alone",
    async (status) => {
      azure.userToken = "user-token-1";
      refuses.targeted = status;
      await deliver({ text: "mail" });
      expect(said).toEqual([
        { to: "own chat", text: expect.stringMatching(mail) },
        { to: "all", text: sentences.answeredAlone },
      ]);
      expect(bot.log.join("")).toContain("a targeted message was refused");
    },
  );

  test("Teams refuses both: the bot says where to go", async () => {
    azure.userToken = "user-token-1";
    refuses = { targeted: 400, chat: 403 };
    await deliver({ text: "mail" });
    expect(said).toEqual([{ to: "all", text: sentences.askAlone }]);
  });

  test("Teams refuses the card: the bot says where to go, and sends nothing later", async () => {
    refuses.targeted = 400;
    await deliver({ text: "mail" });
    expect(said).toEqual([{ to: "all", text: sentences.askAlone }]);
    said = [];
    await deliver({ text: "send sam@contoso.com Hello" });
    expect(said).toEqual([
      { to: "own chat", text: sentences.askAlone },
      { to: "all", text: sentences.answeredAlone },
    ]);
    expect(azure.calls.filter(({ url }) => url.hostname === "graph.microsoft.com")).toEqual([]);
  });

  test("a mail is sent once, and its sender reads so, where Teams takes nothing for him alone", async () => {
    azure.userToken = "user-token-1";
    refuses.targeted = 400;
    const send = { id: "message-1", text: "send sam@contoso.com Hello" };
    await deliver(send);
    await deliver(send);
    expect(said).toEqual([
      { to: "own chat", text: "Sent to sam@contoso.com: Hello" },
      { to: "all", text: sentences.answeredAlone },
    ]);
  });

  test("who joins is greeted as before, and a group of another channel gets nothing", async () => {
    await deliver({ type: "conversationUpdate", membersAdded: [{ id: "29:bob" }] });
    azure.userToken = "user-token-1";
    await deliver({ text: "mail" }, { ...groupChat, conversationType: "huddle" });
    await deliver({ text: "mail", channelId: "slack" });
    await deliver({ text: "mail", channelId: "msteams:COPILOT" });
    expect(said.map(({ to, text }) => [to, text])).toEqual([
      ["all", expect.stringMatching(/^Hello\./)],
      ...[1, 2, 3].map(() => ["all", sentences.groupConversation]),
    ]);
  });
});

describe("personal", () => {
  beforeEach(() => open("personal"));

  test("what is asked in a group is answered in the sender's own chat, signed in there or not", async () => {
    await deliver({ text: "<at>Bot</at> mail", entities: [{ type: "mention", mentioned: { id: "bot@handle" } }] });
    expect(opened).toEqual([
      {
        isGroup: false,
        bot: { id: "bot@handle", name: "Bot" },
        members: [from],
        tenantId,
        channelData: { tenant: { id: tenantId } },
      },
    ]);
    const all = { to: "all", text: sentences.answeredAlone };
    expect(said).toEqual([
      { to: "own chat", card: expect.objectContaining({ connectionName: "GraphConnection" }) },
      all,
    ]);
    const own = { id: "a:1own", conversationType: "personal", tenantId };
    const asked = azure.calls.find(({ url }) => url.pathname.endsWith("/GetSignInResource"));
    const state = Buffer.from(asked?.url.searchParams.get("state") ?? "", "base64").toString();
    expect(JSON.parse(state)).toMatchObject({
      conversation: { conversation: { id: "a:1own" }, user: { id: from.id } },
    });
    said = [];
    expect((await deliver({ type: "invoke", name: "signin/tokenExchange", value: exchange }, own)).status).toBe(200);
    // In the personal chat the reply goes to the conversation of the invoke.
    expect(said).toEqual([{ to: "own chat", text: expect.stringMatching(mail) }]);
    said = [];
    await deliver({ text: "who am i" });
    expect(said).toEqual([{ to: "own chat", text: sentences.signedInAs("**Ada** (ada@contoso.com)") }, all]);
  });

  test("all that the group reads says nothing of anybody", async () => {
    azure.userToken = "user-token-1";
    for (const activity of everything) expect((await deliver(activity)).status).toBeLessThan(500);
    const open = said.filter(({ to }) => to === "all").map(({ text }) => text);
    expect(new Set(open)).toEqual(
      new Set([sentences.answeredAlone, sentences.groupConversation, expect.stringMatching(/^Teams does not sign/)]),
    );
  });

  test("where Teams does not open that chat, the bot says where to go", async () => {
    azure.userToken = "user-token-1";
    refuses.chat = 403;
    await deliver({ text: "mail" });
    expect(said).toEqual([{ to: "all", text: sentences.askAlone }]);
    expect(bot.log.join("")).toContain("The app must be installed for the person");
  });
});
