import type { Message } from "botframework-directlinejs";
import type { LocalAzure } from "../../local/azure/azure";
import type { TeamsChat } from "../../local/azure/bot-service/teams";
import type { PlaceKind } from "../../local/azure/bot-service/teams/place";
import type { Person } from "../../local/azure/tenant";

/** A person's chat with the bot in Teams, as {@link Chat} is one in a browser. */
export class TeamsTalk {
  #read = 0;

  private constructor(private readonly chat: TeamsChat) {}

  static async open(azure: LocalAzure, appId: string, person: Person, kind?: PlaceKind): Promise<TeamsTalk> {
    return new TeamsTalk(await azure.teams.chat(appId, person, kind));
  }

  /** All that the bot said and this person sees. */
  get heard(): readonly Message[] {
    return this.chat.heard as unknown as Message[];
  }

  /** Says something and gives the bot's first answer to it that matches. */
  async ask(text: string, matches: (message: Message) => boolean = () => true): Promise<Message> {
    this.#read = this.chat.heard.length;
    await this.chat.send({ type: "message", text });
    return this.answer(matches);
  }

  /** Sends what Teams sends by itself. Gives the status of the bot's answer. */
  async invoke(name: string, value: object): Promise<number> {
    this.#read = this.chat.heard.length;
    return (await this.chat.send({ type: "invoke", name, value })).status;
  }

  /** The bot's next message that was not read yet and matches; fails after some seconds, saying what came instead. */
  async answer(matches: (message: Message) => boolean = () => true, milliseconds = 8_000): Promise<Message> {
    for (const until = Date.now() + milliseconds; ;) {
      const { heard } = this.chat;
      while (this.#read < heard.length) {
        const activity = heard[this.#read++] as unknown as Message;
        if (activity.type === "message" && matches(activity)) return activity;
      }
      if (Date.now() > until) throw new Error(`no such answer; received: ${JSON.stringify(heard.slice(-6), null, 1)}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }
}
