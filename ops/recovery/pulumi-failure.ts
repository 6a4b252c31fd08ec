import type { PulumiFailure } from "../pulumi/pulumi-stack";
import { isLocked } from "../pulumi/lock";
import { readableRefusal, RecoverError } from "./recover-error";

/** Pulumi refuses because somebody holds the stack. */
export class StackLocked extends Error {
  override readonly name = "StackLocked";
  readonly code = "STACK_LOCKED";
}

/** Why recovering could not ask Pulumi: {@link StackLocked}, or a {@link RecoverError} with the cure. */
export function recoverFailure({ stack, command, said }: PulumiFailure): Error {
  if (said === undefined) {
    return new RecoverError("CliMissing", "Pulumi's CLI is not on PATH", "Run it through npm, or npm install.");
  }
  if (isLocked(said)) return new StackLocked(said);
  const words = `pulumi ${command} failed: ${said.trim()}`;
  return readableRefusal(said, stack) ?? new RecoverError("StateUnreadable", words, "Nothing more was done.");
}
