import { day } from "../../contract/time";
import { type End, ends } from "../facts/ends";

/** What a stack uses of all that may end. */
export interface Used {
  /** Namespace and api-version of each kind of request to Azure Resource Manager. */
  readonly apiVersions: readonly (readonly [namespace: string, version: string])[];
  /** App Service's runtime: `NODE|24-lts`. */
  readonly runtime: string;
  /** What kind of SDK the bot is made with. */
  readonly sdk: string;
  /** `msaAppType` of the registration. */
  readonly botType: string;
  /** The oldest TLS that anything of it takes: `1.2`. */
  readonly tls: string;
}

/** An end that meets a stack. */
export interface EndAhead extends End {
  /** Whole days until it; negative where it has passed. */
  readonly daysLeft: number;
}

/** How many days before an end people are told of it. */
export const noticeDays = 90;

/**
 * The announced ends that meet a stack, the next first; those that have passed before.
 * Those of its own secrets: `npm run secrets`.
 */
export function endsOf(used: Used, now: Date): EndAhead[] {
  return ends
    .filter((end) => meets(end, used))
    .map((end) => ({ ...end, daysLeft: Math.floor((Date.parse(end.at) - now.getTime()) / day) }))
    .sort((one, other) => one.at.localeCompare(other.at));
}

/** Those of them that people have to hear of now. */
export function endsAhead(used: Used, now: Date, within = noticeDays): EndAhead[] {
  return endsOf(used, now).filter(({ daysLeft }) => daysLeft < within);
}

function meets({ of }: End, used: Used): boolean {
  switch (of.part) {
    case "api-version":
      return used.apiVersions.some(([namespace, version]) => namespace === of.namespace && version < of.before);
    case "runtime":
      return new RegExp(`^${of.runtime.replace(/[|.]/g, "\\$&")}(?!\\d)`).test(used.runtime);
    case "sdk":
      return used.sdk === of.family;
    case "bot-type":
      return used.botType === of.type;
    case "tls":
      return used.tls < of.before;
  }
}

/** An end in a sentence, with what breaks and what to do. */
export function endText({ what, at, daysLeft, breaks, fix, source }: EndAhead): string {
  const when = daysLeft < 0 ? `over since ${at}` : `over on ${at}, in ${daysLeft} days`;
  return `${what}: ${when}. ${breaks} ${fix} (${source})`;
}
