import { Activity, type Attachment } from "@microsoft/agents-activity";
import pino from "pino";
import type { Connection } from "../../../contract/connection";
import { createConversation } from "../../../bot/conversation";
import { CodeCounter } from "../../../bot/sign-in/code-attempts";
import { requestIn } from "../../../bot/meaning";
import { SignInRecords } from "../../../bot/sign-in/sign-in-records";
import { sentences } from "../../../bot/sign-in/sentences";
import { SignIn } from "../../../bot/sign-in/sign-in";
import { settings, signInResource } from "../support/azure";
import { activityOf } from "../support/channel";
import { type Answerer, replaceInternet } from "../support/internet";
import { MemoryStorage } from "../support/memory-storage";

const connections: readonly Connection[] = [
  { name: "GraphConnection", provider: "entra", scopes: ["Mail.Read"], skill: "mail" },
  { name: "GitHubConnection", provider: "github", scopes: ["repo"], skill: "github" },
  {
    name: "OrdersConnection",
    provider: "oauth2generic",
    scopes: ["orders.read"],
    skill: "orders",
    api: "https://orders.company.example",
  },
  { name: "Spare", provider: "google", scopes: ["profile"] },
];

/** The user's tokens by connection, and the codes that bring one. */
let tokens: Map<string, string>;
let codes: Map<string, string>;
let sessionsEnded: number;
let cardTexts: string[];
let out: string[];
let converse: ReturnType<typeof createConversation>;
let internet: ReturnType<typeof replaceInternet>;
let gitHub: Answerer;

beforeEach(() => {
  [tokens, codes, sessionsEnded, cardTexts] = [new Map(), new Map(), 0, []];
  gitHub = ({ url }) =>
    url.pathname === "/user" ? Response.json({ login: "ada", name: "Ada Lindgren" }) : Response.json([]);
  internet = replaceInternet({
    "graph.microsoft.com": ({ url }) =>
      Response.json(
        url.pathname.endsWith("/messages") ? { value: [] } : { displayName: "Ada", mail: "ada@contoso.com" },
      ),
    "api.github.com": (call) => gitHub(call),
    "orders.company.example": ({ url }) =>
      Response.json(url.pathname === "/me" ? { name: "Ada L.", email: "ada@company.example" } : { orders: [] }),
  });
  converse = converseWith({});
});

afterEach(() => internet.restore());

function converseWith(more: { chatSignedInTo?: string }): typeof converse {
  const log = pino({ level: "silent" });
  const storage = new MemoryStorage();
  const endSession = async (): Promise<void> => void sessionsEnded++;
  const own = { ...settings, connections, ...more };
  return createConversation(
    new SignIn(own, new SignInRecords(storage), new CodeCounter(storage), requestIn, endSession, log),
    log,
  );
}

async function deliver(fields: Record<string, unknown>): Promise<string[]> {
  out = [];
  const activity = Activity.fromObject(activityOf(fields));
  await converse({
    id: activity.id ?? "",
    activity,
    owner: { channelId: "directline", conversationId: "c", userId: "u" },
    tokens: {
      tokenOrSignIn: async (name) => {
        const token = tokens.get(name);
        return token ? { token } : { signIn: signInResource };
      },
      token: async (name, code) => {
        if (code !== undefined && codes.get(name) === code) tokens.set(name, `token of ${name}`);
        return tokens.get(name);
      },
      exchange: async () => undefined,
      signOut: async (name) => void tokens.delete(name),
    },
    say: async (text) => void out.push(text),
    show: async ({ content }: Attachment) => {
      const { connectionName, text } = content as { connectionName: string; text: string };
      cardTexts.push(text);
      out.push(`card for ${connectionName}`);
    },
    answer: async (status) => void out.push(`answer ${status}`),
  });
  return out;
}

const say = (text: string): Promise<string[]> => deliver({ text });
const signIn = (name: string): Promise<string[]> => {
  tokens.set(name, `token of ${name}`);
  return deliver({ type: "event", name: "tokens/response", value: { connectionName: name } });
};

const noMail = "Your inbox has no messages.";
const noIssue = "No open issue at GitHub is assigned to you.";

test("each command asks to sign in to its own connection, and goes to its own service with its own token", async () => {
  expect(await say("mail")).toEqual(["card for GraphConnection"]);
  expect(await say("issues")).toEqual(["card for GitHubConnection"]);
  expect(await say("orders")).toEqual(["card for OrdersConnection"]);
  expect(cardTexts.map((text) => text.split(". ")[0])).toEqual([
    "Please sign in to Microsoft Graph",
    "Please sign in to GitHub",
    "Please sign in to the orders service",
  ]);
  // Only Entra's errors have numbers.
  expect(cardTexts.map((text) => text.includes("AADSTS"))).toEqual([true, false, false]);
  for (const { name } of connections) tokens.set(name, `token of ${name}`);
  expect([await say("mail"), await say("issues"), await say("orders")]).toEqual([
    [noMail],
    [noIssue],
    ["You have no orders."],
  ]);
  expect(internet.calls.map(({ url, authorization }) => [url.hostname, authorization])).toEqual([
    ["graph.microsoft.com", "Bearer token of GraphConnection"],
    ["api.github.com", "Bearer token of GitHubConnection"],
    ["orders.company.example", "Bearer token of OrdersConnection"],
  ]);
});

test("asked two things one after the other, the bot does each when its sign-in is done, in either order", async () => {
  for (const order of [
    ["GraphConnection", "GitHubConnection"],
    ["GitHubConnection", "GraphConnection"],
  ]) {
    tokens.clear();
    await say("mail");
    await say("issues");
    const answers = [];
    for (const name of order) answers.push(...(await signIn(name)));
    expect(answers).toEqual(order.map((name) => (name === "GraphConnection" ? noMail : noIssue)));
  }
});

