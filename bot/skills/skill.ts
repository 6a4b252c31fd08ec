import type { Connection, Skill } from "../../contract/connection";
import { gitHubUser } from "./git-hub";
import { mailUser } from "./mail";
import { ordersUser } from "./orders";

/** A command that needs a user's token, and whose. */
export interface SkilledCommand {
  /** The connection with this skill gives the token. */
  readonly skill: Skill;
  /**
   * What the user reads where the command changes something and nobody knows whether it did; undefined where it only reads.
   * A command with this is carried out once for each message, however often a channel delivers that.
   */
  readonly mayHaveHappened?: string;
  run(token: string, connection: Connection): Promise<string>;
}

/** What the bot knows of one of its skills. */
export interface SkillFacts {
  /** What people call the service behind it, in the middle of a sentence. */
  readonly service: string;
  /** What the bot says that it can do, after "I can". */
  readonly ability: string;
  /** The word with which people begin. */
  readonly word: string;
  /** The commands, for the bot's help. */
  readonly help: readonly string[];
  /** Who a token belongs to, in Markdown. */
  whoAmI(token: string, connection: Connection): Promise<string>;
}

/** Every skill; one without its facts does not compile. */
export const skillFacts: Readonly<Record<Skill, SkillFacts>> = {
  mail: {
    service: "Microsoft Graph",
    ability: "read and send mail",
    word: "mail",
    help: ["**mail**: the newest messages of your inbox", "**send** *address* *text*: sends a mail in your name"],
    whoAmI: mailUser,
  },
  github: {
    service: "GitHub",
    ability: "show and open issues at GitHub",
    word: "issues",
    help: [
      "**issues**: open issues at GitHub that are assigned to you",
      "**open issue** *owner/repository* *title*: opens an issue in your name; further lines are its text",
    ],
    whoAmI: gitHubUser,
  },
  orders: {
    service: "the orders service",
    ability: "show orders",
    word: "orders",
    help: ["**orders**: your orders", "**order** *number*: one of them with its items"],
    whoAmI: ordersUser,
  },
};
