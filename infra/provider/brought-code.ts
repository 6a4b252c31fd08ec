import type { HealthProof } from "../facts/sdks";
import { buildFile } from "../../contract/app-settings";
import { type Access, deployerAccess } from "../azure/access";
import { armClient } from "../azure/arm";
import { deployedContent, hashIn, healthPage } from "../code/evidence";
import { lookAt } from "../code/health";
import { bring, scmOf } from "../code/push";
import { scmClient } from "../code/scm";
import { stopWhereOpen, strangersRefused } from "../code/strangers";
import { type WebApp, type WebAppAddress, webAppId, webVersion } from "../code/web-app";
import { difference, type Lifecycle, notImported } from "./lifecycle";
import { type ResourceSchema, text } from "./schema";

export interface Inputs extends WebAppAddress {
  readonly zipPath: string;
  readonly hash: string;
  readonly proof: HealthProof;
  readonly healthUrl: string;
  readonly messagesUrl: string;
  readonly settings: string;
}

export const broughtCodeSchema: ResourceSchema<Inputs, Inputs> = {
  description:
    "The code of a bot of somebody else's making: pushed when its hash changes, there only when the new code is proved to run, and when an activity without a token is refused.",
  inputs: {
    subscriptionId: text("Id of the web app's subscription."),
    resourceGroupName: text("Name of the web app's resource group."),
    webAppName: text("Name of the web app."),
    zipPath: text("The zip on the machine that deploys."),
    hash: text("Hash of the zip's content."),
    proof: text("How it is proved that the new code runs: page, preload, or content."),
    healthUrl: text("The page that reports the hash; not asked for where the proof is content."),
    messagesUrl: text("Where the bot takes activities, and has to refuse one without a token."),
    settings: text("What else decides whom the bot believes: runtime, start, names of its settings."),
  },
  outputs: {},
};

/** The code of a bot that nobody here wrote. */
export function broughtCode(access: () => Access = deployerAccess): Lifecycle<Inputs, Inputs> {
  const brought = async (inputs: Inputs): Promise<Inputs> => {
    const live = access();
    const { proof, hash, messagesUrl } = inputs;
    try {
      const evidence = (host: string) =>
        proof === "content" ? deployedContent(live, host, hash) : healthPage(live, inputs);
      await bring(inputs, live, evidence, true);
    } catch (error) {
      await stopWhereOpen(live, inputs, messagesUrl);
      throw error;
    }
    await strangersRefused(live, inputs, messagesUrl);
    return inputs;
  };
  return {
    check: async () => [],
    // Where the zip lies says nothing about what runs: another machine keeps it elsewhere.
    diff: async (_id, olds, news) =>
      difference<Inputs>(
        olds,
        news,
        ["subscriptionId", "resourceGroupName", "webAppName"],
        ["hash", "proof", "healthUrl", "messagesUrl", "settings"],
      ),
    async create(inputs) {
      return { id: `${webAppId(inputs)}/code`, outs: await brought(inputs) };
    },
    async update(_id, _olds, news) {
      return { outs: await brought(news) };
    },
    async read(id, props) {
      if (!props) throw notImported("Code that is already deployed");
      const live = access();
      const arm = armClient(live);
      if (!(await arm.find<WebApp>(webAppId(props), webVersion))) return undefined;
      // An app that does not answer at the moment is no proof of other code.
      const hash = (await deployedHash(live, props)) ?? props.hash;
      return { id, props: { ...props, hash } };
    },
    // The code goes with its web app; an app without code would be no better.
    delete: async () => {},
  };
}

async function deployedHash(access: Access, props: Inputs): Promise<string | undefined> {
  if (props.proof === "content") {
    const { host } = await scmOf(armClient(access), webAppId(props));
    return hashIn(
      await scmClient(access, host)
        .file(buildFile)
        .catch(() => undefined),
    );
  }
  const look = await lookAt(access, props.healthUrl);
  return look.found === "health" ? look.health.build.hash : undefined;
}
