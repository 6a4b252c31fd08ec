import { difference, type Lifecycle, notImported } from "./lifecycle";
import { flag, type ResourceSchema, text } from "./schema";

export interface Inputs {
  readonly protect: boolean;
  readonly what: string;
}

export const protectionSchema: ResourceSchema<Inputs, Inputs> = {
  description: "Refuses to go while it protects. What it protects is deleted after it, so nothing goes before it does.",
  inputs: {
    protect: flag("Whether what hangs on this is protected."),
    what: text("The bot that is protected, as messages name it."),
  },
  outputs: {},
};

/**
 * Lives in the state alone. Pulumi's own protection is an option of each resource, which `--ignore-protect` overrules
 * without a word; this one knows of no such option. It is written last and so deleted first.
 * @param stack by which the commands are typed that take the protection off
 */
export function protection(stack: string): Lifecycle<Inputs, Inputs> {
  return {
    check: async () => [],
    diff: async (_id, olds, news) => difference<Inputs>(olds, news, [], ["protect", "what"]),
    create: async (inputs) => ({ id: "protection", outs: inputs }),
    update: async (_id, _olds, news) => ({ outs: news }),
    async read(id, props) {
      if (!props) throw notImported("Protection");
      return { id, props };
    },
    async delete(_id, { protect, what }) {
      if (protect) throw new Error(protectedWords(what, stack));
    },
  };
}

function protectedWords(what: string, stack: string): string {
  return (
    `${what} is protected, and --ignore-protect does not change that: nothing of it was deleted. Where users may lose ` +
    `their bot, take the protection off first: pulumi config set protect false --stack ${stack}, pulumi up --stack ${stack}, ` +
    "then destroy."
  );
}
