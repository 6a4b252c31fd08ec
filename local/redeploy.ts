import { spawn } from "node:child_process";
import { join, relative, resolve } from "node:path";
import { watch } from "chokidar";
import type { BroughtCode } from "../infra/deployment/code";

/** How long files must be quiet before they are deployed: an editor writes several at once. */
const quiet = 250;
/** How long after a deployment files that change count as what its own build has written. */
const ownWrites = 1_000;

/** What is deployed again, and where to. */
export interface Redeployed {
  readonly root: string;
  /** The program's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The setting `code`; undefined for the bundled bot. */
  readonly code: BroughtCode | undefined;
}

/**
 * Deploys the bot again whenever one of its files changes, by the same push that the program uses: of the bundled one below
 * `bot/` and `contract/`, of one that was brought in its folder. One deployment at a time; changes meanwhile are deployed by
 * the next, but for those of a bot with a build, which writes into its own folder.
 * @returns ends the watch and a deployment under way
 */
export function redeployOnChange(redeployed: Redeployed, say: (line: string) => void): () => Promise<void> {
  const { root, code } = redeployed;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let ended = 0;
  const ending = new AbortController();

  const deploy = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = push(redeployed, say, ending.signal);
    await running;
    running = undefined;
    ended = Date.now();
    if (again && !ending.signal.aborted) {
      again = false;
      await deploy();
    }
  };
  const given = code && resolve(root, (code.folder ?? code.zip)!);
  const watcher = watch(given ? [given] : [join(root, "bot"), join(root, "contract")], {
    ignoreInitial: true,
    ignored: (path) =>
      given !== undefined && /(^|[/\\])(node_modules|\.git|__pycache__)([/\\]|$)/.test(relative(given, path)),
  });
  watcher.on("all", (_event, path) => {
    if (code?.build !== undefined && (running || Date.now() - ended < ownWrites)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      say(`Changed: ${relative(root, path)}. Deploying the bot again.`);
      void deploy();
    }, quiet);
  });
  return async () => {
    clearTimeout(timer);
    ending.abort();
    await watcher.close();
    await running;
  };
}

/** Runs `push-code.ts` in a process of its own, because only that process may have the proxy in its environment. */
export function push(
  { root, outputs, environment, code }: Redeployed,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { resourceGroup, webApp, endpoint } = outputs;
  const args = [resourceGroup, webApp, new URL(String(endpoint)).origin].map(String);
  if (code) args.push(JSON.stringify(code));
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "push-code.ts"), ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n").filter(Boolean)) say(line);
      });
    }
    child.on("error", () => undefined);
    child.on("close", () => done());
  });
}
