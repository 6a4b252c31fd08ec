import "../local/node-version";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { browserCommand, findBrowser } from "./support/browser";

/**
 * `npm test`: type check, then every test that this machine can run. Its last line is `N passed, N failed, N skipped`.
 * Arguments go to jest: `npm test -- test/bot`.
 */
const root = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "bot-sign-in-test-"));
const report = join(folder, "jest.json");

function run(command: string, args: string[]): number {
  const { status } = spawnSync(process.execPath, [join(root, "node_modules", command), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  return status ?? 1;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

let passed = 0;
let failed = 0;
let skipped = 0;

process.stdout.write("Type check\n");
if (run("typescript-7/bin/tsc", ["--noEmit"]) === 0) passed++;
else failed++;

const status = run("jest/bin/jest.js", ["--json", `--outputFile=${report}`, ...process.argv.slice(2)]);
try {
  const result = JSON.parse(readFileSync(report, "utf8")) as Report;
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  skipped += result.numPendingTests;
} catch {
  failed++;
}
// A run that jest calls failed is never reported as green, whatever it counted.
if (status !== 0 && failed === 0) failed++;
rmSync(folder, { recursive: true, force: true });

if (!findBrowser()) {
  process.stdout.write(
    `Skipped: the browser tests, because no Chromium was found. To bring one: ${browserCommand()}\n`,
  );
}
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed === 0 ? 0 : 1);
