import { isPreviewStack, pullRequestOf } from "../../infra/settings/environment";

/**
 * The command that deploys a stack. A preview is brought up by a command of its own; a branch's name does not follow from
 * its stack's.
 */
export function deploying(stack: string): string {
  const [name = stack] = stack.split("/").slice(-1);
  if (!isPreviewStack(name)) return `pulumi up --stack ${stack}`;
  return `npm run preview -- up ${pullRequestOf(name) ?? "<branch>"}`;
}
