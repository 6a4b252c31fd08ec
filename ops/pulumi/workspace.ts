import type { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { PulumiStack } from "./pulumi-stack";
import { pulumiFailure } from "./refusals";
import type { PulumiProject } from "./project";

/**
 * A backend of files or blobs keeps a copy of the state before every change, and keeps those of a stack that is removed: a
 * preview's secrets would outlive it. https://www.pulumi.com/docs/iac/cli/environment-variables/
 */
const withoutBackups = { PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true" };

/** The CLI for what the API cannot do, or does by showing secrets. */
export function cliOf({ folder, environment }: PulumiProject, stack: string): PulumiStack {
  return new PulumiStack(stack, { cwd: folder, env: { ...environment, ...withoutBackups } });
}

let command: Promise<PulumiCommand> | undefined;

/** Where the API works: the project's own folder. It is loaded where it is needed: that takes as long as two runs of the CLI. */
export async function workspaceOf({ folder, environment }: PulumiProject): Promise<LocalWorkspace> {
  const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation");
  command ??= PulumiCommand.get();
  const pulumiCommand = await asked("", "version", () => command!);
  const envVars = Object.fromEntries(
    Object.entries({ ...environment, ...withoutBackups }).filter(
      (one): one is [string, string] => one[1] !== undefined,
    ),
  );
  const workspace = await asked("", "version", () =>
    LocalWorkspace.create({ workDir: folder, envVars, pulumiCommand }),
  );
  // The API selects each stack that it touches; a person's own selection is to stay as it is.
  workspace.selectStack = () => Promise.resolve();
  return workspace;
}

/** Asks Pulumi, and throws what a person can read instead of the API's own error. */
export async function asked<T>(stack: string, command: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw pulumiFailure({ stack, command, said: (error as Error).message });
  }
}
