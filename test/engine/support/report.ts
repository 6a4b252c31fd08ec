import { arch, platform } from "node:os";
import { cliVersion, versionOf } from "./cli";

/** What jest says of a run, as far as the report is about it. */
export interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
    }[];
  }[];
}

/** The report for docs/engine-tests.md: versions, then each run with its tests. */
export function reportText(runs: readonly { title: string; results: Results }[], at: Date): string {
  const packages = ["azure-native", "azuread", "random"].map(
    (name) => `| @pulumi/${name} (SDK) | ${versionOf(`@pulumi/${name}`)} |`,
  );
  return [
    "# Tests on Pulumi's own engine",
    "",
    "Written by `npm run test:engine -- --write-report`.",
    "",
    "| What | Version |",
    "| --- | --- |",
    `| Pulumi's CLI | ${cliVersion} |`,
    ...packages,
    `| Node | ${process.versions.node} |`,
    `| System | ${platform()} ${arch()} |`,
    `| Date | ${at.toISOString().slice(0, 10)} |`,
    ...runs.flatMap(({ title, results }) => ["", `## Plugins: ${title}`, "", ...table(results)]),
    "",
  ].join("\n");
}

function table({ testResults }: Results): string[] {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const rows = tests.map(({ fullName, status, duration }) => {
    const seconds = duration ? `${(duration / 1000).toFixed(1)} s` : "";
    return `| ${fullName.replaceAll("|", "\\|")} | ${status} | ${seconds} |`;
  });
  return ["| Test | Result | Time |", "| --- | --- | --- |", ...rows];
}
