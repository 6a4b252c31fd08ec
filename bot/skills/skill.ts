import type { Command } from "../commands";
import type { Skill } from "../../contract/connection";
import { sentences } from "../sign-in/sentences";
import { recentMail, sendMail, whoAmI } from "./mail";

/** A command that needs a user's token, and whose. */
export interface SkilledCommand {
  /** The connection with this skill gives the token. */
  readonly skill: Skill;
  /** Whether the user is asked to sign in for it; otherwise the answer is that nobody is signed in. */
  readonly asksToSignIn: boolean;
  /**
   * What the user reads where the command changes something and nobody knows whether it did; undefined where it only reads.
   * A command with this is carried out once for each message, however often a channel delivers that.
   */
  readonly mayHaveHappened?: string;
  run(token: string): Promise<string>;
}

/** The command's skill, or undefined where it needs no token. A skill never runs without one: its type asks for it. */
export function skillOf(command: Command): SkilledCommand | undefined {
  switch (command.kind) {
    case "mail":
      return { skill: "mail", asksToSignIn: true, run: recentMail };
    case "send":
      return {
        skill: "mail",
        asksToSignIn: true,
        mayHaveHappened: sentences.mayHaveBeenSent,
        run: (token) => sendMail(token, command.to, command.text),
      };
    case "who am i":
      return { skill: "mail", asksToSignIn: false, run: whoAmI };
    default:
      return undefined;
  }
}
