import { type ChildProcess, fork } from "node:child_process";
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

  /** Puts it in front of a set-up that is healthy now: the Teams Developer Portal keeps the app as its package would make it. */
  async before(setUp: SetUp): Promise<TeamsDoctor> {
    const { subscriptionId, tenantId } = setUp.azure.tenant;
    const job = { folder: this.folder, app: await appOf(setUp), subscriptionId, tenantId };
    const child = fork(join(__dirname, "run.mjs"), [JSON.stringify(job)], {
      env: { ...process.env, ...setUp.environment, NO_COLOR: "1" },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const doctor = new TeamsDoctor(setUp, child);
    await doctor.answer();
    return doctor;
  }
}

/** The app as the Teams Developer Portal has it. */
async function appOf({ hand }: SetUp): Promise<object> {
  const botId = await hand.botAppId();
  const host = await hand.host();
  const [connection] = hand.azure.resources.list("Microsoft.BotService/botServices/connections");
  const { properties } = await hand.connection(connection!.id.split("/").at(-1)!);
  const parameters = properties["parameters"] as readonly { key: string; value: string }[];
  const resource = parameters.find(({ key }) => key.toLowerCase() === "tokenexchangeurl")?.value;
  return {
    teamsAppId: randomUUID(),
    appId: botId,
    shortName: "Mail bot",
    bots: [{ botId }],
    validDomains: [host, "*.botframework.com"],
    ...(resource && { webApplicationInfoId: properties.clientId, webApplicationInfoResource: resource }),
  };
}

/** `teams app doctor`, which can be asked about one set-up again and again. */
class TeamsDoctor {
  constructor(
    private readonly setUp: SetUp,
    private readonly child: ChildProcess,
  ) {}

  /** What it calls a failure or a warning, each by its own words. Throws where it prints no document. */
  async look(): Promise<string[]> {
    const [graph, arm] = await Promise.all(
      ["https://graph.microsoft.com", "https://management.azure.com"].map((audience) =>
        deployerToken(this.setUp.azure, audience),
      ),
    );
    const answer = this.answer();
    this.child.send({ graph, arm });
    const { checks } = JSON.parse(await answer) as { checks: readonly Check[] };
    const bad = checks.filter(({ status }) => status === "fail" || status === "warn");
    return bad.map(({ label, detail }) => (detail ? `${label} (${detail})` : label));
  }

  /** The next message of its process. */
  answer(): Promise<string> {
    return new Promise((done, failed) => {
      const ended = (): void => failed(new Error("teams app doctor ended without a document"));
      this.child.once("exit", ended);
      this.child.once("message", (text) => {
        this.child.off("exit", ended);
        done(String(text));
      });
    });
  }

  close(): void {
    this.child.disconnect();
  }
}
