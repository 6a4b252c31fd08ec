import { Activity } from "@microsoft/agents-activity";
import type { ConnectorClient, TurnContext, UserTokenClient } from "@microsoft/agents-hosting";
import pino from "pino";
import { isPrivate } from "../../../bot/sign-in/private-chat";
import { sentences } from "../../../bot/sign-in/sentences";
import { turnOf } from "../../../bot/sdk-turn";
import { type FakeAzure, startAzure } from "../support/azure";
import { activityOf, type Channel, createChannel } from "../support/channel";
import { type FrontDoor, openFrontDoor } from "../support/front-door";

const personal = { id: "a:1pL6i0oY3C0K8oAj8", conversationType: "personal" };
const thread = "19:253b1f341670408fb6fe51050b6e5ceb@thread.tacv2;messageid=1545070700456";

const privateChats: [string, Record<string, unknown>][] = [
  ["a personal chat of Teams", { channelId: "msteams", conversation: personal }],
  [
    "a personal chat of Teams that says it is no group",
    {
      channelId: "msteams",
      conversation: { ...personal, isGroup: false },
      channelData: { tenant: { id: "t" }, team: null },
    },
  ],
  ["a personal chat of Copilot", { channelId: "msteams:COPILOT", conversation: personal }],
  ["Direct Line", { channelId: "directline" }],
  ["Web Chat", { channelId: "webchat", channelData: { clientActivityID: "1" } }],
];

const groups: [string, Record<string, unknown>][] = [
  ["a conversation that says it is a group", { conversation: { id: "c", isGroup: true } }],
  [
    "a group chat of Teams without isGroup",
    { channelId: "msteams", conversation: { id: thread, conversationType: "groupChat" } },
  ],
  [
    "a channel of Teams without isGroup",
    { channelId: "msteams", conversation: { id: thread, conversationType: "channel" } },
  ],
  ["a thread of Teams that says nothing else", { channelId: "msteams", conversation: { id: thread } }],
  ["a thread that says it is personal", { channelId: "msteams", conversation: { ...personal, id: thread } }],
  ["a thread in capitals", { channelId: "msteams", conversation: { ...personal, id: "19:MEETING_1@THREAD.V2" } }],
  ["a team's data", { channelId: "msteams", conversation: personal, channelData: { team: { id: thread } } }],
  ["a channel's data", { channelId: "msteams", conversation: personal, channelData: { channel: { id: thread } } }],
  ["a meeting's data", { channelId: "msteams", conversation: personal, channelData: { meeting: { id: "m" } } }],
  ["a team's id alone", { channelId: "msteams", conversation: personal, channelData: { teamsTeamId: thread } }],
  ["Teams without a type", { channelId: "msteams", conversation: { id: "a:1" } }],
  [
    "a type that Teams may have one day",
    { channelId: "msteams", conversation: { ...personal, conversationType: "huddle" } },
  ],
  ["another case of personal", { channelId: "msteams", conversation: { ...personal, conversationType: "Personal" } }],
  [
    "a group chat of Copilot",
    { channelId: "msteams:COPILOT", conversation: { id: "c", conversationType: "groupChat" } },
  ],
  ["Direct Line with the type of a group", { conversation: { id: "c", conversationType: "groupChat" } }],
  ["Direct Line with a team's data", { channelData: { team: { id: thread } } }],
  ["channel data of no known shape", { channelData: [{ team: { id: thread } }] }],
  ...[
    "slack",
    "telegram",
    "email",
    "groupme",
    "sms",
    "facebook",
    "skype",
    "outlook",
    "m365extensions",
    "unheard-of",
    "constructor",
  ].map((channelId): [string, Record<string, unknown>] => [
    `the channel ${channelId}`,
    { channelId, conversation: personal },
  ]),
];

const shapeOf = (fields: Record<string, unknown>): Activity => Activity.fromObject(activityOf(fields));

test.each(privateChats)("%s is private", (_, fields) => {
  expect(isPrivate(shapeOf(fields))).toBe(true);
});

