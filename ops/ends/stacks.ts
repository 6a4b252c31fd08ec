import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BroughtCode } from "../../infra/deployment/code";
import { type EndAhead, endsOf } from "../../infra/deployment/ends-ahead";
import { botIdentityKinds } from "../../infra/settings/environment";
import { sdkNames } from "../../infra/facts/sdks";
import { usedBy } from "../../infra/deployment/used";
import type { Settings } from "../../infra/settings/settings";
import { parseYaml } from "../../infra/yaml-file";
import { type Paint, plain } from "../../cli/paint";
import { unknownStack } from "../pulumi/stack-settings";
import { fullKeys, projectIn } from "../pulumi/project";

/** An end, and the stacks that it meets. */
export interface EndOfStacks extends EndAhead {
  readonly stacks: readonly string[];
}

/**
 * The announced ends that meet stacks by their files, the next first. Only what is about ends is read of a file: what else a
 * deployment wants may be missing.
 * @param folder where Pulumi.yaml is
 * @throws OpsError where a stack has no file
 */
export async function endsOfStacks(folder: string, stacks: readonly string[], now: Date): Promise<EndOfStacks[]> {
  const met = await Promise.all(
    stacks.map(async (stack) => {
      const { code, identity } = await readStack(folder, stack);
      return endsOf(usedBy(code, identity), now).map((end) => ({ end, stack }));
    }),
  );
  const byWhat = new Map<string, { end: EndAhead; stacks: string[] }>();
  for (const { end, stack } of met.flat()) {
    const same = byWhat.get(end.what) ?? { end, stacks: [] };
    byWhat.set(end.what, { end, stacks: [...same.stacks, stack] });
  }
  return [...byWhat.values()]
    .map(({ end, stacks: those }) => ({ ...end, stacks: those }))
    .sort((one, other) => one.at.localeCompare(other.at));
}

async function readStack(folder: string, stack: string): Promise<Pick<Settings, "code" | "identity">> {
  const file = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(folder, file), "utf8").catch(() => undefined);
  if (text === undefined) throw await unknownStack(folder, stack);
  // A key without a value is null.
  const { config } = (parseYaml(file, text) ?? {}) as { config?: Record<string, unknown> | null };
  const project = (await projectIn(folder)) ?? "";
  const said = fullKeys(project, config ?? {});
  const code = said[`${project}:code`] as BroughtCode | null | undefined;
  return {
    ...(code && sdkNames.includes(code.sdk) ? { code } : {}),
    identity: botIdentityKinds.find((identity) => identity === said[`${project}:identity`]) ?? "secret",
  };
}

/** Ends as lines for the terminal: those that are near or past with what breaks and what to do. */
export function table(found: readonly EndOfStacks[], within: number, paint: Paint = plain): string {
  if (found.length === 0) return "Nothing that the stacks use has an announced end.";
  const lines = found.flatMap(({ what, at, daysLeft, breaks, fix, source, stacks }) => {
    const when = daysLeft < 0 ? "passed" : `${daysLeft} days`;
    const line = `${at}  ${when.padStart(9)}  ${what} (${stacks.join(", ")})`;
    const coloured = paint(daysLeft < 0 ? "bad" : "warning", line);
    return daysLeft < within ? [coloured, `    ${breaks}`, `    ${fix}`, `    ${source}`] : [line];
  });
  const near = found.filter(({ daysLeft }) => daysLeft < within).length;
  const end =
    near === 0
      ? `Nothing ends within ${within} days.`
      : `${near === 1 ? "One ends" : `${near} end`} within ${within} days, or ${near === 1 ? "has" : "have"} ended.`;
  return [...lines, end].join("\n");
}
