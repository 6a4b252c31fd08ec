import { OpsError } from "../cli/ops-error";
import { standingOf } from "../pulumi/pending-operations";
import { nameOf, type State } from "../pulumi/state";
import type { PreviewProject } from "./project";

/** What a state holds that is not to be deleted: `Vault vault and 2 more`; undefined where there is none. */
export function protectedIn(state: State): string | undefined {
  const [first, ...others] = standingOf(state).resources.filter(({ protect }) => protect === true);
  if (!first) return undefined;
  return `${nameOf(first)}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}

/** The subscription that the state's resources are in, or that deployments go to. */
export function subscriptionOf({ environment }: PreviewProject, state: State | undefined): string {
  const inState = (state?.deployment.resources ?? []).map(({ id }) => /^\/subscriptions\/([^/]+)/.exec(id ?? "")?.[1]);
  const subscription = inState.find(Boolean) ?? environment.ARM_SUBSCRIPTION_ID ?? environment.AZURE_SUBSCRIPTION_ID;
  if (subscription) return subscription;
  throw new OpsError("subscription-unknown", "No subscription is named", "Set ARM_SUBSCRIPTION_ID.");
}
