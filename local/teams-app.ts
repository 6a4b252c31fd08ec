import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { cacheFolder } from "../infra/code/cache";
import type { LocalAzure } from "./azure/azure";
import { PackageRefused } from "./azure/bot-service/teams/app-package";
import { withSecretsSet } from "./local-secrets";

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
    try {
      const problem = await this.#make(azure, of, signal);
      this.#told = problem === undefined ? "" : `The bot's app was not made. ${problem}`;
    } catch (error) {
      this.#told = `Teams did not take the bot's app. ${error instanceof PackageRefused ? error.message : String(error)}`;
    } finally {
      azure.teams.clients.changed();
    }
  }

  async #make(azure: LocalAzure, of: TeamsAppOf, signal: AbortSignal): Promise<string | undefined> {
    await mkdir(cacheFolder(of.root), { recursive: true });
    const folder = await mkdtemp(join(cacheFolder(of.root), "teams-app-"));
    try {
      const file = join(folder, "app.zip");
      await copyProject(of, folder);
      const problem = await makePackage(of, folder, file, signal);
      if (problem === undefined) await azure.teams.apps.giveEveryone(azure.teams.apps.upload(await readFile(file)));
      return problem;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * Copies what the command reads of the project. Of a secret that nobody has set, as the local Azure makes it, the copy says that
 * it is set.
 */
async function copyProject({ root, stack }: TeamsAppOf, folder: string): Promise<void> {
  const stackFile = `Pulumi.${stack}.yaml`;
  for (const name of ["Pulumi.yaml", "package.json"]) await copyFile(join(root, name), join(folder, name));
  const connections = withSecretsSet(root, stack);
  if (!connections) return copyFile(join(root, stackFile), join(folder, stackFile));
  const settings = parse(await readFile(join(root, stackFile), "utf8")) as { config: Record<string, unknown> };
  const [key = "connections"] = Object.keys(settings.config).filter((name) => /(^|:)connections$/.test(name));
  settings.config[key] = connections;
  await writeFile(join(folder, stackFile), stringify(settings));
}

/** Gives what the command says where it makes no package. */
function makePackage({ root, stack, environment }: TeamsAppOf, folder: string, file: string, signal: AbortSignal) {
  return new Promise<string | undefined>((done) => {
    const tsx = pathToFileURL(require.resolve("tsx")).href;
    const command = ["--import", tsx, join(root, "ops/teams.ts"), stack, "--output", file];
    const child = spawn(process.execPath, command, {
      cwd: folder,
      env: { ...process.env, ...environment },
      signal,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("error", (error) => done(error.message));
    child.once("close", (code) => done(code === 0 ? undefined : said.trim() || `The command ended with ${code}.`));
  });
}
