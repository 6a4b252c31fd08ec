import * as pulumi from "@pulumi/pulumi";
import { packageBot } from "../code/package";
import { DeployedCode } from "../resources/deployed-code";
import type { Hosting } from "./hosting";

/** Code that is ready to run. */
export interface ReadyCode {
  /** The zip on this machine, as App Service runs it: `index.js` and what it needs. */
  readonly zipPath: string;
  /** Hash of its content, which its health page (`/healthz`) reports as `build.hash`. */
  readonly hash: string;
}

export interface BotCodeArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly hosting: Hosting;
  /** Default: the bundled bot. */
  readonly code?: ReadyCode | undefined;
  /** Folder of the project, whose `bot/` is bundled. */
  readonly projectFolder: string;
}

/**
 * The bot's code, bundled here and pushed when its hash changes. Done when the running bot reports that hash, which it does
 * before it is registered: a bot that moves is at its new place before its users are sent there.
 */
export class BotCode extends pulumi.ComponentResource {
  /** Hex SHA-256 that the running bot reports. */
  readonly hash: pulumi.Output<string>;
  readonly deployed: pulumi.Resource;

  constructor(name: string, args: BotCodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:BotCode", name, {}, opts);
    const bundle = pulumi.output(args.code ?? packageBot(args.projectFolder));

    const deployed = new DeployedCode(
      name,
      {
        subscriptionId: args.subscriptionId,
        resourceGroupName: args.resourceGroupName,
        webAppName: args.hosting.webAppName,
        zipPath: bundle.zipPath,
        hash: bundle.hash,
        healthUrl: args.hosting.healthAddress,
      },
      { parent: this, dependsOn: [...args.hosting.basicAuthOff] },
    );

    this.deployed = deployed;
    this.hash = deployed.hash;
    this.registerOutputs();
  }
}
