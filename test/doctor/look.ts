import { execFile } from "node:child_process";
import { join } from "node:path";
import { diagnose, targetOfBot, targetOfStack } from "../../ops/doctor/doctor";
import type { Diagnosis } from "../../ops/doctor/diagnosis";
import { stackSettings } from "../../ops/pulumi/stack-settings";
import { root } from "../support/deployed";
import type { SetUp } from "./set-ups";

/** Asks the doctor about a set-up, in this process. */
export async function look({ subject, access, environment }: SetUp): Promise<Diagnosis> {
  if ("bot" in subject) return diagnose(access, targetOfBot(subject.bot));
  const { folder, stack } = subject;
  return diagnose(access, await targetOfStack(access, await stackSettings(folder, stack, environment), stack));
}

/** What `npm run doctor -- ... --json` ends with and prints, as a process of its own in the project's folder. */
export async function lookByCommand({
  subject,
  environment,
  folder,
}: SetUp): Promise<{ code: number; document: Diagnosis }> {
  const args = "bot" in subject ? ["--bot", subject.bot] : [subject.stack];
  const tsx = require.resolve("tsx/cli", { paths: [root] });
  const run = await new Promise<{ code: number; out: string; err: string }>((done) => {
    const env = { ...process.env, ...environment };
    const command = [tsx, join(root, "ops/doctor.ts"), ...args, "--json"];
    execFile(process.execPath, command, { cwd: folder, env, maxBuffer: 2 ** 24 }, (error, out, err) =>
      done({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
  try {
    return { code: run.code, document: JSON.parse(run.out) as Diagnosis };
  } catch {
    throw new Error(`npm run doctor ended with ${run.code} and printed no document: ${run.out}${run.err}`);
  }
}
