import { standingOf } from "../pulumi/pending-operations";
import { nameOf, type State } from "../pulumi/state";

/** What a state holds that is not to be deleted: `Vault vault and 2 more`; undefined where there is none. */
export function protectedIn(state: State): string | undefined {
  const [first, ...others] = standingOf(state).resources.filter(({ protect }) => protect === true);
  if (!first) return undefined;
  return `${nameOf(first)}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}
