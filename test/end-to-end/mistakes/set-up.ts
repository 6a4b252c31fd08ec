import type { Health } from "../../../contract/app-settings";
import { botId, botServiceVersion } from "../../../infra/azure/bot-service";
import { webAppId } from "../../../infra/code/web-app";
import type { LocalAzure } from "../../../local/azure/azure";
import { Chat, hasCard, signInAddress, type ChatToken } from "../../support/chat";
import { connectThisProcess, deploy } from "../../support/deployed";
import { Person } from "../../support/person";
import { openChatPage } from "../../support/sign-in";
import { ByHand, versions } from "./by-hand";
import { soon } from "../../support/soon";

/** The whole set-up, deployed by the program, in which somebody then makes mistakes by hand. */
export class SetUp {
  readonly #chats: Chat[] = [];

  private constructor(
    readonly azure: LocalAzure,
    public hand: ByHand,
    readonly outputs: Readonly<Record<string, unknown>>,
    /** What the bot wrote, newest last. */
    readonly log: readonly string[],
    readonly warnings: readonly string[],
    readonly close: () => Promise<void>,
  ) {}

  /** @param config settings of the stack besides those of its file */
  static async deploy(config: Record<string, string> = {}, stack = "dev"): Promise<SetUp> {
    const { azure, outputs, log, warnings, close } = await deploy({ config, stack });
    const disconnect = await connectThisProcess(azure, "browser");
    const setUp: SetUp = new SetUp(azure, await ByHand.in(azure), outputs, log, warnings, async () => {
      for (const chat of setUp.#chats) chat.end();
      disconnect();
      await close();
    });
    return setUp;
  }

  readonly text = (output: string): string => String(this.outputs[output]);

  get group(): string {
    return `/subscriptions/${this.azure.tenant.subscriptionId}/resourceGroups/${this.text("resourceGroup")}`;
  }

  get bot(): string {
    const { subscriptionId } = this.azure.tenant;
    return botId({ subscriptionId, resourceGroupName: this.text("resourceGroup"), botName: this.text("bot") });
  }

  get webApp(): string {
    const { subscriptionId } = this.azure.tenant;
    return webAppId({
      subscriptionId,
      resourceGroupName: this.text("resourceGroup"),
      webAppName: this.text("webApp"),
    });
  }

  /** The one resource of a type in the group. */
  resource(type: string): string {
    const [found] = this.azure.resources.list(type, this.group);
    if (!found) throw new Error(`there is no ${type}`);
    return found.id;
  }

  /** Moves the clock. What a hand does after that, it does with a sign-in of its own: the old one may have ended. */
  async moveClock(milliseconds: number): Promise<void> {
    await this.azure.moveClock(milliseconds);
    this.hand = await ByHand.in(this.azure);
  }

  /** Starts the app anew, as the portal's button does. */
  async restart(): Promise<void> {
    await this.hand.call("POST", `${this.webApp}/restart`, versions.web);
  }

  async appSettings(): Promise<Record<string, string>> {
    const address = `${this.webApp}/config/appsettings/list`;
    return (await this.hand.call<{ properties: Record<string, string> }>("POST", address, versions.web)).properties;
  }

  /** Writes the app settings; whatever is not among them is deleted. The app starts anew. */
  async writeAppSettings(properties: Record<string, string>): Promise<void> {
    await this.hand.call("PUT", `${this.webApp}/config/appsettings`, versions.web, { properties });
  }

  /** What the health page says of a check, as soon as it fails with these words. */
  async unwell(check: string, words: string): Promise<string> {
    let last = "nothing";
    const fix = await soon(async () => {
      const answer = await fetch(new URL("healthz", this.text("chatAddress")));
      const { checks = [] } = (await answer.json().catch(() => ({}))) as Partial<Health>;
      last = checks.map((one) => `${one.name}: ${one.ok ? "well" : one.fix}`).join("\n");
      return checks.find(({ name, fix = "" }) => name === check && fix.includes(words))?.fix;
    }, 15_000);
    return fix ?? last;
  }

  /** The bot's log, as soon as a line after the given one has these words. */
  async logged(words: string, since: number): Promise<string> {
    return (
      (await soon(() => this.log.slice(since).find((line) => line.includes(words)))) ?? this.log.slice(since).join("\n")
    );
  }

  /** Somebody opens the chat in a browser of their own. */
  async chat(person = new Person()): Promise<{ chat: Chat; token: ChatToken }> {
    const token = await openChatPage(person, this.text("chatAddress"));
    const chat = new Chat(token);
    this.#chats.push(chat);
    await chat.opened();
    return { chat, token };
  }

  /** Asks for mail and gives the address of the sign-in card. */
  async signInAddress(chat: Chat): Promise<string> {
    return signInAddress(await chat.ask("mail", hasCard)) ?? "";
  }

  mailOf(givenName: string): string {
    return this.azure.tenant.people.find((person) => person.givenName === givenName)?.mail ?? "";
  }

  /** Writes the connection by hand, with its own secret unless another is given. */
  async writeConnection(change: { scopes?: string; clientSecret?: string }): Promise<void> {
    const id = `${this.bot}/connections/GraphConnection`;
    const { location, properties } = this.connection;
    const { clientId, clientSecret, scopes, serviceProviderId, parameters } = properties;
    const own = { clientId, clientSecret, scopes, serviceProviderId, parameters };
    await this.hand.call("PUT", id, botServiceVersion, { location, properties: { ...own, ...change } });
  }

  /** The connection as Bot Service keeps it, secret included, as it was when first asked for. */
  get connection(): { location?: string; properties: Record<string, unknown> } {
    const found = this.azure.resources.get(`${this.bot}/connections/GraphConnection`);
    return (this.#connection ??= structuredClone({
      location: found?.location ?? "global",
      properties: found?.properties ?? {},
    }));
  }
  #connection?: { location?: string; properties: Record<string, unknown> };
}
