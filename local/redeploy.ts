import { spawn } from "node:child_process";
import { join, relative } from "node:path";
import { watch } from "chokidar";

/** How long files must be quiet before they are deployed: an editor writes several at once. */
const quiet = 250;

/**
 * Bundles and deploys the bot again whenever a file under `bot/` or `contract/` changes, by the same push that the
 * program uses. One deployment at a time; changes meanwhile are deployed by the next.
 * @returns ends the watch and a deployment under way
 */
export function redeployOnChange(
  root: string,
  outputs: Record<string, unknown>,
  environment: Record<string, string>,
  say: (line: string) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  const ending = new AbortController();

  const deploy = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = push(root, outputs, environment, say, ending.signal);
    await running;
    running = undefined;
    if (again && !ending.signal.aborted) {
      again = false;
      await deploy();
    }
  };
  const watcher = watch([join(root, "bot"), join(root, "contract")], { ignoreInitial: true });
  watcher.on("all", (_event, path) => {
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
  root: string,
  outputs: Record<string, unknown>,
  environment: Record<string, string>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { resourceGroup, webApp, endpoint } = outputs;
  const args = [resourceGroup, webApp, new URL(String(endpoint)).origin].map(String);
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
