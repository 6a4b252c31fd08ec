import { reportText, type Results } from "./engine/support/report";

const passed = (fullName: string): Results => ({
  numPassedTests: 1,
  numFailedTests: 0,
  numPendingTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [{ assertionResults: [{ fullName, status: "passed", duration: 11_240 }] }],
});

test("a report keeps the runs that were not repeated, each with its day, and one of a newer plugin in place of the older", () => {
  const first = reportText(
    [
      { title: "azuread 6.9.0", results: passed("up makes everything") },
      { title: "random 4.21.2", results: passed("up makes everything") },
    ],
    new Date("2026-11-26T10:00:00Z"),
  );
  const runs = [
    { title: "azuread 6.9.1", results: passed("destroy leaves nothing") },
    { title: "stand-ins for all plugins", results: passed("a | b") },
  ];
  const [, ...sections] = reportText(runs, new Date("2026-11-30T10:00:00Z"), first).split(/^(?=## )/m);
  const table = "| Test | Result | Time |\n| --- | --- | --- |\n";
  expect(sections).toEqual([
    `## Plugins: random 4.21.2\n\nRun on 2026-11-26.\n\n${table}| up makes everything | passed | 11.2 s |\n\n`,
    `## Plugins: azuread 6.9.1\n\nRun on 2026-11-30.\n\n${table}| destroy leaves nothing | passed | 11.2 s |\n\n`,
    `## Plugins: stand-ins for all plugins\n\nRun on 2026-11-30.\n\n${table}| a \\| b | passed | 11.2 s |\n`,
  ]);
});
