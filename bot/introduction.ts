import type { Connection, Skill } from "../contract/connection";
import { skillFacts } from "./skills/skill";

/** How the bot introduces itself: what it can do follows from its connections. */
export interface Introduction {
  readonly welcome: string;
  readonly help: string;
  /** What a person may press instead of writing it, the likeliest first: Teams shows three. */
  readonly replies: readonly string[];
}

/** @param connections of the bot; those without a skill are a bot's of one's own, and are not spoken of */
export function introductionOf(connections: readonly Pick<Connection, "skill">[]): Introduction {
  const skills = [...new Set(connections.map(({ skill }) => skill))].filter(
    (skill): skill is Skill => skill !== undefined,
  );
  const facts = skills.map((skill) => skillFacts[skill]);
  const more = skills.length > 1 ? ["**sign out of** *one of them*: forgets one sign-in, and leaves the others"] : [];
  const help = [
    ...facts.flatMap((known) => known.help),
    "**who am i**: which accounts you are signed in with",
    "**connections**: what you can sign in to, and where you are",
    "**cancel**: forgets what waits for you to sign in",
    "**sign out**: forgets your sign-ins",
    ...more,
    "**help**: this list",
  ];
  const can = listed(
    facts.map(({ ability }) => ability),
    "and",
  );
  const begin = listed(
    facts.map(({ word }) => `**${word}**`),
    "or",
  );
  return {
    welcome:
      facts.length === 0
        ? "Hello. I have no connection with which I could do something for you. Say **help** to see what I understand."
        : `Hello. I can ${can} for you, once you have signed in. Say ${begin}, or **help** to see all that I understand.`,
    replies: [...facts.map(({ word }) => word), "help"],
    help: ["I understand:", "", ...help.map((line) => `- ${line}`)].join("\n"),
  };
}

/** `a`, `a and b`, `a, b and c` */
function listed(words: readonly string[], last: "and" | "or"): string {
  const [end = "", ...before] = [...words].reverse();
  return before.length === 0 ? end : `${before.reverse().join(", ")} ${last} ${end}`;
}
