import { type Access, deployerAccess } from "../azure/access";
import { reportsHash } from "../code/health";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { count, type ResourceSchema, text } from "./schema";

export interface Inputs {
  readonly healthUrl: string;
  readonly hash: string;
  readonly rotation: number;
}

export const botHealthSchema: ResourceSchema<Inputs, Inputs> = {
  description: "There only when the running bot itself reports this code, and that it is well.",
  inputs: {
    healthUrl: text("The bot's own health page."),
    hash: text("Hash of the code that the page must report."),
    rotation: count("Rotation whose secrets the page must report to be in use."),
  },
  outputs: {},
};

/** That the bot is well, by its own health page. */
export function botHealth(access: () => Access = deployerAccess): Lifecycle<Inputs, Inputs> {
  const judged = async (inputs: Inputs): Promise<{ outs: Inputs }> => {
    await reportsHash(access(), inputs.healthUrl, inputs.hash, inputs.rotation);
    return { outs: inputs };
  };
  return {
    check: async () => [],
    diff: async (_id, olds, news) => difference<Inputs>(olds, news, [], ["healthUrl", "hash", "rotation"]),
    create: async (inputs) => ({ id: inputs.healthUrl, ...(await judged(inputs)) }),
    update: (_id, _olds, news) => judged(news),
    async read(id, props) {
      if (!props) throw notImported("The bot's health");
      // A bot that is unwell at the moment is no drift.
      return { id, props };
    },
    delete: async () => {},
  };
}
