import "../../local/node-version";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { azVersion, findAz, findPython, installAz, installPython } from "./support/az";

/**
 * `npm run test:az`: what documents and messages tell people to type, and what else is typed around a bot, with the real
 * az against the local Azure, and what scripts ask with Azure's clients for Python. Its last line is `N passed, N failed, N skipped`. Where there is no az it says so, and how to get
 * one, and skips everything; `-- --install` brings it into a folder of its own. Other arguments go to jest.
 */
const root = resolve(__dirname, "../..");

function main(): number {
  const args = process.argv.slice(2).filter((arg) => arg !== "--install");
  if (process.argv.includes("--install")) {
    if (!findAz()) installAz();
    if (!findPython()) installPython();
  }
  const folder = findAz();
  if (folder === undefined) {
    process.stdout.write(
      `az is not on PATH, so its tests are skipped. npm run test:az -- --install brings azure-cli ${azVersion} by pip into ` +
        "node_modules/.cache (700 MB, some minutes).\n0 passed, 0 failed, 1 skipped\n",
    );
    return 0;
  }
  const report = join(mkdtempSync(join(tmpdir(), "az-test-report-")), "jest.json");
  const bin = require.resolve("jest/bin/jest", { paths: [root] });
  // Behind what is there: the folder may have a python3 of az's own, which has none of Azure's clients.
  const PATH = `${process.env.PATH}${delimiter}${folder}`;
  const { status } = spawnSync(
    process.execPath,
    [bin, "--config", "test/az/jest.config.js", "--json", `--outputFile=${report}`, ...args],
    { cwd: root, stdio: "inherit", env: { ...process.env, PATH } },
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, "utf8"),
    ) as Record<string, number>;
    const failed = (numFailedTests ?? 0) + (numRuntimeErrorTestSuites ?? 0);
    process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`);
    return status ?? 1;
  } finally {
    rmSync(resolve(report, ".."), { recursive: true, force: true });
  }
}

process.exitCode = main();
