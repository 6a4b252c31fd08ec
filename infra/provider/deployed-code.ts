import { type Access, deployerAccess } from "../azure/access";
import { armClient } from "../azure/arm";
import { lookAt } from "../code/health";
import { bringCode } from "../code/push";
import { type WebApp, type WebAppAddress, webAppId, webVersion } from "../code/web-app";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { type ResourceSchema, text } from "./schema";

export interface Inputs extends WebAppAddress {
  readonly zipPath: string;
  readonly hash: string;
  readonly healthUrl: string;
}

export const deployedCodeSchema: ResourceSchema<Inputs, Inputs> = {
  description:
    "The code of a web app: pushed when its hash changes, and there only when the running app reports that hash.",
  inputs: {
    subscriptionId: text("Id of the web app's subscription."),
    resourceGroupName: text("Name of the web app's resource group."),
    webAppName: text("Name of the web app."),
    zipPath: text("The zip on the machine that deploys."),
    hash: text("Hash of the zip's content, which the running app must report."),
    healthUrl: text("The app's own health page."),
  },
  outputs: {},
};

/** The code that runs in a web app, known by its hash. */
export function deployedCode(access: () => Access = deployerAccess): Lifecycle<Inputs, Inputs> {
  return {
    check: async () => [],
    // Where the zip lies says nothing about what runs: another machine keeps it elsewhere.
    diff: async (_id, olds, news) =>
      difference<Inputs>(olds, news, ["subscriptionId", "resourceGroupName", "webAppName"], ["hash", "healthUrl"]),
    async create(inputs) {
      await bringCode(inputs, access());
      return { id: `${webAppId(inputs)}/code`, outs: inputs };
    },
    async update(_id, _olds, news) {
      await bringCode(news, access());
      return { outs: news };
    },
    async read(id, props) {
      if (!props) throw notImported("Code that is already deployed");
      const live = access();
      if (!(await armClient(live).find<WebApp>(webAppId(props), webVersion))) return undefined;
      const look = await lookAt(live, props.healthUrl);
      // An app that does not answer at the moment is no proof of other code.
      return { id, props: look.found === "health" ? { ...props, hash: look.health.build.hash } : props };
    },
    // The code goes with its web app; an app without code would be no better.
    delete: async () => {},
  };
}
