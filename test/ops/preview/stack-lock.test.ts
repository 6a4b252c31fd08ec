import { hostname } from "node:os";
import type { State } from "../../../ops/pulumi/state";
import { endKilledRun, refuseLocked } from "../../../ops/preview/stack-lock";
import type { PreviewProject } from "../../../ops/preview/project";
import type { PreviewStack } from "../../../ops/preview/preview-stack";
import type { Lock } from "../../../ops/pulumi/lock";

const state = { deployment: { resources: [], pending_operations: [] } } as unknown as State;
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

function refusalOf(lock: Partial<Lock>): Promise<void> {
  const whole: Lock = { pid: 4711, host: "runner-1", user: "runner", at: ago(1), ...lock };
  const stack = { name: { title: "42", stack: "pr-42" }, locks: () => Promise.resolve([whole]) };
  return refuseLocked(stack as unknown as PreviewStack, state);
}

test.each([
  ["a minute ago", { at: ago(1) }],
  ["somewhat less than two hours ago", { at: ago(119) }],
  ["at a time that cannot be read", { at: "yesterday" }],
])("a lock that was taken on another machine %s is respected, and its holder named", async (_when, lock) => {
  await expect(refusalOf(lock)).rejects.toMatchObject({
    code: "stack-locked",
    message: expect.stringMatching(/^pr-42 is held by runner@runner-1 \(pid 4711\) since /) as string,
  });
});

test.each([
  ["on another machine more than two hours ago: its job was ended", { at: ago(121) }],
  ["on this machine by a process that is gone", { host: hostname(), pid: 2 ** 30 }],
])("a lock that was taken %s, is a killed run's and in nobody's way", async (_where, lock) => {
  await expect(refusalOf(lock)).resolves.toBeUndefined();
});

test("a lock that somebody took while Azure was asked what there is, is not taken for a killed run's and cancelled", async () => {
  const taken: Lock = { pid: 4711, host: "runner-1", user: "runner", at: ago(0) };
  const stack = { name: { title: "42", stack: "pr-42" }, locks: () => Promise.resolve([taken]) };
  const said: string[] = [];
  const ending = endKilledRun({} as PreviewProject, stack as unknown as PreviewStack, (line) => said.push(line));
  await expect(ending).rejects.toMatchObject({ code: "stack-locked" });
  expect(said).toEqual([]);
});
