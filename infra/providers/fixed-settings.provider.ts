import { type FixedSettings, refusedChanges } from "../decisions/fixed-settings";
import { difference, known } from "./lifecycle";
import type { WholeProvider } from "./shipped-provider";

const settings = ["location", "residency", "botHandle", "tenant"] as const;

/** Lives in the state alone: refuses, in preview already, what Pulumi would refuse without naming the setting. */
export const provider: WholeProvider<FixedSettings, FixedSettings> = {
  check: async (olds: Partial<FixedSettings>, news) => {
    const wanted = Object.fromEntries(settings.filter((name) => known(news[name])).map((name) => [name, news[name]]));
    const failures = refusedChanges(olds, wanted).map(({ setting, reason }) => ({ property: setting, reason }));
    return { inputs: news, failures };
  },
  diff: async (_id, olds, news) => difference<FixedSettings>(olds, news, [], settings),
  create: async (inputs) => ({ id: "fixed-settings", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
  read: async (id, props) => ({ id, props }),
  delete: async () => {},
};
