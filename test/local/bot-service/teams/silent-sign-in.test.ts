import { signInFailures } from "../../../../local/azure/bot-service/teams/failures";
import {
  afterExchange,
  afterRefusal,
  firstStep,
  type SignInCard,
  signInCardOf,
} from "../../../../local/azure/bot-service/teams/silent-sign-in";

const uri = "api://botid-1";
const card: SignInCard = {
  activityId: "1",
  connectionName: "Graph",
  title: "",
  text: "",
  button: "Sign in",
  address: "https://token.botframework.com/api/oauth/signin?signin=1",
  exchange: { id: "2", uri },
};
const app = { webApplicationInfo: { id: "app", resource: uri } };

test.each<[what: string, step: ReturnType<typeof firstStep>, expected: object]>([
  ["a token is asked for", firstStep(card, "personal", app), { step: "ask", resource: uri }],
  ["in a group chat, too", firstStep(card, "groupChat", app), { step: "ask", resource: uri }],
  [
    "a card without single sign-on waits",
    firstStep({ ...card, exchange: undefined }, "personal", app),
    { step: "nothing" },
  ],
  ["no single sign-on in channels", firstStep(card, "channel", app), { step: "fail", code: "resourcematchfailed" }],
  [
    "the package names another resource",
    firstStep(card, "personal", { webApplicationInfo: { id: "app", resource: "api://other" } }),
    { step: "fail", code: "resourcematchfailed" },
  ],
  [
    "the package is one without single sign-on",
    firstStep(card, "personal", { webApplicationInfo: undefined }),
    { step: "fail", code: "resourcematchfailed" },
  ],
  ["the app is not installed", firstStep(card, "personal", undefined), { step: "fail", code: "installedappnotfound" }],
  [
    "the card lacks its address",
    firstStep({ ...card, address: undefined }, "personal", app),
    { step: "fail", code: "oauthcardnotvalid" },
  ],
  [
    "the card lacks its connection",
    firstStep({ ...card, connectionName: undefined }, "personal", app),
    { step: "fail", code: "oauthcardnotvalid" },
  ],
  ...signInFailures.map(({ code }): [string, ReturnType<typeof firstStep>, object] => [
    `${code} is switched on`,
    firstStep(card, "personal", app, code),
    { step: "fail", code },
  ]),
])("what Teams does when a sign-in card comes: %s", (_, step, expected) => expect(step).toEqual(expected));

test.each([
  ["invalid_grant", "AADSTS65001: The user or administrator has not consented", "consent"],
  ["invalid_resource", "AADSTS500011: The resource principal was not found", "resourcematchfailed"],
  ["invalid_grant", "AADSTS700082: The refresh token has expired", "interactionrequired"],
  ["interaction_required", "", "interactionrequired"],
  ["unauthorized_client", "AADSTS700016: Application was not found", "authrequestfailed"],
  ["", "", "tokenmissing"],
])("what Teams makes of Entra's refusal %s %s: %s", (error, description, expected) =>
  expect(afterRefusal(error, description)).toBe(expected),
);

test.each([
  [[200], "done"],
  [[412, 200], "done"],
  [[412, 412], "consent"],
  [[412, 400], "consent"],
  [[400], "card"],
  [[502, 502], "card"],
])("after the bot's answers %j the person meets: %s", (statuses, expected) =>
  expect(afterExchange(statuses)).toBe(expected),
);

test("a card is read as bots send it, and any other message is none", () => {
  const content = {
    connectionName: "Graph",
    text: "Please sign in",
    buttons: [{ type: "signin", title: "Sign in", value: card.address }],
    tokenExchangeResource: { id: "2", uri },
  };
  const message = { type: "message", id: "1" };
  const attachments = [{ contentType: "application/vnd.microsoft.card.oauth", content }];
  expect(signInCardOf({ ...message, attachments })).toEqual({ ...card, text: "Please sign in" });
  expect(signInCardOf({ ...message, attachments: [{ contentType: "image/png" }] })).toBeUndefined();
});
