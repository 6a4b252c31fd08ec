import { reportsHash } from "../code/health";
import { type Access, deployerAccess } from "./access";
import { difference } from "./lifecycle";
import type { WholeProvider } from "./shipped-provider";

export interface Inputs {
  readonly healthUrl: string;
  readonly hash: string;
}

/** That the bot is well, by its own health page. */
export function botHealth(access: () => Access): WholeProvider<Inputs, Inputs> {
  const judged = async (inputs: Inputs): Promise<{ outs: Inputs }> => {
    await reportsHash(access(), inputs.healthUrl, inputs.hash);
    return { outs: inputs };
  };
  return {
    check: async (_olds, news) => ({ inputs: news, failures: [] }),
    diff: async (_id, olds, news) => difference<Inputs>(olds, news, [], ["healthUrl", "hash"]),
    create: async (inputs) => ({ id: inputs.healthUrl, ...(await judged(inputs)) }),
    update: (_id, _olds, news) => judged(news),
    // A bot that is unwell at the moment is no drift.
    read: async (id, props) => ({ id, props }),
    delete: async () => {},
  };
}

export const provider = botHealth(deployerAccess);
