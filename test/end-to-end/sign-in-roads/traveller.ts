import { randomUUID } from "node:crypto";
import type { Message } from "botframework-directlinejs";
import type { Channel, Provider } from "../../../ops/docs/sign-in-roads";
import { type Chat, type ChatToken, hasCard, signInAddress } from "../../support/chat";
import { type Page, Person } from "../../support/person";
import { boundTo } from "../../support/sign-in";
import { TeamsTalk } from "../../support/teams-talk";
import type { SetUp } from "../mistakes/set-up";

/** What a provider's connection is good for, and who is behind it. */
export interface Behind {
  readonly connection: string;
  /** What a person says to use it. */
  readonly command: string;
  /** What the bot answers Sam. */
  readonly answer: RegExp;
  /** What the bot calls the service. */
  readonly service: string;
  /** The service, and the provider, as the local Azure's trace names them. */
  readonly api: string;
  readonly provider: string;
  /** Where a person ends his browser's sign-in at the provider. */
  readonly signOut: string;
}

const gitHub: Behind = {
  connection: "GitHubConnection",
  command: "issues",
  answer: /^Open issues that are assigned to you:/,
  service: "GitHub",
  api: "GitHub API",
  provider: "GitHub",
  signOut: "https://github.com/logout",
};

export const behind: Readonly<Record<Provider, Behind>> = {
  entra: {
    connection: "GraphConnection",
    command: "mail",
    answer: /^Your (newest message|\d newest messages):/,
    service: "Microsoft Graph",
    api: "Microsoft Graph",
    provider: "Entra ID",
    signOut: "https://login.microsoftonline.com/common/oauth2/v2.0/logout",
  },
  github: gitHub,
  "github-app": gitHub,
  company: {
    connection: "OrdersConnection",
    command: "orders",
    answer: /^Your 2 orders:/,
    service: "the orders service",
    api: "Company orders",
    provider: "Company identity provider",
    signOut: "https://login.contoso.example/logout",
  },
};

const isText = ({ text }: Message): boolean => Boolean(text);

/** The six digits that a page shows. */
export const codeOn = ({ text }: Page): string | undefined => /id="code"[^>]*>\s*(\d{6})/.exec(text)?.[1];

/** Somebody who talks to the bot on a channel, and signs in with a provider. */
export class Traveller {
  readonly of: Behind;
  /** What a step of a road keeps for the next one. */
  address = "";
  page: Page = { url: "", status: 0, text: "" };

  private constructor(
    readonly setUp: SetUp,
    readonly provider: Provider,
    readonly channel: Channel,
    readonly browser: Person,
    readonly talk: Chat | TeamsTalk,
    private readonly token: ChatToken | undefined,
    private readonly teamsUser: string,
  ) {
    this.of = behind[provider];
  }

  /** @param as somebody who was there before, with his browser */
  static async open(setUp: SetUp, provider: Provider, channel: Channel, as?: Traveller): Promise<Traveller> {
    const browser = as?.browser ?? new Person();
    if (channel !== "teams") {
      const { chat, token } = await setUp.chat(browser);
      return new Traveller(setUp, provider, channel, browser, chat, token, "");
    }
    // A user of Teams whom no other road has met; whom he signs in as, he says at the provider.
    const objectId = as?.teamsUser || randomUUID();
    const [someone] = setUp.azure.tenant.people;
    const talk = await TeamsTalk.open(setUp.azure, setUp.text("botAppId"), { ...someone!, objectId });
    return new Traveller(setUp, provider, channel, browser, talk, undefined, objectId);
  }

  /** What the bot answers: its words, or `card`. */
  async ask(text: string): Promise<string> {
    const answer = await this.talk.ask(text, (message) => isText(message) || hasCard(message));
    return hasCard(answer) ? "card" : (answer.text ?? "");
  }

  /** What the bot says next. */
  async hears(): Promise<string> {
    return (await this.talk.answer(isText)).text ?? "";
  }

  /** Asks for something. Gives the sign-in address of the card that comes. */
  async askForCard(command = this.of.command): Promise<string> {
    return signInAddress(await this.talk.ask(command, hasCard)) ?? "";
  }

  /** The address as the chat's own browser opens it: on the web page it carries the chat's session. */
  async opened(address: string): Promise<string> {
    if (this.channel !== "web chat" || !this.token) return address;
    return boundTo(this.browser, this.token, this.setUp.text("chatAddress"), address);
  }

  /** Signs in at an address, up to the page that stands at the end. */
  async signInAt(address: string, browser = this.browser, givenName = "Sam"): Promise<Page> {
    let page = await browser.open(await this.opened(address));
    const account = this.setUp.mailOf(givenName);
    if (page.text.includes('name="password"'))
      page = await browser.submit(page, { account, password: this.setUp.azure.tenant.password });
    return page.text.includes('name="decision"') ? browser.submit(page, { decision: "accept" }) : page;
  }

  /** Hands a code in, as the channel does. Gives what the bot says. */
  async giveCode(code: string): Promise<string> {
    if (!(this.talk instanceof TeamsTalk)) return this.ask(code);
    await this.talk.invoke("signin/verifyState", { state: code });
    return this.hears();
  }

  /** Brings the end of a sign-in to the bot. Gives what it says. */
  async finish(page: Page): Promise<string> {
    const code = codeOn(page);
    if (this.channel === "web chat") {
      if (code !== undefined || page.status !== 200)
        throw new Error(`no end of a sign-in: ${page.status} ${page.text}`);
      return this.hears();
    }
    if (code === undefined) throw new Error(`no code: ${page.status} ${page.text}`);
    return this.giveCode(code);
  }

  /** Asks for something and signs in for it. Gives the answer. */
  async signIn(command = this.of.command): Promise<string> {
    return this.finish(await this.signInAt(await this.askForCard(command)));
  }

  /** The page that a sign-in ends with where the code is shown; the browser is one that is not known to be the chat's. */
  async pageWithCode(): Promise<Page> {
    return this.signInAt(await this.askForCard());
  }
}
