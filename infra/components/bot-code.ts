import * as pulumi from "@pulumi/pulumi";
import { packageBot } from "../code/package";
import { DeployedCode } from "../providers/deployed-code";
import type { Hosting } from "./hosting";

export interface BotCodeArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly hosting: Hosting;
  /** Folder of the project, whose `bot/` is bundled. */
  readonly projectFolder: string;
}

/** The bot's code, bundled here and pushed when its hash changes. Done only when the running bot reports that hash. */
export class BotCode extends pulumi.ComponentResource {
  /** Hex SHA-256 that the running bot reports. */
  readonly hash: pulumi.Output<string>;

  /** @param opts `dependsOn`: what has to be there when the bot starts and judges its own health */
  constructor(name: string, args: BotCodeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { dependsOn = [], ...others } = opts;
    super("bot-sign-in:infra:BotCode", name, {}, others);
    const bundle = pulumi.output(packageBot(args.projectFolder));

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
      {
        parent: this,
        dependsOn: pulumi.output(dependsOn).apply((awaited) => [...args.hosting.beforeCode, ...[awaited].flat()]),
      },
    );

    this.hash = deployed.hash;
    this.registerOutputs();
  }
}
