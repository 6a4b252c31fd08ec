import "../../local/node-version";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cliVersion, findCli } from "./support/cli";
import { realPlugins } from "./support/real-plugins";
import { type Results, reportText } from "./support/report";

/**
 * `npm run test:engine`: the program deployed by Pulumi's own CLI into the local Azure. Its last line is
 * `N passed, N failed, N skipped`. Where the CLI is missing it says so and skips everything.
 *
 * There are two sets, and each test is in one of them: `--kills` runs those that kill a command, or meet a fault of Azure, at
 * every write.
 * `--real-plugins` runs the lifecycle alone, with every real provider plugin in Pulumi's plugin folder, each by itself.
 * `--write-report` writes versions and results of both sets to docs/engine-tests.md. Other arguments go to jest.
 */
const root = resolve(__dirname, "../..");
/** A set lasts a small part of it on two cores that nobody else uses. */
const longest = 4 * 60 * 60_000;

/** The sets, each with what the report calls it. */
const sets = {
  most: "stand-ins for all plugins",
  kills: "stand-ins for all plugins, kills and faults at every write",
} as const;
type Set = keyof typeof sets;

function jest(set: Set, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Results {
  const folder = mkdtempSync(join(tmpdir(), "engine-test-report-"));
  const report = join(folder, "jest.json");
  const bin = require.resolve("jest/bin/jest", { paths: [root] });
  const { status } = spawnSync(
    process.execPath,
    [bin, "--config", "test/engine/jest.config.js", "--verbose", "--json", `--outputFile=${report}`, ...args],
    { cwd: root, stdio: "inherit", timeout: longest, env: { ...process.env, ENGINE_TESTS: set, ...environment } },
  );
  try {
    const results = JSON.parse(readFileSync(report, "utf8")) as Results;
    // A run that jest calls failed is never reported as green, whatever it counted.
    const silent = status !== 0 && results.numFailedTests + results.numRuntimeErrorTestSuites === 0;
    return silent ? { ...results, numRuntimeErrorTestSuites: 1 } : results;
  } catch {
    return {
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numRuntimeErrorTestSuites: 1,
      testResults: [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): number {
  const own = ["--real-plugins", "--write-report", "--kills"];
  const args = process.argv.slice(2).filter((arg) => !own.includes(arg));
  const cli = findCli();
  if (!cli) {
    process.stdout.write(
      `Skipped: Pulumi's CLI ${cliVersion} is not on this machine (fix: npx pulumi version, which installs it).\n` +
        "0 passed, 0 failed, 1 skipped\n",
    );
    return 0;
  }
  process.stdout.write(`Pulumi's CLI: ${cli}\n`);
  const runs: { title: string; results: Results }[] = [];
  const real = process.argv.includes("--real-plugins");
  const report = process.argv.includes("--write-report");
  if (real) {
    const found = realPlugins();
    for (const { name, version } of found) {
      process.stdout.write(`Real plugin: ${name} ${version}; stand-ins for the others\n`);
      runs.push({ title: `${name} ${version}`, results: jest("most", ["lifecycle", ...args], { REAL_PLUGIN: name }) });
    }
    if (found.length === 0) process.stdout.write("Skipped: no real provider plugin is in Pulumi's plugin folder.\n");
  }
  // A report that names the real plugins tells of all tests, too.
  const wanted: Set[] = report ? ["most", "kills"] : real ? [] : [process.argv.includes("--kills") ? "kills" : "most"];
  for (const set of wanted) runs.push({ title: sets[set], results: jest(set, args) });
  if (report) {
    const file = join(root, "docs/engine-tests.md");
    writeFileSync(file, reportText(runs, new Date(), readFileSync(file, "utf8")));
  }
  const sum = (count: (results: Results) => number): number =>
    runs.reduce((all, { results }) => all + count(results), 0);
  const failed = sum((results) => results.numFailedTests + results.numRuntimeErrorTestSuites);
  const passed = sum((results) => results.numPassedTests);
  const skipped = sum((results) => results.numPendingTests) + (runs.length === 0 ? 1 : 0);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

process.exit(main());
