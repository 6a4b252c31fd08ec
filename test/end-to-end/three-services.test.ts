import { type Deployed, connectThisProcess, deploy } from "../support/deployed";
import { Chat, hasCard, signInAddress } from "../support/chat";
import { type Page, Person } from "../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";
import type { ChatToken } from "../support/chat";

/** The example stack of three services, deployed as `npm start -- --stack three-services` does. */
let deployed: Deployed;
let disconnect: () => void;
const chats: Chat[] = [];

beforeAll(async () => {
  deployed = await deploy({ stack: "three-services" });
  disconnect = await connectThisProcess(deployed.azure, "browser");
  await consentForEveryone(new Person(), deployed.azure, String(deployed.outputs.signInAppId));
});

afterAll(async () => {
  for (const chat of chats) chat.end();
  disconnect?.();
  await deployed?.close();
});

/** Somebody in front of a browser with the chat open. */
class User {
  readonly person = new Person();
  private constructor(
    readonly mail: string,
    readonly chat: Chat,
    private readonly token: ChatToken,
    person: Person,
  ) {
    this.person = person;
  }

  /** @param person the browser, where it is one that was there before */
  static async open(givenName: string, person = new Person()): Promise<User> {
    const token = await openChatPage(person, address());
    const chat = new Chat(token);
    chats.push(chat);
    await chat.opened();
    return new User(`${givenName.toLowerCase()}@contoso.example`, chat, token, person);
  }

  /** Says something, signs in by the card that comes, and gives what the bot answers then. */
  async askSigningIn(text: string): Promise<string> {
    const card = await this.chat.ask(text, hasCard);
    const bound = await boundTo(this.person, this.token, address(), signInAddress(card) ?? "");
    await allow(this.person, await signIn(this.person, deployed.azure, bound, this.mail));
    return (await this.chat.answer(({ text: said }) => Boolean(said))).text ?? "";
  }

  async ask(text: string): Promise<string> {
    const answer = await this.chat.ask(text);
    return hasCard(answer) ? "card" : (answer.text ?? "");
  }
}

const address = (): string => String(deployed.outputs.chatAddress);

/** GitHub and the company's provider ask whether the bot may act for the person; Entra's administrator has said so. */
async function allow(person: Person, page: Page): Promise<void> {
  const last = /name="decision"/.test(page.text) ? await person.submit(page, { decision: "accept" }) : page;
  expect([last.status, last.text]).toEqual([200, expect.stringContaining("You may close this window")]);
}

test("one person signs in to all three in one chat, and each service answers him", async () => {
  const sam = await User.open("Sam");
  expect(await sam.ask("connections")).toBe(
    [
      "- **GraphConnection** (Microsoft Graph): not signed in",
      "- **GitHubConnection** (GitHub): not signed in",
      "- **OrdersConnection** (The orders service): not signed in",
    ].join("\n"),
  );
  expect(await sam.askSigningIn("mail")).toMatch(/^Your \d newest messages:/);
  expect(await sam.askSigningIn("issues")).toMatch(
    /^Open issues that are assigned to you:\n\n- \[#\d Price list shows last year's prices\]\(https:\/\/github\.com\/contoso\/website\/issues\/1\) in contoso\/website/,
  );
  expect(await sam.askSigningIn("orders")).toMatch(/^Your 2 orders:\n\n- \*\*1042\*\*, Fabrikam/);

  expect(await sam.ask("who am i")).toBe(
    [
      "- Microsoft Graph: **Sam Okoye** (sam@contoso.example)",
      "- GitHub: **Sam Okoye** (sam)",
      "- The orders service: **Sam Okoye** (sam@contoso.example)",
    ].join("\n"),
  );
  expect(await sam.ask("open issue contoso/orders-app The total is wrong")).toMatch(
    /^Opened in contoso\/orders-app: \[#3 The total is wrong\]\(https:/,
  );
  expect(await sam.ask("order 1042")).toContain("10 desk lamps");
  expect(await sam.ask("order 1041")).toBe("The orders service refused the request: There is no order 1041.");

  expect(await sam.ask("sign out of github")).toMatch(/^You are signed out of GitHub\./);
  expect(await sam.ask("orders")).toMatch(/^Your 2 orders/);
  expect(await sam.ask("mail")).toMatch(/newest messages/);
  expect(await sam.ask("issues")).toBe("card");
});

test("two sign-ins that were asked for one after the other end in the other order", async () => {
  const ada = await User.open("Ada");
  const first = await ada.chat.ask("issues", hasCard);
  expect(await ada.askSigningIn("orders")).toMatch(/^Your 2 orders/);
  // The first card is still good: its request has waited.
  const page = await signIn(ada.person, deployed.azure, signInAddress(first) ?? "", ada.mail);
  const shown = /name="decision"/.test(page.text) ? await ada.person.submit(page, { decision: "accept" }) : page;
  const code = /id="code"[^>]*>\s*(\d{6})/.exec(shown.text)?.[1] ?? "";
  expect(await ada.ask(code)).toMatch(/Who may approve an order/);
});

test("a token that was revoked at GitHub is refused there, and the bot asks again", async () => {
  const kim = await User.open("Kim");
  expect(await kim.askSigningIn("issues")).toContain("Add the new support hours");
  const page = await kim.person.open("https://github.com/settings/applications");
  expect(page.text).toContain("Revoke Three services bot");
  await kim.person.submit(page, { client_id: "Ov23liThreeServices0" });
  expect(await kim.ask("issues")).toBe("Your sign-in has expired, so I signed you out. Please sign in again.");
  expect(hasCard(await kim.chat.answer(hasCard))).toBe(true);
});

test("the company's token ends after an hour and is renewed unseen", async () => {
  const ada = await User.open("Ada");
  await ada.askSigningIn("orders");
  const renewals = (): number =>
    deployed.azure.trace
      .exchanges()
      .filter(({ url, requestBody = "" }) => url.endsWith("contoso.example/token") && /refresh_token/.test(requestBody))
      .length;
  expect(renewals()).toBe(0);
  await deployed.azure.moveClock(58 * 60_000);
  const later = await User.open("Ada", ada.person);
  expect(await later.ask("orders")).toMatch(/^Your 2 orders/);
  expect(renewals()).toBe(1);
});

test("no secret of the providers and no user's token is in the bot's log or in the trace", async () => {
  const trace = JSON.stringify(deployed.azure.trace.exchanges());
  const secrets = ["github.com", "login.contoso.example"].flatMap((host) =>
    deployed.azure.oauthClients.at(host).map(({ clientSecret }) => clientSecret),
  );
  expect(secrets).toHaveLength(2);
  const log = deployed.log.join("\n");
  expect(secrets.filter((secret) => trace.includes(secret) || log.includes(secret))).toEqual([]);
  expect(log + trace).not.toMatch(/gho_[0-9a-f]{36}/);
});
