import { isPreviewStack, pullRequestOf } from "../settings/environment";

/** The command that takes down what a stack left. A branch's name cannot be told from its stack's. */
export function takingDown(stack: string): string {
  return isPreviewStack(stack)
    ? `npm run preview -- down ${pullRequestOf(stack) ?? "<branch>"}`
    : `npm run recover -- ${stack}`;
}
