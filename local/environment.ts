import "./node-version";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { exportLines, oneRunning } from "./running-azure";

export const command = {
  typed: "npm run -s azure:env --",
  takes: "",
  describes: `
Points one shell at the local Azure that runs in another terminal (npm run azure), for az, curl and whatever else is typed:
prints the lines that the shell then runs.`,
  options: {
    port: { type: "string", value: "<n>", does: "port of its pages, where several run" },
    json: jsonOption,
  },
  examples: ['eval "$(npm run -s azure:env)"', 'eval "$(npm run -s azure:env -- --port 5101)"'],
  ends: { done: "the lines are printed" },
} as const satisfies Command;

runIfMain(module, command, async ({ values: { port } }, { result }) => {
  const { environment, path } = await oneRunning(port, "npm run azure");
  result({ environment, ...(path !== undefined && { path }) }, exportLines({ environment, path }).trimEnd());
  return "done";
});
