import { type Access, deployerAccess } from "../azure/access";
import { reportsHash } from "../code/health";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { count, type ResourceSchema, text } from "./schema";

export interface Inputs {
  readonly healthUrl: string;
  readonly hash: string;
  readonly rotation: number;
}

export interface Outputs extends Inputs {
  readonly certificateProvenAt: string;
}

export const botHealthSchema: ResourceSchema<Inputs, Outputs> = {
  description: "There only when the running bot itself reports this code, and that it is well.",
  inputs: {
    healthUrl: text("The bot's own health page."),
    hash: text("Hash of the code that the page must report."),
    rotation: count("Rotation whose secrets the page must report to be in use."),
  },
  outputs: {
    certificateProvenAt: text(
      "When Entra ID took the bot's newest certificate three times in a row, as the bot itself says: ISO date and time in UTC; empty " +
        "for a bot without.",
    ),
  },
};

/** That the bot is well, by its own health page. */
export function botHealth(access: () => Access = deployerAccess): Lifecycle<Inputs, Outputs> {
  const judged = async (inputs: Inputs): Promise<{ outs: Outputs }> => {
    const { secrets } = await reportsHash(access(), inputs.healthUrl, inputs.hash, inputs.rotation);
    return { outs: { ...inputs, certificateProvenAt: secrets?.certificate?.provenAt ?? "" } };
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
