import { CommandError } from "../command-error";

/** One point in which the local Azure can be either of two ways, because nothing proves how Azure is. */
export interface Switch {
  /** As `--switch` and the page name it. */
  readonly name: keyof Switches;
  /** What the local Azure does once it is on. */
  readonly effect: string;
  /** What speaks for it, and what against. */
  readonly unproved: string;
}

/** Which switches are on. All are off at start. */
export interface Switches {
  "exchange-needs-app-id": boolean;
  "no-targeted-messages": boolean;
}

export const knownSwitches: readonly Switch[] = [
  {
    name: "exchange-needs-app-id",
    effect: "The Token Service offers no single sign-on where the state of the request lacks the bot's id.",
    unproved:
      "Microsoft's design of Teams' OAuth flow says so (microsoft/teams.net, docs/sso/OAuthFlow-Design.md); Microsoft's SDK for JavaScript leaves the id empty, and its samples are said to sign in so.",
  },
  {
    name: "no-targeted-messages",
    effect: "Teams refuses every message that one person of a group alone is to see.",
    unproved:
      "The feature is in developer preview: which tenants have it is not published, and neither is the refusal of one that has not. 400 ServiceError is what one was told (microsoft/teams.py#334).",
  },
];

export const noSwitches = (): Switches => ({ "exchange-needs-app-id": false, "no-targeted-messages": false });

/**
 * Turns a switch on by its name.
 * @throws CommandError which names those that there are
 */
export function turnOn(switches: Switches, name: string): void {
  switches[named(knownSwitches, "switch", name).name] = true;
}

/**
 * The one of a list that an option names.
 * @throws CommandError which names those that there are
 */
export function named<One extends { readonly name: string }>(known: readonly One[], what: string, name: string): One {
  const found = known.find((one) => one.name === name);
  if (found) return found;
  throw new CommandError("wrong-option", `There is no ${what} "${name}": ${known.map((one) => one.name).join(", ")}.`);
}
