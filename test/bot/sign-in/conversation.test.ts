import { Activity, type Attachment } from "@microsoft/agents-activity";
import { Writable } from "node:stream";
import { createConversation } from "../../../bot/conversation";
import { createLog } from "../../../bot/log";
import { introductionOf } from "../../../bot/introduction";
import { clientFailureCodes, clientFailureOf } from "../../../bot/sign-in/client-failures";
import { CodeCounter, codeLimits } from "../../../bot/sign-in/code-attempts";
import { requestIn } from "../../../bot/meaning";
import { meaningOfEntraError } from "../../../bot/sign-in/entra-errors";
import { providerSignOuts } from "../../../bot/sign-in/provider-sign-out";
import { requestLifetime } from "../../../bot/sign-in/pending-request";
import { SignInRecords } from "../../../bot/sign-in/sign-in-records";
import { sentences } from "../../../bot/sign-in/sentences";
import { SignIn } from "../../../bot/sign-in/sign-in";
import { signInResource, settings } from "../support/azure";
import { activityOf } from "../support/channel";
import { replaceInternet } from "../support/internet";
import { MemoryStorage } from "../support/memory-storage";

/** A chat with the bot: what is said to it, what the Token Service and Microsoft Graph know, what comes back. */
class Chat {
  token?: string;
  code?: string;
  exchangeWorks = true;
  graphStatus = 200;
  now = new Date("2026-11-22T10:00:00Z");
  readonly signedOut: string[] = [];
  /** Users whose sessions a sign-out ended. */
  readonly sessionsEnded: string[] = [];
  readonly graphTokens: (string | null)[] = [];
  /** What stands in the sign-in cards that were shown. */
  readonly cards: { readonly text?: string; readonly tokenExchangeResource?: object }[] = [];
  readonly logged: string[] = [];
  private out: string[] = [];
  private readonly converse;

  constructor(storage = new MemoryStorage()) {
    const log = createLog(new Writable({ write: (chunk, _, done) => (this.logged.push(String(chunk)), done()) }));
    const signIn = new SignIn(
      settings,
      new SignInRecords(storage, () => this.now),
      new CodeCounter(storage),
      requestIn,
      async ({ userId }) => void this.sessionsEnded.push(userId),
      log,
      () => this.now,
    );
    this.converse = createConversation(signIn, log);
  }

  /** Delivers an activity. Gives what the bot did: its sentences, `card`, and `answer <status>` to an invoke. */
  async deliver(fields: Record<string, unknown>): Promise<string[]> {
    this.out = [];
    const activity = Activity.fromObject(activityOf(fields));
    await this.converse({
      id: activity.id ?? "",
      activity,
      owner: {
        channelId: "directline",
        conversationId: activity.conversation?.id ?? "",
        userId: activity.from?.id ?? "",
      },
      tokens: {
        tokenOrSignIn: async () => (this.token ? { token: this.token } : { signIn: signInResource }),
        token: async (_, code) => {
          if (code && code === this.code) this.token = "token";
          return this.token;
        },
        exchange: async () => (this.exchangeWorks ? (this.token = "token") : undefined),
        signOut: async (connection) => {
          this.signedOut.push(connection);
          this.token = undefined;
        },
      },
      say: async (text) => void this.out.push(text),
      show: async ({ contentType, content }: Attachment) => {
        this.out.push(contentType.endsWith(".oauth") ? "card" : contentType);
        this.cards.push(content as Chat["cards"][number]);
      },
      answer: async (status) => void this.out.push(`answer ${status}`),
    });
    return this.out;
  }

  say(text: string, fields: Record<string, unknown> = {}): Promise<string[]> {
    return this.deliver({ text, ...fields });
  }

  invoke(name: string, value: object): Promise<string[]> {
    return this.deliver({ type: "invoke", name, value });
  }

  tokenArrives(value: object = { connectionName: "GraphConnection" }): Promise<string[]> {
    return this.deliver({ type: "event", name: "tokens/response", value });
  }
}

let chat: Chat;
let internet: ReturnType<typeof replaceInternet>;
const signedOut = sentences.signedOut(providerSignOuts(settings.connections, settings));
const noMail = "Your inbox has no messages.";

beforeEach(() => {
  chat = new Chat();
  internet = replaceInternet({
    "graph.microsoft.com": ({ authorization }) => {
      chat.graphTokens.push(authorization);
      const code = chat.graphStatus === 403 ? "ErrorAccessDenied" : "Refused";
      const error = { code, message: "Not *this* time." };
      return chat.graphStatus === 200
        ? Response.json({ value: [] })
        : Response.json({ error }, { status: chat.graphStatus });
    },
  });
});

