import { readable } from "../drift/drift-error";
import type { PulumiFailure } from "../pulumi/pulumi-stack";

/** No graph could be drawn. The message is one sentence with the cause, and the command that cures it. */
export class GraphError extends Error {
  override readonly name = "GraphError";

  constructor(
    readonly code: "CLI_MISSING" | "NOTHING_DEPLOYED" | "PULUMI_FAILED",
    cause: string,
    cure: string,
  ) {
    super(`${cause}: ${cure}`);
  }
}

/** Why Pulumi's CLI did not give the state: with the cure where one is known, else in the CLI's own words. */
export function graphFailure({ stack, command, said }: PulumiFailure): Error {
  if (said === undefined) return new GraphError("CLI_MISSING", "Pulumi's CLI is not on PATH", "npm install");
  return readable(said, stack) ?? new GraphError("PULUMI_FAILED", `pulumi ${command} failed`, said.trim());
}
