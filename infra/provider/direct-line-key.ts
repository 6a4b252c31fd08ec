import { type Access, deployerAccess } from "../azure/access";
import { armClient } from "../azure/arm";
import { type BotAddress, botId, botServiceVersion } from "../azure/bot-service";
import { keyOfRotation } from "../facts/direct-line";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { botAddressInputs, count, type ResourceSchema, text } from "./schema";

export interface Inputs extends BotAddress {
  readonly siteName: string;
  readonly rotation: number;
}

export const directLineKeySchema: ResourceSchema<Inputs, Inputs> = {
  description: "Which of a Direct Line site's two keys is in use; the other one is made anew before it is.",
  inputs: {
    ...botAddressInputs,
    siteName: text("Name of the site."),
    rotation: count("The rotation: even ones use the first key, odd ones the second."),
  },
  outputs: {},
};

/**
 * The key of a Direct Line site that is in use. A rotation makes the other one anew, so that chats and their tokens go on
 * with the old one until the rotation after. Keeps no key: who needs it asks for the site's keys.
 * https://learn.microsoft.com/rest/api/botservice/direct-line/regenerate-keys
 */
export function directLineKey(access: () => Access = deployerAccess): Lifecycle<Inputs, Inputs> {
  return {
    check: async () => [],
    diff: async (_id, olds, news) =>
      difference<Inputs>(olds, news, ["subscriptionId", "resourceGroupName", "botName", "siteName"], ["rotation"]),
    // Both keys of a new site are new. One that is made anew later needs nothing either.
    create: async (inputs) => ({ id: `${channelId(inputs)}/sites/${inputs.siteName}/key`, outs: inputs }),
    async update(_id, _olds, news) {
      const key = keyOfRotation(news.rotation) === "key" ? "key1" : "key2";
      // The answer has all keys; none is kept here.
      const question = { siteName: news.siteName, key };
      const members = ["setting", "properties"];
      await armClient(access()).ask(`${channelId(news)}/regeneratekeys`, botServiceVersion, question, members);
      return { outs: news };
    },
    async read(id, props) {
      if (!props) throw notImported("The key of a Direct Line site in use");
      return { id, props };
    },
    // The keys go with their site.
    delete: async () => {},
  };
}

function channelId(address: BotAddress): string {
  return `${botId(address)}/channels/DirectLineChannel`;
}