afterEach(() => internet.restore());

describe("while a sign-in waits", () => {
  beforeEach(async () => {
    expect(await chat.say("mail")).toEqual(["card"]);
    chat.code = "123456";
  });

  const harmless: [string, string[]][] = [
    ["help", [introductionOf(settings.connections).help]],
    ["who am i", [sentences.notSignedIn]],
    ["what?", [`${sentences.unknown} ${sentences.waiting}`]],
    ["12345", [sentences.codeMisspelt]],
    ["50105", [sentences.signInError("AADSTS50105", meaningOfEntraError("AADSTS50105"))]],
    ["send sam", [sentences.sendUsage]],
  ];
  test.each(harmless)("%j is answered and costs no attempt", async (text, answer) => {
    for (let time = 0; time < 5; time++) expect(await chat.say(text)).toEqual(answer);
    expect(await chat.say("123456")).toEqual([noMail]);
  });

  test("reactions and typing are left alone", async () => {
    expect(await chat.deliver({ type: "messageReaction" })).toEqual([]);
    expect(await chat.deliver({ type: "typing" })).toEqual([]);
    expect(await chat.say("123456")).toEqual([noMail]);
  });

  test("a wrong code says so and the right one still completes", async () => {
    expect(await chat.say("000000")).toEqual([sentences.wrongCode(4)]);
    expect(await chat.say("000001")).toEqual([sentences.wrongCode(3)]);
    expect(await chat.say("123456")).toEqual([noMail]);
  });

  test.each(["123-456", "１２３４５６", "my code is 123456", "It says: 123 456."])("%j is the code", async (text) => {
    expect(await chat.say(text)).toEqual([noMail]);
  });

  test("the number of an error that has six digits is tried as a code, and explained where it is none", async () => {
    const meaning = sentences.signInError("AADSTS530003", meaningOfEntraError("AADSTS530003"));
    expect(await chat.say("530003")).toEqual([`${sentences.wrongCode(4)}\n\n${meaning}`]);
  });

  test("whoever has signed in without that code is not told that it is wrong: the request is carried out", async () => {
    chat.token = "token";
    expect(await chat.say("000000")).toEqual([noMail]);
  });

  test("it does not wait any more once the user has signed in elsewhere", async () => {
    chat.token = "token";
    expect(await chat.say("what?")).toEqual([sentences.unknown]);
  });

  test("cancel forgets the request, and a sign-in that ends all the same carries nothing out", async () => {
    expect(await chat.say("cancel")).toEqual([sentences.cancelled]);
    expect(await chat.say("123456")).toEqual([sentences.noCodeExpected]);
    expect(await chat.tokenArrives()).toEqual([sentences.notCompleted]);
    chat.token = "token";
    expect(await chat.tokenArrives()).toEqual([sentences.signedIn]);
    expect(await chat.say("cancel")).toEqual([sentences.nothingToCancel]);
    expect(chat.graphTokens).toEqual([]);
  });

  test("too many wrong codes end the guessing: then not even the right one completes, until the limit is over", async () => {
    const [{ tries, within }] = codeLimits;
    for (let code = 1; code < tries; code++) await chat.say(`00000${code}`);
    expect(await chat.say("000000")).toEqual([sentences.tooManyCodes(within)]);
    expect(await chat.say("mail")).toEqual(["card"]);
    expect(await chat.say("123456")).toEqual([sentences.tooManyCodes(within)]);
    expect(chat.graphTokens).toEqual([]);
    chat.now = new Date(chat.now.getTime() + within);
    expect(await chat.say("123456")).toEqual([noMail]);
  });

  test("mail again shows a new card, and the sign-in carries the request out once", async () => {
    expect(await chat.say("mail")).toEqual(["card"]);
    expect(await chat.say("123456")).toEqual([noMail]);
    expect(chat.graphTokens).toEqual(["Bearer token"]);
  });

  test("a sign-out forgets the request", async () => {
    expect(await chat.say("sign out")).toEqual([signedOut]);
    expect(chat.sessionsEnded).toEqual(["dl_ada"]);
    expect(await chat.say("123456")).toEqual([sentences.noCodeExpected]);
  });

  test("the code of one user does not work for another in the same conversation", async () => {
    expect(await chat.say("123456", { from: { id: "dl_bob" } })).toEqual([sentences.noCodeExpected]);
    expect(await chat.say("123456", { conversation: { id: "conversation-2" } })).toEqual([sentences.noCodeExpected]);
    expect(chat.token).toBeUndefined();
  });

  test("a request in a second conversation asks there, and never runs without a token", async () => {
    expect(await chat.say("mail", { conversation: { id: "conversation-2" } })).toEqual(["card"]);
    expect(chat.graphTokens).toEqual([]);
  });

  test("a sign-in that ends after half an hour counts, but sends nothing that was asked for so long ago", async () => {
    chat.now = new Date(chat.now.getTime() + requestLifetime + 1);
    expect(await chat.say("123456")).toEqual([sentences.tooLate]);
    expect(chat.graphTokens).toEqual([]);
  });

  test("the request survives a restart of the bot", async () => {
    const storage = new MemoryStorage();
    await new Chat(storage).say("mail");
    chat = new Chat(storage);
    chat.code = "654321";
    expect(await chat.say("654321")).toEqual([noMail]);
  });
});

