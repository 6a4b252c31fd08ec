import { type Access, deployerAccess, until } from "../azure/access";
import { type BotAddress, botId } from "../azure/bot-service";
import { lookAtBot } from "../azure/deployed-bot";
import { disagreementText, liveDisagreements } from "../deployment/teams-agreement";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { botAddressInputs, type ResourceSchema, text, texts } from "./schema";

export interface Inputs extends BotAddress {
  /** Name of the stack, for the commands that mend what differs. */
  readonly stack: string;
  /** The identifier URI with which all has to agree; another bot has another, and is looked at again. */
  readonly identifierUri: string;
}

export interface Outputs extends Inputs {
  /** What did not agree at the last look, a sentence each. */
  readonly disagreements: readonly string[];
}

export const teamsAgreementSchema: ResourceSchema<Inputs, Outputs> = {
  description: "Looks whether all that Teams compares for single sign-on agrees, and tells what does not.",
  inputs: {
    ...botAddressInputs,
    stack: text("Name of the stack, for the commands that mend what differs."),
    identifierUri: text("The identifier URI with which all has to agree."),
  },
  outputs: { disagreements: texts("What did not agree at the last look, a sentence each.") },
};

/** Entra shows what was just written within seconds, mostly. */
const spreadsWithin = 30_000;

/**
 * Teams falls silent where one of its values differs, and so does everybody else. This looks at them after they were made, and
 * at each refresh; what differs is told and does not fail the deployment: people still sign in by the card.
 */
export function teamsAgreement(
  access: () => Access = deployerAccess,
  warn: (message: string) => void = console.warn,
): Lifecycle<Inputs, Outputs> {
  const look = async (live: Access, inputs: Inputs): Promise<string[]> => {
    const bot = await lookAtBot(live, inputs);
    return bot ? liveDisagreements(bot, inputs.stack).map(disagreementText) : [];
  };
  const tell = async (inputs: Inputs): Promise<Outputs> => {
    const live = access();
    let disagreements: readonly string[] = [];
    await until(live, spreadsWithin, async () => {
      disagreements = await look(live, inputs);
      return disagreements.length === 0 || undefined;
    });
    for (const one of disagreements) warn(`Teams: ${one}`);
    return { ...inputs, disagreements };
  };
  return {
    check: async () => [],
    diff: async (_id, olds, news) => {
      const found = difference<Inputs>(
        olds,
        news,
        ["subscriptionId", "resourceGroupName", "botName"],
        ["stack", "identifierUri"],
      );
      return { ...found, changes: found.changes || (olds.disagreements ?? []).length > 0 };
    },
    create: async (inputs) => ({ id: `${botId(inputs)}/teams`, outs: await tell(inputs) }),
    update: async (_id, _olds, news) => ({ outs: await tell(news) }),
    async read(id, props) {
      if (!props) throw notImported("The look at what Teams compares");
      return { id, props: { ...props, disagreements: await look(access(), props) } };
    },
    // A look leaves nothing in Azure.
    delete: async () => {},
  };
}
