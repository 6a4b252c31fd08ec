import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findCli } from "../test/engine/support/cli";
import { inSeconds, median, type Row } from "./row";
import { startOnce } from "./start";

/** The last commit whose set-up was a script with dynamic providers, not a component with a provider of its own. */
const commit = "bb9210507cafe7d4b79c33ed7ff03995215fd2f5";
const measure = join("bench", "ups", "measure.ts");

/** Milliseconds of one round in one checkout. */
interface Times {
  readonly first: number;
  readonly again: number;
  readonly start: number;
}

/**
 * First `pulumi up`, one that changes nothing, and `npm start` of this checkout beside those of the project before it
 * became a component, in turn, in one run. The goal of each is 1: not longer. The older checkout stands in a temporary
 * folder and has the packages of this one, which are those that it names.
 */
export async function beforeRows(root: string, rounds = 3): Promise<readonly Row[]> {
  const skipped = (why: string): readonly Row[] => [
    { name: "beside the project before it was a component", ours: why },
  ];
  if (!findCli()) return skipped("skipped: Pulumi's CLI is not on this machine");
  if (!isThere(root)) return skipped(`skipped: this clone does not hold the commit ${commit.slice(0, 7)}`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "bench-before-")));
  const older = join(folder, "project");
  try {
    git(root, "worktree", "add", "--detach", older, commit);
    symlinkSync(join(root, "node_modules"), join(older, "node_modules"));
    mkdirSync(dirname(join(older, measure)), { recursive: true });
    copyFileSync(join(root, measure), join(older, measure));
    const times = { now: [] as Times[], before: [] as Times[] };
    for (let round = 0; round < rounds; round++) {
      times.before.push(await once(older));
      times.now.push(await once(root));
    }
    const row = (name: string, what: keyof Times): Row => {
      const [now, before] = [times.now, times.before].map((all) => median(all.map((one) => one[what]))) as [
        number,
        number,
      ];
      return {
        name,
        ours: inSeconds(now),
        rival: `${inSeconds(before)} (before the component)`,
        ratio: now / before,
        note: `medians of ${rounds}, in turn`,
      };
    };
    return [
      row("first pulumi up, without latency", "first"),
      row("pulumi up that changes nothing", "again"),
      row("npm start to ready", "start"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
    git(root, "worktree", "prune");
  }
}

async function once(checkout: string): Promise<Times> {
  const tsx = join(checkout, "node_modules/tsx/dist/cli.mjs");
  const said = execFileSync(process.execPath, [tsx, measure], { cwd: checkout, encoding: "utf8" });
  return { ...(JSON.parse(said) as Omit<Times, "start">), start: await startOnce(checkout) };
}

const isThere = (root: string): boolean =>
  spawnSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root }).status === 0;

function git(root: string, ...args: string[]): void {
  execFileSync("git", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