test("six digits in a sentence are no code where none is waited for", async () => {
  expect(await chat.say("ticket 123456 is done")).toEqual([sentences.unknown]);
});

describe("tokens/response", () => {
  test("completes the sign-in with the token of the Token Service, not with the one in the event", async () => {
    await chat.say("mail");
    chat.token = "real";
    expect(await chat.tokenArrives({ connectionName: "GraphConnection", token: "invented" })).toEqual([noMail]);
    expect(chat.graphTokens).toEqual(["Bearer real"]);
  });

  test("invented by a client changes nothing", async () => {
    await chat.say("mail");
    expect(await chat.tokenArrives({ connectionName: "GraphConnection", token: "invented" })).toEqual([
      sentences.notCompleted,
    ]);
    expect(chat.graphTokens).toEqual([]);
  });

  test("of a connection that the bot does not have is left alone", async () => {
    chat.token = "real";
    expect(await chat.tokenArrives({ connectionName: "Other" })).toEqual([]);
    expect(await chat.deliver({ type: "event", name: "tokens/response" })).toEqual([]);
  });

  test("without a request that waits says that the user is signed in", async () => {
    chat.token = "real";
    expect(await chat.tokenArrives()).toEqual([sentences.signedIn]);
  });
});

describe("single sign-on", () => {
  const value = { id: "exchange-1", connectionName: "GraphConnection", token: "sso" };

  test("carries out the request, and is answered once for all clients of the user", async () => {
    await chat.say("mail");
    expect(await chat.invoke("signin/tokenExchange", value)).toEqual([noMail, "answer 200"]);
    expect(await chat.invoke("signin/tokenExchange", value)).toEqual(["answer 200"]);
    expect(chat.graphTokens).toEqual(["Bearer token"]);
  });

  test("that is refused leaves the card to the user", async () => {
    await chat.say("mail");
    chat.exchangeWorks = false;
    expect(await chat.invoke("signin/tokenExchange", value)).toEqual(["answer 412"]);
    chat.code = "123456";
    expect(await chat.say("123456")).toEqual([noMail]);
  });

  test.each([
    ["no id", { ...value, id: undefined }],
    ["no token", { ...value, token: "" }],
    ["another bot's connection", { ...value, connectionName: "Other" }],
    ["nothing", {}],
  ])("with %s is refused", async (_, wrong) => {
    expect(await chat.invoke("signin/tokenExchange", wrong)).toEqual(["answer 400"]);
  });
});

describe("the sign-in window of Teams", () => {
  beforeEach(async () => {
    await chat.say("mail");
    chat.code = "123456";
  });

  test("passes on the right code", async () => {
    expect(await chat.invoke("signin/verifyState", { state: "123456" })).toEqual([noMail, "answer 200"]);
  });

  test("passes on a wrong code", async () => {
    expect(await chat.invoke("signin/verifyState", { state: "000000" })).toEqual([
      sentences.wrongCode(4),
      "answer 412",
    ]);
  });

  test("was closed by the user", async () => {
    expect(await chat.invoke("signin/verifyState", { state: "CancelledByUser" })).toEqual([
      sentences.signInCancelled,
      "answer 200",
    ]);
  });

  test("sent no code", async () => {
    expect(await chat.invoke("signin/verifyState", {})).toEqual([sentences.signInFailed, "answer 412"]);
    expect(await chat.say("123456")).toEqual([noMail]);
  });
});

