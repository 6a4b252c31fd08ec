import { readable } from "../drift/drift-error";
import type { PulumiFailure } from "../pulumi/pulumi-stack";

export type RotateCode =
  "CLI_MISSING" | "NO_MINUTES" | "NO_PROJECT" | "NOTHING_DEPLOYED" | "STACK_LOCKED" | "KILLED_RUN" | "PULUMI_FAILED";

/** Why secrets were not rotated, or not listed. The message is one sentence with the cause, and the command that cures it. */
export class RotateError extends Error {
  override readonly name = "RotateError";

  constructor(
    readonly code: RotateCode,
    cause: string,
    cure: string,
  ) {
    super(`${cause}: ${cure}`);
  }
}

/** Why Pulumi's CLI did not do what was asked: with the cure where one is known, else in the CLI's own words. */
export function rotateFailure({ stack, command, said }: PulumiFailure): Error {
  if (said === undefined) return new RotateError("CLI_MISSING", "Pulumi's CLI is not on PATH", "npm install");
  const known = readable(said, stack, process.env.ARM_TENANT_ID);
  if (known) return known;
  const again = `What was in use still is. Correct what it says, then npm run rotate -- ${stack} goes on.`;
  return new RotateError("PULUMI_FAILED", `pulumi ${command} failed`, `${said.trim()}\n${again}`);
}
