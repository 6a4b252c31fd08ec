import { type FixedSettings, refusedChanges } from "../deployment/fixed-settings";
import { difference, known, type Lifecycle, notImported } from "./lifecycle";
import { type ResourceSchema, text } from "./schema";

const settings = ["location", "residency", "botHandle", "tenant", "identity"] as const;

export const fixedSettingsSchema: ResourceSchema<FixedSettings, FixedSettings> = {
  description: "The settings that a protected bot cannot change: a preview of such a change is refused.",
  inputs: {
    location: text("Azure region of everything that lives in one."),
    residency: text("Where the Bot Framework keeps conversations and tokens."),
    botHandle: text("The bot's handle."),
    tenant: text("Id of the tenant."),
    identity: text("Who the bot is: an application with a password, or a managed identity."),
  },
  outputs: {},
};

/**
 * Lives in the state alone: refuses, in preview already, what Pulumi would refuse without naming the setting.
 * @param stack by which the commands are typed that bring such a change about all the same
 */
export function fixedSettings(stack: string): Lifecycle<FixedSettings, FixedSettings> {
  return {
    async check(olds, news) {
      const wanted = Object.fromEntries(settings.filter((name) => known(news[name])).map((name) => [name, news[name]]));
      return refusedChanges(olds, wanted, stack).map(({ setting, reason }) => ({ property: setting, reason }));
    },
    diff: async (_id, olds, news) => difference<FixedSettings>(olds, news, [], settings),
    create: async (inputs) => ({ id: "fixed-settings", outs: inputs }),
    update: async (_id, _olds, news) => ({ outs: news }),
    async read(id, props) {
      if (!props) throw notImported("The record of the fixed settings");
      return { id, props };
    },
    delete: async () => {},
  };
}
