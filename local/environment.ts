import "./node-version";
import { parseArgs } from "node:util";
import { exportLines, RunningAzure } from "./running-azure";
import { toldError } from "./told-error";

/** `eval "$(npm run -s azure:env)"`: points one shell at the local Azure that runs in another terminal. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  const running = await RunningAzure.list();
  const wanted =
    values.port === undefined ? running : running.filter(({ origin }) => origin.endsWith(`:${values.port}`));
  const [one, ...others] = wanted;
  if (!one)
    throw new Error(
      `No local Azure${values.port ? ` at port ${values.port}` : ""} runs here. Start one: npm run azure`,
    );
  if (others.length > 0) {
    const ports = wanted.map(({ origin }) => new URL(origin).port).join(", ");
    throw new Error(`More than one local Azure runs here. Say which: npm run -s azure:env -- --port <${ports}>`);
  }
  process.stdout.write(exportLines(one));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${toldError(error, 'eval "$(npm run -s azure:env -- --port <n>)" takes the port of its pages.')}\n`,
  );
  process.exit(1);
});
