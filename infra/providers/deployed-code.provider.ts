import { lookAt } from "../code/health";
import { bringCode } from "../code/push";
import { type WebApp, type WebAppAddress, webAppId, webVersion } from "../code/web-app";
import { type Access, deployerAccess } from "./access";
import { armClient } from "./arm";
import { difference, gone } from "./lifecycle";
import type { WholeProvider } from "./shipped-provider";

export interface Inputs extends WebAppAddress {
  readonly zipPath: string;
  readonly hash: string;
  readonly healthUrl: string;
}

/** The code that runs in a web app, known by its hash. */
export function deployedCode(access: () => Access): WholeProvider<Inputs, Inputs> {
  return {
    check: async (_olds, news) => ({ inputs: news, failures: [] }),
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
      const live = access();
      if (!props || !(await armClient(live).find<WebApp>(webAppId(props), webVersion))) return gone;
      const look = await lookAt(live, props.healthUrl);
      // An app that does not answer at the moment is no proof of other code.
      return { id, props: look.kind === "health" ? { ...props, hash: look.health.build.hash } : props };
    },
    // The code goes with its web app; an app without code would be no better.
    delete: async () => {},
  };
}

export const provider = deployedCode(deployerAccess);
