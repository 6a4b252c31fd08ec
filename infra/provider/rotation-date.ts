import { difference, type Lifecycle } from "./lifecycle";
import { type ResourceSchema, text } from "./schema";

export interface Inputs {
  readonly renewed: string;
}

export interface Outputs extends Inputs {
  readonly startedAt: string;
}

export const rotationDateSchema: ResourceSchema<Inputs, Outputs> = {
  description: "The moment from which the secrets' life counts, taken once and then kept.",
  inputs: { renewed: text("Any text; another one takes the moment anew, and with it every secret.") },
  outputs: { startedAt: text("ISO date and time in UTC, whole seconds.") },
};

/** Lives in the state alone. An import takes over the moment itself as its id: `2026-11-22T03:04:05Z`. */
export function rotationDate(now: () => Date = () => new Date()): Lifecycle<Inputs, Outputs> {
  return {
    check: async () => [],
    diff: async (_id, olds, news) => difference<Inputs>(olds, news, ["renewed"], []),
    async create(inputs) {
      const startedAt = now()
        .toISOString()
        .replace(/\.\d+Z$/, "Z");
      return { id: startedAt, outs: { ...inputs, startedAt } };
    },
    // Every change is a replacement.
    update: async (_id, olds) => ({ outs: olds }),
    async read(id, props) {
      if (props) return { id, props };
      if (!/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/.test(id)) {
        throw new Error(`${JSON.stringify(id)} is no moment in UTC such as 2026-11-22T03:04:05Z.`);
      }
      return { id, props: { renewed: "never", startedAt: id } };
    },
    delete: async () => {},
  };
}
