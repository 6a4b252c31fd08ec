import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { notServed } from "../gap";
import { python3, runtimeOf } from "./runtimes";

/** One build, as App Service's build service (Oryx) does it after the files of a push are in place. */
export interface Build {
  /** `linuxFxVersion` of the site. */
  readonly runtime: string;
  /** Private folder of the app. */
  readonly folder: string;
  readonly content: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Gets each line of the installation. */
  onLine(line: string): void;
}

/** The virtual environment of an app of Python, which its start script enters. */
export const environmentFolder = (folder: string): string => join(folder, "antenv");

const record = "requirements.sha256";

/**
 * Installs what `requirements.txt` lists, where SCM_DO_BUILD_DURING_DEPLOYMENT asks for it. It has this machine's own way to
 * the package index: App Service's build service is not in the app's network either.
 * https://github.com/microsoft/Oryx/blob/main/doc/runtimes/python.md
 * Throws an `Error` where that fails, and for a build that only Azure does.
 */
export async function build({ runtime, folder, content, settings, signal, onLine }: Build): Promise<void> {
  if (!/^(true|1)$/i.test(settings.SCM_DO_BUILD_DURING_DEPLOYMENT ?? "")) return;
  const found = runtimeOf(runtime);
  if (typeof found === "string" || found.language !== "python") {
    throw notServed(`the build of a ${runtime} app during its deployment (SCM_DO_BUILD_DURING_DEPLOYMENT)`);
  }
  const list = join(content, "requirements.txt");
  if (!existsSync(list)) return onLine("There is no requirements.txt: nothing is installed.");
  const place = environmentFolder(folder);
  const digest = createHash("sha256")
    .update(await readFile(list))
    .digest("hex");
  if ((await readFile(join(place, record), "utf8").catch(() => "")) === digest)
    return onLine("The packages are those of the last deployment.");
  await rm(place, { recursive: true, force: true });
  // With this machine's own pip: to bring one into each environment takes ten times as long as all the rest.
  await run(python3()!, ["-m", "venv", "--without-pip", place], content, signal, onLine);
  const python = join(place, "bin", "python3");
  const pip = ["-m", "pip", "--python", python, "install", "--disable-pip-version-check", "-r", list];
  await run(python3()!, pip, content, signal, onLine);
  await writeFile(join(place, record), digest);
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const last: string[] = [];
  const child = spawn(command, args, { cwd, signal, stdio: ["ignore", "pipe", "pipe"] });
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      last.push(line);
      onLine(line);
    });
  }
  const status = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  if (status !== 0) throw new Error(`Installing the packages failed: ${last.slice(-3).join(" ")}`);
}
