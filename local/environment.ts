import "./node-version";
import { parseArgs } from "node:util";
import { exportLines, oneRunning } from "./running-azure";
import { toldError } from "./told-error";

/** `eval "$(npm run -s azure:env)"`: points one shell at the local Azure that runs in another terminal. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  process.stdout.write(exportLines(await oneRunning(values.port, "npm run azure")));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${toldError(error, 'eval "$(npm run -s azure:env -- --port <n>)" takes the port of its pages.')}\n`,
  );
  process.exit(1);
});
