import { isRight, type Score, type SeedScore, type ShapeScore, summaryOf } from "./scoring";

/** What a row of the report says of us. */
export const ours = (score: SeedScore): string => (isRight(score) ? "named" : score.verdict);

/** docs/doctor-score.md */
export function reportText(score: Score): string {
  const { faults, healthy, teamsCli = "" } = score;
  const noticed = faults.filter(({ teamsCli: said = [] }) => said.length > 0).length;
  const called = healthy.reduce((all, { teamsCli: said = [] }) => all + said.length, 0);
  return `# How well the doctor does

Written by \`npm run doctor:score -- --teams-cli <folder> --write-report\`; a test holds that every fault of \`test/doctor/seeds\`
is in it.

**${summaryOf(score)}**.

Each fault was made by hand in a healthy set-up, by the calls of Azure Resource Manager, Microsoft Graph, Key Vault and Kudu that
the portal or az makes, and lives in the local Azure's state alone; settings and program stay as they were. *Named* says that
the doctor gave exactly this fault's code, with the fix that is right for it, said rightly whether \`pulumi up\` mends it, and
found nothing besides. After each fault the set-up is put back, and has to be well before the next.

## Beside Microsoft's \`teams app doctor\`

The doctor of Microsoft's Teams CLI (\`@microsoft/teams.cli\` ${teamsCli}) looked at the same faults: **it noticed ${noticed} of
${faults.length}, and called ${called} things of ${healthy.length} healthy set-ups a failure or a warning**. It is made for
bots whose users meet them in Teams, with one application for bot and sign-in, and asks for no token.

How that was obtained: the package as npm has it, run with Node; all its checks are its own. Three things that a local Azure does
not have are played (\`test/doctor/teams-cli/run.mjs\`): the person's sign-in, the Teams Developer Portal's record of the app (as
the healthy set-up's app package would have made it), and the process \`az\`, by the calls that az makes. A fault counts as
noticed where it says any failure or warning that it did not say of the healthy set-up, right or wrong, with or without a fix.

## Faults

| set-up | what was done by hand | code | \`npm run doctor\` | \`teams app doctor\` |
|---|---|---|---|---|
${faults.map(faultRow).join("\n")}

## Healthy set-ups

| set-up | | \`npm run doctor\` | \`teams app doctor\` |
|---|---|---|---|
${healthy.map(healthyRow).join("\n")}
`;
}

function faultRow(score: SeedScore): string {
  const { setUp, says, code, teamsCli = [] } = score;
  return row([setUp, says, `\`${code}\``, ours(score), teamsCli.length > 0 ? lasting(teamsCli.join("; ")) : "-"]);
}

function healthyRow({ name, says, findings, teamsCli = [] }: ShapeScore): string {
  const theirs = teamsCli.length > 0 ? lasting(teamsCli.join("; ")) : "nothing";
  return row([name, says, findings.length > 0 ? findings.join("; ") : "nothing", theirs]);
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Without what is another in each run. */
const lasting = (text: string): string =>
  text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>").replace(/-dev-[a-z0-9]{8}\b/g, "");