describe("Teams cannot sign the user in by itself", () => {
  const failure = { code: "resourcematchfailed", message: "Resource match failed" };
  const fails = (value: object = failure): Promise<string[]> => chat.invoke("signin/failure", value);

  test("he gets one card to press, however many clients say so, and his request is carried out", async () => {
    await chat.say("mail");
    expect(await fails()).toEqual(["card", "answer 200"]);
    expect(chat.cards.at(-1)).toMatchObject({
      text: expect.stringMatching(
        /^Teams does not sign you in by itself, because I am not set up right.* Please sign in/,
      ),
      tokenExchangeResource: undefined,
    });
    expect([await fails(), await fails()]).toEqual([["answer 200"], ["answer 200"]]);
    chat.code = "123456";
    expect(await chat.invoke("signin/verifyState", { state: "123456" })).toEqual([noMail, "answer 200"]);
  });

  test("another client of his still can: the request is carried out once", async () => {
    await chat.say("mail");
    await fails();
    const value = { id: "exchange-1", connectionName: "GraphConnection", token: "sso" };
    expect(await chat.invoke("signin/tokenExchange", value)).toEqual([noMail, "answer 200"]);
    expect(await fails()).toEqual([expect.stringMatching(/^Teams does not .*ask me again/), "answer 200"]);
    expect(chat.graphTokens).toEqual(["Bearer token"]);
  });

  test.each([...clientFailureCodes, "unheardof", 5, undefined])(
    "%s has a sentence, and a fix in the log",
    async (code) => {
      await chat.say("mail");
      await fails({ code });
      const known = clientFailureOf(code);
      expect(chat.cards.at(-1)?.text).toMatch(new RegExp(`^${known?.user ?? sentences.clientFailed} Please sign in`));
      const [line] = chat.logged.filter((one) => one.includes("the client could not sign the user in"));
      expect(JSON.parse(line!)).toMatchObject({
        connection: "GraphConnection",
        ...(known && { code, fix: expect.stringContaining(known.fix.slice(0, 200)) }),
      });
    },
  );
});

describe("Microsoft Graph refuses", () => {
  beforeEach(() => {
    chat.token = "token";
  });

  test("an expired token: the user is signed out and asked again, and the request waits", async () => {
    chat.graphStatus = 401;
    expect(await chat.say("mail")).toEqual([sentences.tokenRefused, "card"]);
    expect(chat.signedOut).toEqual(["GraphConnection"]);
    chat.graphStatus = 200;
    chat.code = "123456";
    expect(await chat.say("123456")).toEqual([noMail]);
  });

  const permissions: [string, string][] = [
    ["mail", "Mail.Read"],
    ["send sam@contoso.com Hello", "Mail.Send"],
    ["who am i", "User.Read"],
  ];
  test.each(permissions)("%j for want of a permission: it is named", async (text, permission) => {
    chat.graphStatus = 403;
    expect(await chat.say(text)).toEqual([sentences.permissionMissing("Microsoft Graph", permission)]);
    expect(chat.signedOut).toEqual([]);
  });

  test("the request itself: its reason is shown, as plain text", async () => {
    chat.graphStatus = 400;
    expect(await chat.say("send sam@contoso.com Hello")).toEqual([
      "Microsoft Graph refused the request: Not \\*this\\* time.",
    ]);
  });

  test.each([429, 500, 503])("with %i: the user is asked to wait", async (status) => {
    chat.graphStatus = status;
    expect(await chat.say("mail")).toEqual([sentences.unavailable("Microsoft Graph")]);
  });
});

test("mail is not shown where others would see it", async () => {
  chat.token = "token";
  expect(await chat.say("mail", { conversation: { id: "group", isGroup: true } })).toEqual([
    sentences.groupConversation,
  ]);
  expect(chat.graphTokens).toEqual([]);
});

test("in Teams the bot's own name before the command does not matter", async () => {
  const entities = [{ type: "mention", mentioned: { id: "bot@handle", name: "Bot" }, text: "<at>Bot</at>" }];
  const mentioned = [{ type: "mention", mentioned: { id: "bot@handle", name: "Bot" } }];
  for (const [text, of] of [
    ["<at>Bot</at> help", entities],
    ["<at>Bot</at>&nbsp;help", entities],
    ["<at>Bot</at> help\n", mentioned],
    ["help", mentioned],
  ] as const) {
    expect(await chat.say(text, { entities: of })).toEqual([introductionOf(settings.connections).help]);
  }
});
