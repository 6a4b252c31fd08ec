import type { Activity, Attachment } from "@microsoft/agents-activity";
import type { Owner } from "./sign-in/sign-in-records";
import type { TokenService } from "./sign-in/token-service";

/** One activity that came in, and all that can be done about it. */
export interface Turn {
  /** The activity's id: the same whenever the channel delivers it again. */
  readonly id: string;
  /** When the channel took the activity from its sender; undefined where it does not say. */
  readonly sentAt?: Date;
  readonly activity: Activity;
  readonly owner: Owner;
  readonly tokens: TokenService;
  /** In a group of Teams: its sender alone sees what is said and shown. */
  readonly aside?: true;
  /** In a group of Teams: the same, in its sender's own chat with the bot; gives undefined where that cannot be opened. */
  readonly alone?: () => Promise<Turn | undefined>;
  /**
   * Says something, in Markdown.
   * @param replies what the person may press as an answer, where nobody else reads along
   */
  say(text: string, replies?: readonly string[]): Promise<void>;
  /** Shows a card. */
  show(card: Attachment): Promise<void>;
  /** Answers an invoke. Every signin/* invoke needs one: without it the channel reports 501 and Web Chat gives up. */
  answer(status: number, body?: object): Promise<void>;
}
