import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The runtime stacks that a Linux site may name: `az webapp list-runtimes --os linux`, the Node.js ones. */
export const runtimes = ["NODE|20-lts", "NODE|22-lts", "NODE|24-lts", "NODE|26"] as const;

/** True for a `linuxFxVersion` that the platform knows; compared without case. */
export const isRuntime = (value: string): boolean =>
  runtimes.some((runtime) => runtime.toLowerCase() === value.toLowerCase());

/** Files that the platform looks for, in its order, where a site has no start command. */
const entryFiles = ["bin/www", "server.js", "app.js", "index.js", "hostingstart.js"];

/**
 * The command that starts a site's content: the site's own, or what the platform guesses.
 * Gives undefined where there is nothing to guess.
 */
export function startCommand(appCommandLine: string | undefined, content: string): string | undefined {
  if (appCommandLine?.trim()) return appCommandLine.trim();
  if (hasStartScript(content)) return "npm start";
  const entry = entryFiles.find((file) => existsSync(join(content, file)));
  return entry && `node ${entry}`;
}

/**
 * The script that App Service generates around the command. It does not `exec`, so a command that does not either
 * leaves a shell in front of the app, and the app never sees SIGTERM:
 * https://learn.microsoft.com/azure/app-service/configure-language-nodejs#run-with-npm-start
 */
export const startupScript = (command: string | undefined): string =>
  command
    ? `#!/bin/sh\n\n${command}\n`
    : "#!/bin/sh\n\necho 'No start command is set, and no file to start was found.' >&2\nexit 1\n";

function hasStartScript(content: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(content, "package.json"), "utf8")) as {
      scripts?: { start?: string };
    };
    return Boolean(manifest.scripts?.start);
  } catch {
    return false;
  }
}