test.each(groups)("%s is not private", (_, fields) => {
  expect(isPrivate(shapeOf(fields))).toBe(false);
});

test("without a conversation, or with a field of another type, nothing is private", () => {
  expect(isPrivate({ channelIdChannel: "directline", channelData: undefined } as Activity)).toBe(false);
  for (const isGroup of ["false", 0, null, {}]) {
    const conversation = { id: "c", isGroup } as unknown as Activity["conversation"];
    expect(isPrivate({ channelIdChannel: "directline", conversation } as Activity)).toBe(false);
  }
});

describe("where others would see it", () => {
  let channel: Channel;
  let azure: FakeAzure;
  let bot: FrontDoor;

  beforeAll(async () => {
    channel = await createChannel();
  });

  beforeEach(async () => {
    azure = startAzure();
    azure.userToken = "user-token-1";
    bot = await openFrontDoor(channel);
  });

  afterEach(async () => {
    azure.restore();
    await bot.close();
  });

  const connectionName = "GraphConnection";
  const everything: Record<string, unknown>[] = [
    ...["mail", "send sam@contoso.com Hello", "who am i", "123456", "12345", "send", "what?", "help"].map((text) => ({
      text,
    })),
    { type: "event", name: "tokens/response", value: { connectionName } },
    { type: "invoke", name: "signin/verifyState", value: { state: "123456" } },
    { type: "invoke", name: "signin/tokenExchange", value: { id: "e", connectionName, token: "sso" } },
    { type: "invoke", name: "signin/failure", value: { code: "c", message: "m" } },
    { type: "conversationUpdate", membersAdded: [{ id: "dl_bob" }] },
  ];

  // The table above holds for each; these few go through the whole bot.
  const few = groups.filter((_, at) => at % 4 === 0);

  test.each(few)("%s shows no mail and no sign-in card, whatever comes, signed in or not", async (_, fields) => {
    for (const token of ["user-token-1", undefined]) {
      azure.userToken = token;
      for (const activity of everything) {
        expect((await bot.deliver({ ...activity, ...fields })).status).toBeLessThan(500);
      }
    }
    expect(azure.calls.filter(({ url }) => /usertoken|graph\./.test(url.href))).toEqual([]);
    expect(azure.sent.flatMap(({ attachments }) => attachments ?? [])).toEqual([]);
    expect(azure.sent.map(({ text }) => text)).toContain(sentences.groupConversation);
  });

  test("a user can still sign out there", async () => {
    await bot.deliver({ text: "sign out", conversation: { id: "c", isGroup: true } });
    expect(azure.userToken).toBeUndefined();
  });

  test("a personal chat of Teams shows the mail", async () => {
    await bot.deliver({ text: "mail", channelId: "msteams", conversation: personal });
    expect(azure.sent.at(-1)?.text).toMatch(/^Your newest message/);
  });

  const settings = [["off"], ["targeted"], ["personal"]] as const;
  test.each(settings)(
    "a turn that the bot begins by itself gets no token, even where the reference has lost what it knew, with groups %s",
    async (teamsGroups) => {
      const conversations = [{ id: thread, conversationType: "groupChat" }, { id: thread }, { id: "a:1" }];
      for (const conversation of conversations) {
        const activity = Activity.getContinuationActivity({
          channelId: "msteams",
          serviceUrl: "https://smba.trafficmanager.net/emea/",
          conversation,
          user: { id: "29:ada" },
          agent: { id: "28:bot" },
        });
        const { tokens } = turnOf({ activity } as TurnContext, {
          settings: { appId: "app", teamsGroups },
          tokens: {} as UserTokenClient,
          connector: {} as ConnectorClient,
          log: pino({ level: "silent" }),
        });
        const refusal = { code: "conversation-not-private" };
        await expect(tokens.token(connectionName)).rejects.toMatchObject(refusal);
        await expect(tokens.tokenOrSignIn(connectionName)).rejects.toMatchObject(refusal);
        await expect(tokens.exchange(connectionName, "sso")).rejects.toMatchObject(refusal);
      }
    },
  );
});