test("a code belongs to whichever sign-in it completes: the newest is tried first, then the others", async () => {
  await say("mail");
  await say("issues");
  codes.set("GraphConnection", "111111").set("GitHubConnection", "222222");
  expect(await say("000000")).toEqual([sentences.wrongCode(4)]);
  expect(await say("111111")).toEqual([noMail]);
  expect(tokens.has("GitHubConnection")).toBe(false);
  expect(await deliver({ type: "invoke", name: "signin/verifyState", value: { state: "222222" } })).toEqual([
    noIssue,
    "answer 200",
  ]);
});

test("who am i tells of each account", async () => {
  expect(await say("who am i")).toEqual([sentences.notSignedIn]);
  await signIn("GraphConnection");
  await signIn("OrdersConnection");
  expect(await say("who am i")).toEqual([
    [
      "- Microsoft Graph: **Ada** (ada@contoso.com)",
      "- GitHub: not signed in",
      "- The orders service: **Ada L.** (ada@company.example)",
    ].join("\n"),
  ]);
});

test("an account whose token was revoked is told as signed out, and one that cannot be asked does not hide the others", async () => {
  await signIn("GraphConnection");
  await signIn("GitHubConnection");
  gitHub = () => new Response("", { status: 503 });
  expect((await say("who am i"))[0]?.split("\n")).toEqual([
    "- Microsoft Graph: **Ada** (ada@contoso.com)",
    "- GitHub: GitHub is not available right now. Please try again in a moment.",
    "- The orders service: not signed in",
  ]);
  gitHub = () => Response.json({ message: "Bad credentials" }, { status: 401 });
  expect((await say("who am i"))[0]?.split("\n")[1]).toBe("- GitHub: not signed in");
  expect(tokens.has("GitHubConnection")).toBe(false);
});

test("connections lists them with their state, one without a skill as well", async () => {
  await signIn("GitHubConnection");
  await signIn("Spare");
  expect((await say("connections"))[0]?.split("\n")).toEqual([
    "- **GraphConnection** (Microsoft Graph): not signed in",
    "- **GitHubConnection** (GitHub): signed in",
    "- **OrdersConnection** (The orders service): not signed in",
    "- **Spare** (Google): signed in",
  ]);
});

test.each(["github", "GitHubConnection", "issues"])("sign out of %s leaves the others", async (what) => {
  for (const { name } of connections) await signIn(name);
  expect(await say(`sign out of ${what}`)).toEqual([
    sentences.signedOutOf("GitHub", ["[sign out at GitHub](https://github.com/logout)"]),
  ]);
  expect([...tokens.keys()]).toEqual(["GraphConnection", "OrdersConnection", "Spare"]);
  expect(sessionsEnded).toBe(0);
});

test("signing out of one forgets what waits for that one alone", async () => {
  await say("mail");
  await say("issues");
  await say("sign out of github");
  expect(await signIn("GitHubConnection")).toEqual([sentences.signedIn]);
  expect(await signIn("GraphConnection")).toEqual([noMail]);
});

test("the chat page's session ends with the sign-in that opened the page", async () => {
  converse = converseWith({ chatSignedInTo: "GraphConnection" });
  await say("sign out of github");
  expect(sessionsEnded).toBe(0);
  await say("sign out of mail");
  expect(sessionsEnded).toBe(1);
});

test("sign out leaves nothing, and what is not known is asked for", async () => {
  for (const { name } of connections) await signIn(name);
  expect(await say("sign out of everything else")).toEqual([
    sentences.signOutOfWhat(["Microsoft Graph", "GitHub", "the orders service", "google"]),
  ]);
  expect(tokens.size).toBe(4);
  await say("sign out");
  expect([tokens.size, sessionsEnded]).toEqual([0, 1]);
});

test("a token that GitHub refuses is given back, and the user is asked to sign in there again", async () => {
  await signIn("GitHubConnection");
  gitHub = () => Response.json({ message: "Bad credentials" }, { status: 401 });
  expect(await say("issues")).toEqual([sentences.tokenRefused, "card for GitHubConnection"]);
  gitHub = () => Response.json([]);
  expect(await signIn("GitHubConnection")).toEqual([noIssue]);
});

test("an issue is opened once, however often its message is delivered; where GitHub's answer is lost, that is said", async () => {
  await signIn("GitHubConnection");
  let opened = 0;
  gitHub = ({ method }) => {
    if (method === "POST") opened += 1;
    return Response.json({ number: 7, html_url: "https://github.com/contoso/website/issues/7" }, { status: 201 });
  };
  const message = { text: "open issue contoso/website The logo is old", id: "activity-of-the-issue" };
  const said = ["Opened in contoso/website: [#7 The logo is old](https://github.com/contoso/website/issues/7)"];
  expect([await deliver(message), await deliver(message), opened]).toEqual([said, [], 1]);
  gitHub = () => new Response("", { status: 504 });
  expect(await say("open issue contoso/website Again")).toEqual([sentences.mayHaveBeenOpened]);
});

test("a bot without the connection says so, and what it understands", async () => {
  const only = { ...settings, connections: [connections[1]!] };
  const storage = new MemoryStorage();
  const log = pino({ level: "silent" });
  converse = createConversation(
    new SignIn(only, new SignInRecords(storage), new CodeCounter(storage), requestIn, async () => undefined, log),
    log,
  );
  expect(await say("mail")).toEqual([sentences.noConnection]);
});
