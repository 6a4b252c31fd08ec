import type { Environment } from "../../infra/settings/environment";

/** An environment at GitHub. Its jobs sign in as an application of its own; docs/runbook.md has the table of them. */
export interface PipelineEnvironment {
  readonly name: string;
  /** Whose state and key it reaches: a stack, or `preview` for all previews. */
  readonly stack: string;
  readonly does: "deploys" | "plans";
  /** Which branches' jobs may be in it. */
  readonly branches: readonly string[];
  /** Whether its jobs wait until a person lets them go on. */
  readonly reviewed: boolean;
}

const main = "main";
/** What GitHub would merge: https://github.blog/changelog/2025-11-07-actions-pull_request_target-and-environment-branch-protections-changes/ */
const pullRequests = "refs/pull/*/merge";

/** The environments in which a stack is worked on; every preview is worked on in the one of all previews. */
export function environmentsOf(stack: string, environment: Environment): readonly PipelineEnvironment[] {
  if (environment === "preview") {
    const branches = [pullRequests, main];
    return [{ name: "preview", stack: "preview", does: "deploys", branches, reviewed: false }];
  }
  const planned = [environment === "dev" ? pullRequests : main];
  return [
    { name: `${stack}-plan`, stack, does: "plans", branches: planned, reviewed: false },
    { name: stack, stack, does: "deploys", branches: [main], reviewed: environment !== "dev" },
  ];
}
