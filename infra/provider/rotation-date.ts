import { askedIn, isDue, type Rotation, rotated } from "../deployment/rotation";
import { wholeSeconds } from "../deployment/secret-life";
import { type Lifecycle } from "./lifecycle";
import { count, type ResourceSchema, text } from "./schema";

export interface Inputs {
  readonly renewed: string;
  readonly asked: string;
}

export interface Outputs extends Inputs {
  readonly startedAt: string;
  readonly otherStartedAt: string;
  readonly rotation: number;
  readonly connections: number;
}

export const rotationDateSchema: ResourceSchema<Inputs, Outputs> = {
  description: "How often the secrets were rotated, and the moments from which their life counts.",
  inputs: {
    renewed: text("Any text; another one rotates every secret, and the connections at once."),
    asked: text("The rotation that is asked for, 4, or 4 done where the connections follow; empty to keep what is."),
  },
  outputs: {
    startedAt: text("When the secrets of the first place began: ISO date and time in UTC, whole seconds."),
    otherStartedAt: text("The same of the second place."),
    rotation: count("Rotations that were begun."),
    connections: count("Rotation whose password the connections hold."),
  },
};

/**
 * Lives in the state alone, so that a rotation needs no commit. An import takes over the moment itself as its id:
 * `2026-11-22T03:04:05Z`.
 */
export function rotationDate(now: () => Date = () => new Date()): Lifecycle<Inputs, Outputs> {
  const moment = (): string => wholeSeconds(now());
  return {
    check: async (_olds, { asked }) =>
      asked === "" || askedIn(asked) ? [] : [{ property: "asked", reason: `asked is a rotation such as 4 or 4 done` }],
    async diff(_id, olds, news) {
      const renews = olds.renewed !== news.renewed;
      return { changes: renews || isDue(rotationIn(olds), askedIn(news.asked)), replaces: [] };
    },
    async create(inputs) {
      const startedAt = moment();
      const began = { startedAt, otherStartedAt: startedAt };
      return { id: startedAt, outs: { ...inputs, ...began, rotation: 0, connections: 0 } };
    },
    async update(_id, olds, news) {
      const before = rotationIn(olds);
      const renewal = olds.renewed === news.renewed ? undefined : { number: before.number + 1, done: true };
      const asked = renewal ?? askedIn(news.asked);
      return { outs: { ...news, ...outputsOf(asked ? rotated(before, asked, moment()) : before) } };
    },
    async read(id, props) {
      if (props) return { id, props };
      if (!/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/.test(id)) {
        throw new Error(`${JSON.stringify(id)} is no moment in UTC such as 2026-11-22T03:04:05Z.`);
      }
      const began = { startedAt: id, otherStartedAt: id };
      return { id, props: { renewed: "never", asked: "", ...began, rotation: 0, connections: 0 } };
    },
    delete: async () => {},
  };
}

/** What a state says; one of a version that knew no rotations has one moment alone. */
function rotationIn({ startedAt, otherStartedAt, rotation, connections }: Outputs): Rotation {
  const known: Partial<Outputs> = { otherStartedAt, rotation, connections };
  return {
    number: known.rotation ?? 0,
    connections: known.connections ?? 0,
    began: [startedAt, known.otherStartedAt ?? startedAt],
  };
}

function outputsOf({ number, connections, began }: Rotation): Omit<Outputs, keyof Inputs> {
  return { startedAt: began[0], otherStartedAt: began[1], rotation: number, connections };
}
