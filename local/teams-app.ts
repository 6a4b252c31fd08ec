import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalAzure } from "./azure/azure";
import { PackageRefused } from "./azure/bot-service/teams/app-package";

/** The stack whose bot gets its app in the local Teams. */
export interface TeamsAppOf {
  readonly root: string;
  readonly stack: string;
  /** The deployer's. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The app of a deployed bot in the local Teams: its package is made by the command that people type, `npm run teams:package`,
 * and given to everybody, as an administrator's setup policy does.
 */
export class TeamsAppAtStart {
  #told = "The bot's app is made once it is deployed.";

  /** What is to be said while the app is not there: that it is being made, or why it was not. */
  readonly told = (): string => this.#told;

  /** Makes and uploads it. Never throws: a bot without an app is one that nobody has in Teams. */
  async install(azure: LocalAzure, of: TeamsAppOf, signal: AbortSignal): Promise<void> {
    this.#told = "The bot's app is being made.";
    const folder = await mkdtemp(join(tmpdir(), "teams-app-"));
    try {
      const file = join(folder, "app.zip");
      const problem = await makePackage(of, file, signal);
      if (problem !== undefined) {
        this.#told = `The bot's app was not made. ${problem}`;
        return;
      }
      azure.teams.apps.giveEveryone(azure.teams.apps.upload(await readFile(file)));
      this.#told = "";
    } catch (error) {
      this.#told = `Teams did not take the bot's app. ${error instanceof PackageRefused ? error.message : String(error)}`;
    } finally {
      await rm(folder, { recursive: true, force: true });
      azure.teams.clients.changed();
    }
  }
}

/** Gives what the command says where it makes no package. */
function makePackage({ root, stack, environment }: TeamsAppOf, file: string, signal: AbortSignal) {
  return new Promise<string | undefined>((done) => {
    const command = ["--import", "tsx", join(root, "ops/teams.ts"), stack, "--output", file];
    const child = spawn(process.execPath, command, {
      ...{ cwd: root, env: { ...process.env, ...environment }, signal },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("error", (error) => done(error.message));
    child.once("close", (code) => done(code === 0 ? undefined : said.trim() || `The command ended with ${code}.`));
  });
}
