import type { PulumiFailure } from "../pulumi/pulumi-stack";
import { DriftError, readable } from "./drift-error";

/** A command of Pulumi's CLI that failed in a way for which no cure is known; the message is what the CLI said. */
class PulumiError extends Error {
  override readonly name = "PulumiError";
  readonly code = "PULUMI_FAILED";

  constructor(
    readonly command: string,
    said: string,
  ) {
    super(`pulumi ${command} failed:\n${said.trim()}`);
  }
}

/** Why drift could not ask Pulumi: a {@link DriftError} with the cure where one is known, else a {@link PulumiError}. */
export function driftFailure({ stack, command, said }: PulumiFailure): Error {
  if (said === undefined) return new DriftError("CLI_MISSING", "Pulumi's CLI is not on PATH", "npm install");
  return readable(said, stack, process.env.ARM_TENANT_ID) ?? new PulumiError(command, said);
}
