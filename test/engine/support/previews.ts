import { type ChildProcess, spawn } from "node:child_process";
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Exchange } from "../../../local/azure/exchange";
import { killedWhen } from "./killing";
import type { Workshop } from "./stack";

const root = resolve(__dirname, "../../..");

/** What one `npm run preview` said and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `npm run preview -- ...` in a workshop's project folder. */
export class Previews {
  private constructor(private readonly workshop: Workshop) {}

  static async in(workshop: Workshop): Promise<Previews> {
    await cp(join(root, "Pulumi.preview.yaml"), join(workshop.folder, "project/Pulumi.preview.yaml"));
    return new Previews(workshop);
  }

  get folder(): string {
    return join(this.workshop.folder, "project");
  }

  /** Starts a command as the leader of its own process group, so that all that it starts can be killed with it. */
  start(args: readonly string[], changed: NodeJS.ProcessEnv = {}): { child: ChildProcess; said: Promise<Said> } {
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const child = spawn(process.execPath, [tsx, join(root, "ops/preview.ts"), ...args], {
      cwd: this.folder,
      env: { HOME: this.workshop.folder, ...this.workshop.environment, ...changed },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    // "exit", not "close": the plugins of a killed CLI may keep its pipes.
    const said = new Promise<Said>((done) => {
      child.once("exit", (code) => setTimeout(() => done({ code: code ?? -1, out, err }), 100));
    });
    return { child, said };
  }

  run(...args: string[]): Promise<Said> {
    return this.start(args).said;
  }

  runWith(changed: NodeJS.ProcessEnv, ...args: string[]): Promise<Said> {
    return this.start(args, changed).said;
  }

  /**
   * Runs a command and kills it, with all that it started, when `here` is true of what Azure has done. Gives whether it was
   * killed; throws where it failed by itself.
   */
  async killed(
    args: readonly string[],
    here: (exchange: Exchange) => boolean,
    changed: NodeJS.ProcessEnv = {},
  ): Promise<boolean> {
    const { child, said } = this.start(args, changed);
    const [killed, { code, err }] = await killedWhen(this.workshop.azure, child, said, here);
    if (!killed && code !== 0) throw new Error(`preview ${args.join(" ")} ended with ${code}\n${err}`);
    return killed;
  }

  /** Runs a command with `--json` and gives what it printed. Throws where it does not end with 0. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, out, err } = await this.run(...args, "--json");
    if (code !== 0) throw new Error(`preview ${args.join(" ")} ended with ${code}\n${out}${err}`);
    return JSON.parse(out) as T;
  }
}
