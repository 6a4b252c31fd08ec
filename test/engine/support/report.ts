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

/**
 * The report for docs/engine-tests.md: versions, then each run with its day and its tests.
 * @param before the report that there is: runs that were not repeated stay in it, since not every machine has the real plugins
 */
export function reportText(runs: readonly { title: string; results: Results }[], at: Date, before = ""): string {
  const day = at.toISOString().slice(0, 10);
  const sections = runs.map(({ title, results }) => [heading + title, "", `Run on ${day}.`, "", ...table(results)]);
  const repeated = new Set(sections.map(([first = ""]) => subject(first)));
  const kept = sectionsOf(before).filter(([first = ""]) => !repeated.has(subject(first)));
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
    ...[...kept, ...sections].flatMap((lines) => ["", ...lines]),
    "",
  ].join("\n");
}

const heading = "## Plugins: ";

/** What a section is about, whichever version of a plugin it tells of: `azuread`, `stand-ins for all plugins`. */
function subject(first: string): string {
  return first.slice(heading.length).replace(/ \d+\.\d+\.\d+$/, "");
}

function sectionsOf(report: string): string[][] {
  return report
    .split(/^(?=## )/m)
    .slice(1)
    .map((section) => section.trimEnd().split("\n"));
}

function table({ testResults }: Results): string[] {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const rows = tests.map(({ fullName, status, duration }) => {
    const seconds = duration ? `${(duration / 1000).toFixed(1)} s` : "";
    return `| ${fullName.replaceAll("|", "\\|")} | ${status} | ${seconds} |`;
  });
  return ["| Test | Result | Time |", "| --- | --- | --- |", ...rows];
}
