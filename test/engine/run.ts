import "../../local/node-version";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cliVersion, findCli } from "./support/cli";

/**
 * `npm run test:engine`: the program deployed by Pulumi's own CLI into the local Azure. Its last line is
 * `N passed, N failed, N skipped`. Where the CLI is missing it says so and skips everything. Arguments go to jest.
 */
const root = resolve(__dirname, "../..");

function main(): number {
  const cli = findCli();
  if (!cli) {
    process.stdout.write(
      `Skipped: Pulumi's CLI ${cliVersion} is not on this machine (cure: npx pulumi version, which installs it).\n` +
        "0 passed, 0 failed, 1 skipped\n",
    );
    return 0;
  }
  process.stdout.write(`Pulumi's CLI: ${cli}\n`);
  const folder = mkdtempSync(join(tmpdir(), "engine-test-report-"));
  const report = join(folder, "jest.json");
  const jest = require.resolve("jest/bin/jest", { paths: [root] });
  const { status } = spawnSync(
    process.execPath,
    [jest, "--config", "test/engine/jest.config.js", "--json", `--outputFile=${report}`, ...process.argv.slice(2)],
    { cwd: root, stdio: "inherit", timeout: 30 * 60_000 },
  );
  let [passed, failed, skipped] = [0, 0, 0];
  try {
    const result = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    passed = result.numPassedTests ?? 0;
    failed = (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
    skipped = result.numPendingTests ?? 0;
  } catch {
    failed = 1;
  }
  // A run that jest calls failed is never reported as green, whatever it counted.
  if (status !== 0 && failed === 0) failed = 1;
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

process.exit(main());
