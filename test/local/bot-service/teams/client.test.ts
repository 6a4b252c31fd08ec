import type { Activity } from "../../../../local/azure/bot-service/activity";
import { TeamsClient } from "../../../../local/azure/bot-service/teams/client";
import type { Asked, EntraSessions } from "../../../../local/azure/bot-service/teams/entra-session";
import type { FailureCode } from "../../../../local/azure/bot-service/teams/failures";
import type { TeamsChat } from "../../../../local/azure/bot-service/teams/chat";
import type { Person } from "../../../../local/azure/tenant";

const uri = "api://botid-1";
const address = "https://token.botframework.com/api/oauth/signin?signin=1";
const token = `e30.${Buffer.from('{"aud":"app"}').toString("base64url")}.x`;
const unsigned: Asked = { error: "invalid_grant", description: "AADSTS65001: no consent" };

const card: Activity = {
  type: "message",
  id: "card",
  from: { id: "28:bot" },
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.oauth",
      content: {
        connectionName: "Graph",
        buttons: [{ title: "Sign in", value: address }],
        tokenExchangeResource: { id: "exchange", uri },
      },
    },
  ],
};

/** A client whose bot and whose Entra answer as a test says, and what it sent. */
function client(
  answers: readonly number[],
  { entra = { token } as Asked, failure = undefined as FailureCode | undefined } = {},
) {
  const sent: { name: unknown; value: unknown }[] = [];
  const left = [...answers];
  let arrives = (_: readonly Activity[]): void => undefined;
  const chat = {
    bot: { id: "28:bot" },
    userId: "29:me",
    place: { kind: "personal", channelData: {} },
    conversation: { subscribe: (listener: typeof arrives) => void (arrives = listener) },
    send: ({ name, value }: Activity) => {
      sent.push({ name, value });
      return Promise.resolve({ status: left.shift() ?? 500, body: undefined });
    },
  } as unknown as TeamsChat;
  const sessions = {
    tokenFor: () => Promise.resolve(entra),
    cookieOf: () => Promise.resolve("cookie"),
    consentAddress: () => "https://login.microsoftonline.com/consent",
  } as unknown as EntraSessions;
  const app = { webApplicationInfo: { id: "app", resource: uri } } as never;
  const made = new TeamsClient(chat, {} as Person, {
    sessions,
    app: () => app,
    failure: () => failure,
    changed: () => undefined,
  });
  const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
  return {
    made,
    sent,
    state: () => made.stateOf("card"),
    async arrive(activity: Activity = card) {
      arrives([activity]);
      await settled();
    },
  };
}

const exchange = { name: "signin/tokenExchange", value: { id: "exchange", connectionName: "Graph", token } };

test("two devices hand a token over with the card's one id, and one success is enough", async () => {
  const { made, sent, state, arrive } = client([412, 200]);
  made.devices = ["browser", "phone"];
  await arrive();
  expect(sent).toEqual([exchange, exchange]);
  expect(state()).toEqual({ stage: "done", note: "" });
});

test("a missing consent opens the card's window; at its end the same exchange is made again, and no code is sent", async () => {
  const { made, sent, state, arrive } = client([412, 200]);
  await arrive();
  expect(state()).toEqual({ stage: "consent", note: "" });
  expect(await made.open("card")).toEqual({ address, cookie: "cookie" });
  await made.ended("card", "745254");
  expect(sent).toEqual([exchange, exchange]);
  expect(state()).toEqual({ stage: "done", note: "" });
});

test("where Teams itself was not let in, it asks for the person's consent at Entra", async () => {
  const { made, sent, state, arrive } = client([], { entra: unsigned });
  await arrive();
  expect(state()).toEqual({ stage: "consent", note: "" });
  expect(await made.open("card")).toEqual({ address: "https://login.microsoftonline.com/consent", cookie: "cookie" });
  await made.ended("card", undefined);
  expect(state()).toEqual({ stage: "card", note: "The permission was not given." });
  expect(sent).toEqual([]);
});

test("a pressed card hands the window's code to the bot, and a closed window is told as cancelled", async () => {
  const { made, sent, state, arrive } = client([400, 200, 404, 200]);
  await arrive();
  expect(state()).toEqual({ stage: "card", note: "The bot answered 400 to the token." });
  await made.open("card");
  await made.ended("card", undefined);
  expect(state()).toEqual({ stage: "card", note: "The window was closed." });
  await made.open("card");
  await made.ended("card", "000000");
  expect(state()).toEqual({ stage: "card", note: "The bot answered 404 to the sign-in." });
  await made.open("card");
  await made.ended("card", "745254");
  expect(state()).toEqual({ stage: "done", note: "" });
  const states = sent.slice(1).map(({ value }) => value);
  expect(states).toEqual([{ state: "CancelledByUser" }, { state: "000000" }, { state: "745254" }]);
});

test("a failure is told to the bot once, and the person is shown nothing", async () => {
  const { sent, state, arrive } = client([200], { failure: "tokenmissing" });
  await arrive();
  await arrive();
  expect(sent).toEqual([{ name: "signin/failure", value: { code: "tokenmissing", message: "There is no token." } }]);
  expect(state()).toEqual({ stage: "failed", note: "tokenmissing" });
});

test("a token for another application than the package names is not handed over", async () => {
  const other = { token: `e30.${Buffer.from('{"aud":"other"}').toString("base64url")}.x` };
  const { sent, arrive } = client([200], { entra: other });
  await arrive();
  expect(sent).toEqual([
    { name: "signin/failure", value: { code: "invokeerror", message: "The token exchange failed." } },
  ]);
});

test("another's card is nobody else's to answer, and one that is not shown is none", async () => {
  const { sent, state, arrive } = client([200]);
  await arrive({ ...card, recipient: { id: "29:other" } });
  expect([sent, state()]).toEqual([[], { stage: "card", note: "" }]);
  await arrive({ ...card, id: "targeted", recipient: { id: "29:other", isTargeted: true } as never });
  expect(sent).toEqual([]);
});
