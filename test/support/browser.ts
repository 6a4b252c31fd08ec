import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Path of a Chromium on this machine: CHROMIUM_PATH, else the first found on PATH, else the one that Playwright keeps.
 * Undefined where there is none.
 */
export function findBrowser(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...onPath(names), ...places, chromium.executablePath()].find(isExecutable);
}

/** The one command that brings a Chromium: the system's package, which brings its libraries, where there is apt. */
export function browserCommand(): string {
  if (!onPath(["apt-get"]).some(isExecutable)) return "npx playwright-core install chromium";
  return `${process.getuid?.() === 0 ? "" : "sudo "}apt-get install -y chromium`;
}

function onPath(programs: readonly string[]): string[] {
  return (process.env.PATH ?? "").split(":").flatMap((folder) => programs.map((name) => join(folder, name)));
}

function isExecutable(path: string | undefined): boolean {
  try {
    if (path) accessSync(path, constants.X_OK);
    return Boolean(path);
  } catch {
    return false;
  }
}

/** Starts a headless Chromium that asks nothing of the network by itself. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-features=AutofillServerCommunication",
      // Any other name fails at once instead of being looked up: a page that needs one is a fault.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
}
