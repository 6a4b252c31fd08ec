import "../../local/node-version";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearest } from "../../infra/settings/nearest";
import { UsageError } from "../../cli/arguments";
import { type Command, jsonOption } from "../../cli/command";
import { exitCodes } from "../../cli/exit-codes";
import { runIfMain, type Terminal } from "../../cli/run";
import type { Finding } from "../../ops/doctor/diagnosis";
import { root } from "../support/deployed";
import { look, lookByCommand } from "./look";
import { reportText } from "./report";
import { isPerfect, isRight, judgeSeed, type Score, type SeedScore, type ShapeScore, summaryOf } from "./scoring";
import { type Seed, seeds } from "./seeds";
import { SetUp, type Shape, shapes } from "./set-ups";
import { TeamsCli } from "./teams-cli/teams-cli";

export const command = {
  typed: "npm run doctor:score --",
  takes: "[<set-up>...]",
  describes: `
Scores npm run doctor: makes faults by hand in healthy set-ups of different shapes, one after the other, each in Azure's state
alone, and counts those that the doctor names exactly, with the right fix and nothing besides; then what it finds where nothing
is wrong. Everything happens in local Azures of this command's own, one for each shape.

Set-ups: ${shapes.map(({ name }) => name).join(", ")}.`,
  options: {
    "teams-cli": {
      type: "string",
      value: "<folder>",
      does: "the same faults for Microsoft's teams app doctor, from a folder in which npm installed @microsoft/teams.cli",
    },
    code: { type: "string", value: "<code>", multiple: true, does: "only faults of this code" },
    "write-report": { type: "boolean", does: "writes docs/doctor-score.md; takes every set-up, and --teams-cli" },
    json: jsonOption,
  },
  examples: [
    "npm run doctor:score",
    "npm run doctor:score -- teams by-hand",
    "npm run doctor:score -- mail --code consent-missing",
  ],
  ends: { done: "every fault is named rightly, and nothing where nothing is wrong", found: "it is not" },
} as const satisfies Command;

/** The healthy set-up and each of its faults, one after the other. */
export async function scoreShape(
  shape: Shape,
  faults: readonly Seed[],
  say: Terminal["say"],
  teamsCli?: TeamsCli,
): Promise<Score> {
  const lacks = shape.lacks?.();
  const { name, says } = shape;
  if (lacks !== undefined) {
    const notMade = faults.map((seed) => ({ ...unmade(seed), told: `this machine has no ${lacks}` }));
    return { faults: notMade, healthy: [{ name, says, findings: [], lacks }] };
  }
  const setUp = await SetUp.of(shape);
  try {
    const theirDoctor = await teamsCli?.before(setUp);
    const before = (await theirDoctor?.look()) ?? [];
    const healthy = { ...(await scoreHealthy(setUp)), ...(teamsCli && { teamsCli: before }) };
    say(shapeLine(healthy));
    const scores: SeedScore[] = [];
    for (const seed of faults) {
      const ours = await scoreSeed(setUp, seed, seed === faults[0]);
      const theirs =
        ours.verdict === "not made" ? [] : ((await theirDoctor?.look()) ?? []).filter((said) => !before.includes(said));
      const score = { ...ours, ...(teamsCli && { teamsCli: theirs }) };
      scores.push(score);
      say(seedLine(score));
      if (!seed.lasting) await setUp.putBack();
    }
    theirDoctor?.close();
    return { faults: scores, healthy: [healthy] };
  } finally {
    await setUp.close();
  }
}

/** By the command as a person types it. */
async function scoreHealthy(setUp: SetUp): Promise<ShapeScore> {
  const { name, says } = setUp.shape;
  const findings = (await findingsByCommand(setUp)).map(
    ({ code, where, evidence }) => `${code} (${where}: ${evidence})`,
  );
  return { name, says, findings };
}

/** What the command's document names. Throws where its exit code says something else. */
async function findingsByCommand(setUp: SetUp): Promise<readonly Finding[]> {
  const { code, document } = await lookByCommand(setUp);
  const { findings } = document;
  if (code === (findings.length > 0 ? exitCodes.found : exitCodes.done)) return findings;
  throw new Error(`npm run doctor ended with ${code}, with ${findings.length} findings in its document`);
}

/** @param byCommand by a process of its own; else in this one, which is faster and has to say the same */
async function scoreSeed(setUp: SetUp, seed: Seed, byCommand: boolean): Promise<SeedScore> {
  try {
    await setUp.seed(seed);
    return judgeSeed(seed, byCommand ? await findingsByCommand(setUp) : (await look(setUp)).findings);
  } catch (error) {
    return { ...unmade(seed), told: (error as Error).message };
  }
}

const unmade = ({ code, says, setUp }: Seed): SeedScore => ({
  code,
  says,
  setUp,
  verdict: "not made",
  told: "",
  extra: [],
});

function shapeLine({ name, says, findings, lacks }: ShapeScore): string {
  const found = lacks
    ? `not made: this machine has no ${lacks}`
    : findings.length === 0
      ? "healthy"
      : findings.join("; ");
  return `${name} (${says}): ${found}`;
}

function seedLine(score: SeedScore): string {
  const { code, says, verdict, told, extra } = score;
  const why = verdict === "found" ? "" : `; ${told}`;
  const besides = extra.length === 0 ? "" : `; besides it ${extra.join(", ")}`;
  return `  ${isRight(score) ? "ok " : "NO "} ${code.padEnd(30)} ${says}: ${verdict}${why}${besides}`;
}

/** Refuses a word that is none of those that there are, naming the nearest. */
function checkKnown(what: string, words: readonly string[], known: readonly string[]): void {
  for (const word of words.filter((one) => !known.includes(one))) {
    const meant = nearest(word, known);
    const fix = meant === undefined ? `There are ${known.join(", ")}` : `Did you mean ${meant}?`;
    throw new UsageError("wrong-value", `There is no ${what} ${word}. ${fix}`);
  }
}

runIfMain(module, command, async ({ values, operands }, { say, result, paint }) => {
  const asked = operands.length > 0 ? shapes.filter(({ name }) => operands.includes(name)) : shapes;
  const codes = values.code;
  checkKnown(
    "set-up",
    operands,
    shapes.map(({ name }) => name),
  );
  checkKnown("fault", codes ?? [], [...new Set(seeds.map(({ code }) => code))]);
  const teamsCli = values["teams-cli"] === undefined ? undefined : TeamsCli.in(resolve(values["teams-cli"]));
  if (values["write-report"] && (asked.length < shapes.length || codes || !teamsCli)) {
    throw new UsageError("wrong-value", "--write-report takes every set-up and every code, and --teams-cli <folder>");
  }
  const scores: Score[] = [];
  for (const shape of asked) {
    const faults = seeds.filter(
      ({ setUp, code }) => setUp === shape.name && (codes === undefined || codes.includes(code)),
    );
    scores.push(await scoreShape(shape, faults, say, teamsCli));
  }
  const score: Score = {
    ...(teamsCli && { teamsCli: teamsCli.version }),
    faults: scores.flatMap(({ faults }) => faults),
    healthy: scores.flatMap(({ healthy }) => healthy),
  };
  if (values["write-report"]) writeFileSync(join(root, "docs/doctor-score.md"), reportText(score));
  const summary = summaryOf(score);
  result({ summary, ...score }, `\n${paint(isPerfect(score) ? "good" : "bad", summary)}`);
  return isPerfect(score) ? "done" : "found";
});
