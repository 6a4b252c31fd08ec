import * as pulumi from "@pulumi/pulumi";
import { packageBot } from "../code/package";
import { type BroughtPackage, packageBrought } from "../code/brought-code";
import { type BroughtCode as BroughtCodeArgs, type CodePlan, proofTexts, type ReadyCode } from "../deployment/code";
import { BroughtCode } from "../resources/brought-code";
import { DeployedCode } from "../resources/deployed-code";
import { stopWith } from "../stop";
import type { Hosting } from "./hosting";

export interface BotCodeArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly hosting: Hosting;
  /** Default: the bundled bot. */
  readonly code?: ReadyCode | undefined;
  /** A bot of somebody else's making, in place of both. */
  readonly brought?: Brought | undefined;
  /** Folder of the project, whose `bot/` is bundled. */
  readonly projectFolder: string;
}

/** A bot of somebody else's making. */
export interface Brought {
  readonly plan: CodePlan;
  readonly package: pulumi.Output<BroughtPackage>;
  /** Names of its app settings. */
  readonly settingNames: readonly string[];
}

/**
 * The package of a bot that was brought. Where it cannot be made, the program ends before anything else is made.
 * @param component which the warnings are about
 * @param projectFolder of this checkout
 */
export async function packageOrStop(
  code: BroughtCodeArgs,
  component: pulumi.Resource,
  projectFolder: string,
): Promise<BroughtPackage> {
  // A provider that makes the component for another program is not told the folder of the program's project.
  const programFolder = pulumi.getRootDirectory() || process.cwd();
  try {
    const made = await packageBrought(projectFolder, programFolder, code);
    for (const warning of made.warnings) void pulumi.log.warn(warning, component);
    return made;
  } catch (error) {
    return stopWith(`The bot's code cannot be deployed. ${(error as Error).message}\nNothing was created.`);
  }
}

/**
 * The bot's code, pushed when its hash changes. Done when there is proof that the running bot is this code, which there is
 * before it is registered: a bot that moves is at its new place before its users are sent there.
 */
export class BotCode extends pulumi.ComponentResource {
  /** Hex SHA-256 of what runs. */
  readonly hash: pulumi.Output<string>;
  readonly deployed: pulumi.Resource;

  constructor(name: string, args: BotCodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:BotCode", name, {}, opts);
    const deployed = args.brought ? this.#brought(name, args, args.brought) : this.#bundled(name, args);
    this.deployed = deployed;
    this.hash = deployed.hash;
    this.registerOutputs();
  }

  #bundled(name: string, { subscriptionId, resourceGroupName, hosting, ...args }: BotCodeArgs): DeployedCode {
    const bundle = pulumi.output(args.code ?? packageBot(args.projectFolder));
    return new DeployedCode(
      name,
      {
        subscriptionId,
        resourceGroupName,
        webAppName: hosting.webAppName,
        zipPath: bundle.zipPath,
        hash: bundle.hash,
        healthUrl: hosting.healthAddress,
      },
      { parent: this, dependsOn: [...hosting.basicAuthOff] },
    );
  }

  #brought(
    name: string,
    { subscriptionId, resourceGroupName, hosting }: BotCodeArgs,
    { plan, package: made, settingNames }: Brought,
  ): BroughtCode {
    const deployed = new BroughtCode(
      name,
      {
        subscriptionId,
        resourceGroupName,
        webAppName: hosting.webAppName,
        zipPath: made.zipPath,
        hash: made.hash,
        proof: plan.health,
        healthUrl: hosting.healthAddress,
        messagesUrl: hosting.endpoint,
        settings: made.apply(({ command }) =>
          [plan.runtime, command ?? "", [...settingNames].sort().join(" ")].join("\n"),
        ),
      },
      { parent: this, dependsOn: [...hosting.basicAuthOff] },
    );
    const proof = `The proof that the bot's code runs: ${proofTexts[plan.health]}. It refuses an activity without a token.`;
    deployed.hash.apply(() => void pulumi.log.info(proof, deployed));
    return deployed;
  }
}
