import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeWhole } from "../infra/code/whole-file";
import { CommandError } from "./command-error";
import { shellWord } from "../cli/shell-word";

/** Where a running local Azure of this checkout says how it is reached. Its owner's alone: it holds a secret. */
const folder = resolve(__dirname, "../node_modules/.cache/bot-sign-in/running");

/** What a running local Azure says of itself. */
export interface Told {
  readonly pid: number;
  /** `http://localhost:5100` */
  readonly origin: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What PATH has to begin with, where it has to. */
  readonly path?: string | undefined;
  /** Secrets of the local providers' applications, by the stack whose connections name them, with their path in its settings. */
  readonly secrets?: Readonly<Record<string, readonly { readonly path: string; readonly value: string }[]>>;
}

/** A local Azure that other terminals of this machine find by its port. */
export class RunningAzure {
  private constructor(private readonly file: string) {}

  /** Says how this process's local Azure is reached, until {@link end}. */
  static async announce(told: Omit<Told, "pid">): Promise<RunningAzure> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${new URL(told.origin).port}.json`);
    await writeWhole(file, JSON.stringify({ ...told, pid: process.pid }), 0o600);
    return new RunningAzure(file);
  }

  async end(): Promise<void> {
    await rm(this.file, { force: true });
  }

  /** Those whose process lives; what a killed one left is taken away. */
  static async list(): Promise<Told[]> {
    const names = await readdir(folder).catch(() => [] as string[]);
    const found: Told[] = [];
    for (const name of names.filter((one) => one.endsWith(".json"))) {
      const file = join(folder, name);
      const told = JSON.parse(await readFile(file, "utf8")) as Told;
      if (isAlive(told.pid)) found.push(told);
      else await rm(file, { force: true });
    }
    return found;
  }
}

/**
 * The one that runs here. Throws a CommandError with the command that helps where none runs, or several do.
 * @param start the command that starts one
 */
export async function oneRunning(port: string | undefined, start: string): Promise<Told> {
  const running = await RunningAzure.list();
  const wanted = port === undefined ? running : running.filter(({ origin }) => origin.endsWith(`:${port}`));
  const [one, ...others] = wanted;
  if (!one)
    throw new CommandError(
      "not-running",
      `No local Azure${port ? ` at port ${port}` : ""} runs here. Start one: ${start}`,
    );
  if (others.length > 0) {
    const ports = wanted.map(({ origin }) => new URL(origin).port).join(", ");
    throw new CommandError("wrong-option", `More than one local Azure runs here. Say which: --port <${ports}>`);
  }
  return one;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** An environment as lines for a shell, whose own PATH goes on behind what has to come first. */
export function exportLines({ environment, path }: Pick<Told, "environment" | "path">): string {
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  if (path !== undefined) lines.push(`export PATH=${shellWord(path)}:"$PATH"\n`);
  return lines.join("");
}
