import { keyVaultPackage } from "../../infra/resources/key-vault-package";
import type { State } from "./state";

/** Types that the program makes by a package of another api-version now: how they begin in older states, and today. */
const moved: readonly (readonly [before: string, now: string])[] = [
  ["azure-native:keyvault:", `${keyVaultPackage}:keyvault:`],
];

/**
 * Whether a state holds resources whose api-version ends, because no `pulumi up` has met it since the program moved on. Only
 * with `--run-program` does Pulumi refresh and destroy them by the version of today.
 */
export function holdsMovedTypes({ deployment: { resources = [] } }: State): boolean {
  return resources.some(({ type }) => moved.some(([before]) => type.startsWith(before)));
}

/** Whether a URN is that of such a resource: `urn:pulumi:dev::bot::azure-native:keyvault:Secret::name`. */
export function isMoved(urn: string): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return moved.some(([before]) => type.startsWith(before));
}

/** The same state with the types and URNs of today: what such a run makes of it. */
export function withMovedTypes(state: State): State {
  const text = JSON.stringify(state);
  return JSON.parse(moved.reduce((moving, [before, now]) => moving.replaceAll(before, now), text)) as State;
}
