import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deployerToken } from "../../support/deployer-token";
import type { SetUp } from "../set-ups";

/** One check of `teams app doctor`, as its document has it. */
interface Check {
  readonly category: string;
  readonly label: string;
  readonly status: "pass" | "fail" | "warn" | "info";
  readonly detail?: string;
}

/** The Teams CLI, installed in a folder outside of this project: `npm install @microsoft/teams.cli --ignore-scripts` there. */
export class TeamsCli {
  private constructor(
    readonly folder: string,
    readonly version: string,
  ) {}

  /** Throws where the folder has none. */
  static in(folder: string): TeamsCli {
    const file = join(folder, "node_modules/@microsoft/teams.cli/package.json");
    if (!existsSync(file)) {
      throw new Error(`${folder} has no Teams CLI: npm install --ignore-scripts @microsoft/teams.cli (in that folder)`);
    }
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    return new TeamsCli(folder, version);
  }

  /** The app of a healthy set-up as the Teams Developer Portal keeps it once its package was uploaded. */
  async appOf({ hand }: SetUp): Promise<object> {
    const botId = await hand.botAppId();
    const host = await hand.host();
    const [connection] = hand.azure.resources.list("Microsoft.BotService/botServices/connections");
    const { properties } = await hand.connection(connection!.id.split("/").at(-1)!);
    const parameters = properties["parameters"] as readonly { key: string; value: string }[];
    const resource = parameters.find(({ key }) => key.toLowerCase() === "tokenexchangeurl")?.value;
    return {
      ...{ teamsAppId: randomUUID(), appId: botId, shortName: "Mail bot", bots: [{ botId }] },
      validDomains: [host, "*.botframework.com"],
      ...(resource && { webApplicationInfoId: properties.clientId, webApplicationInfoResource: resource }),
    };
  }

  /** What it calls a failure or a warning, each by its own words; what it dies of counts as one. */
  async look({ azure, environment }: SetUp, app: object): Promise<string[]> {
    const { subscriptionId, tenantId } = azure.tenant;
    const [graph, arm] = await Promise.all(
      ["https://graph.microsoft.com", "https://management.azure.com"].map((audience) => deployerToken(azure, audience)),
    );
    const job = JSON.stringify({ folder: this.folder, app, subscriptionId, tenantId, tokens: { graph, arm } });
    return new Promise((done, failed) => {
      const options = { env: { ...process.env, ...environment, NO_COLOR: "1" }, maxBuffer: 2 ** 24, timeout: 60_000 };
      execFile(process.execPath, [join(__dirname, "run.mjs"), job], options, (error, out, err) => {
        try {
          const { checks } = JSON.parse(out) as { checks: readonly Check[] };
          const bad = checks.filter(({ status }) => status === "fail" || status === "warn");
          done(bad.map(({ label, detail }) => (detail ? `${label} (${detail})` : label)));
        } catch {
          failed(new Error(`teams app doctor printed no document: ${out}${err}${error ? String(error.code) : ""}`));
        }
      });
    });
  }
}
