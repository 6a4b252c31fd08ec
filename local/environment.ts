import "./node-version";
import { parseArgs } from "node:util";
import { exportLines, oneRunning } from "./running-azure";
import { toldError } from "./told-error";

const usage = `eval "$(npm run -s azure:env)"

Points one shell at the local Azure that runs in another terminal (npm run azure), for az, curl and whatever else is typed.

  --port <n>  port of its pages, where several run

eval "$(npm run -s azure:env -- --port 5101)"
`;

const options = { port: { type: "string" }, help: { type: "boolean" } } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  process.stdout.write(values.help ? usage : exportLines(await oneRunning(values.port, "npm run azure")));
}

main().catch((error: unknown) => {
  const takes = 'eval "$(npm run -s azure:env -- --port <n>)" takes the port of its pages.';
  process.stderr.write(`${toldError(error, takes, Object.keys(options))}\n`);
  process.exit(1);
});
