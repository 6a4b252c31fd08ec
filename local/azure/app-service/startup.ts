import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

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

/** A generated start script: its file name and its text. */
export interface StartupScript {
  readonly name: string;
  readonly text: string;
}

/**
 * The script that App Service generates around the command. It does not `exec`, so a command that does not either
 * leaves a shell in front of the app, and the app never sees SIGTERM. Windows has no such shell and no SIGTERM: there
 * the command runs without its `exec`.
 */
export function startupScript(command: string | undefined, platform: NodeJS.Platform): StartupScript {
  const nothing = "No start command is set, and no file to start was found.";
  if (platform === "win32") {
    const run = command?.replace(/^exec\s+/, "") ?? `echo ${nothing} 1>&2\r\nexit /b 1`;
    return { name: "startup.cmd", text: `@echo off\r\n${run}\r\n` };
  }
  const run = command ?? `echo '${nothing}' >&2\nexit 1`;
  return { name: "startup.sh", text: `#!/bin/sh\n\n${run}\n` };
}

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
