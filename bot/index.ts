import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { healthRoute } from "../contract/app-settings";
import { stopTime } from "../contract/turn";
import { readBuild } from "./build";
import { settingsHealth } from "./health";
import { createHost, type Route } from "./host/host";
import { createLog, type Log } from "./log";
import { findFaults, readSettings, type SettingFault } from "./settings";

/** Milliseconds that turns under way get to end: a second less than App Service gives, so that the log ends as the bot does. */
const stopWithin = (stopTime - 1) * 1_000;

const log = createLog();
const build = readBuild(__dirname);
const faults = findFaults(process.env);

/** With a wrong setting the bot serves its health page alone: half a bot would fail later, and less clearly. */
function refusalRoutes(wrong: readonly SettingFault[]): Route[] {
  for (const fault of wrong) log.error(fault, "setting refused");
  return [{ method: "GET", path: healthRoute, handle: () => ({ status: 503, json: settingsHealth(build, wrong) }) }];
}

async function botRoutes(): Promise<Route[]> {
  // Loaded only now: the SDKs take most of the start, and a bot with wrong settings needs none of them.
  const { assemble } = await import("./assemble");
  return assemble(readSettings(process.env), build, __dirname, log);
}

async function start(): Promise<void> {
  const routes = faults.length > 0 ? refusalRoutes(faults) : await botRoutes();
  const server = createHost(routes, log);
  server.listen(Number(process.env.PORT ?? 8080), () => {
    const { port } = server.address() as AddressInfo;
    log.info({ port, build, seconds: process.uptime() }, "listening");
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop(server, log));
}

function stop(server: Server, log: Log): void {
  log.info("stopping");
  server.close(() => process.exit(0));
  // A connection whose request ends from now on would be kept for the next one, and keep the process.
  server.on("request", (_, response) => response.setHeader("connection", "close"));
  setInterval(() => server.closeIdleConnections(), 100).unref();
  setTimeout(() => process.exit(0), stopWithin).unref();
}

start().catch((error: unknown) => {
  log.fatal({ err: error }, "the bot could not start");
  process.exitCode = 1;
});
