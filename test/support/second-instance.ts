import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../../local/azure/app-service/container";
import type { LocalAzure } from "../../local/azure/azure";

/** A second process of the deployed bot. */
export interface SecondInstance {
  /** Where it takes activities. */
  readonly address: string;
  end(): Promise<void>;
}

/**
 * Starts a second process of the deployed bot, with the environment of the first, which Linux shows: what another instance of
 * the web app is.
 */
export async function secondInstance(azure: LocalAzure): Promise<SecondInstance> {
  const { HTTPS_PROXY } = await azure.environmentFor("bot");
  const [first] = readdirSync("/proc").filter((pid) => {
    try {
      const environment = readFileSync(join("/proc", pid, "environ"), "utf8");
      return environment.includes(`HTTPS_PROXY=${HTTPS_PROXY}`) && environment.includes("WEBSITE_SITE_NAME=");
    } catch {
      return false;
    }
  });
  if (!first) throw new Error("the bot's process was not found");
  const lines = readFileSync(join("/proc", first, "environ"), "utf8")
    .split("\0")
    .filter(Boolean);
  const environment = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const port = await freePort();
  const child = spawn(process.execPath, ["index.js"], {
    cwd: readlinkSync(join("/proc", first, "cwd")),
    env: { ...environment, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"listening"')) break;
  }
  child.stdout.resume();
  return {
    address: `http://127.0.0.1:${port}/api/messages`,
    end: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Sends the same request once more, to another process. */
export async function sendTo(address: string, request: Request): Promise<Response> {
  const { "content-type": type = "", authorization = "" } = Object.fromEntries(request.headers);
  const headers = { "content-type": type, authorization };
  return fetch(address, { method: "POST", headers, body: await request.text() });
}
