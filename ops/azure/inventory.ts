import type { Deployment } from "../../infra/deployment/tags";
import type { State } from "../pulumi/state";
import { ownGroupNames } from "./own-names";
import { type AzureCalls, toldOf } from "./azure-calls";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { bins, inBin } from "./inventory/bins";
import { grantsOf, inEntra, passwordsCalled } from "./inventory/entra";
import { inGroup, principalsOf, taggedGroups, taggedResources, taggedSecrets } from "./inventory/living";
import { deployments, roleAssignments } from "./inventory/subscription";
import {
  among,
  type Found,
  groupOf,
  belongsTo,
  nothingFound,
  same,
  type InventoryItem,
  type ItemKind,
  vaultOf,
} from "./inventory/found";

/**
 * Asks Azure and Entra what there is of a preview: of all its components, in resource groups of their own and in those that
 * they were handed. Finds it by the tags and by names that follow from the names of project, component and stack alone, so
 * that the answer is the same whether the state is whole, half or gone; the state adds the groups that a program made besides.
 */
export class Inventory {
  constructor(
    private readonly calls: AzureCalls,
    /** `/subscriptions/<id>` */
    readonly subscription: string,
    readonly deployment: Deployment,
    private readonly state: State | undefined,
  ) {}

  /**
   * @param earlier what an earlier asking found: grants and role assignments have no tags, and once their principal is
   * gone they are found by its id alone
   */
  async ask(earlier: Found = nothingFound): Promise<Found> {
    const { calls, subscription, deployment } = this;
    const untold = new Map<ItemKind, string>();
    const told = <T>(kind: ItemKind, asking: Promise<T>, otherwise: T): Promise<T> =>
      asking.catch((error: unknown) => {
        if (!(error instanceof AzureCallError)) throw error;
        untold.set(kind, toldOf(error));
        return otherwise;
      });
    const tags = { project: deployment.project, stack: deployment.stack };
    const [groupsTagged, resourcesTagged, entra, ...binned] = await Promise.all([
      told("resource group", taggedGroups(calls, subscription, "stack", deployment.stack), []),
      told("resource elsewhere", taggedResources(calls, subscription, "stack", deployment.stack), []),
      inEntra(calls, tags),
      ...bins.map((bin) => told(bin.kind, inBin(calls, subscription, bin), [])),
    ]);
    const all = [...groupsTagged, ...resourcesTagged, ...entra.items, ...binned.flat()];
    const groups = ownGroups(deployment, all, this.state, earlier);
    const elsewhere = [...groupsTagged, ...resourcesTagged]
      .filter((item) => belongsTo(item.tags, deployment) && !among(groups, item.group))
      .map((item) => ({ ...item, kind: "resource elsewhere" as const }));
    const [living, deploymentRecords, identities] = await Promise.all([
      told("resource", Promise.all(groups.map((group) => inGroup(calls, subscription, group))), []),
      told("deployment", deployments(calls, subscription, groups), []),
      told("resource elsewhere", principalsOf(calls, elsewhere.filter(isIdentity).map(lowerId)), []),
    ]);
    const seen = [...new Set([...earlier.elsewhere, ...elsewhere.map(lowerId), ...idsIn(this.state)])];
    const applications = ours([...entra.items, ...binned.flat()], deployment, groups, seen);
    const principals = [
      ...new Set([
        ...earlier.principals,
        ...identities,
        ...living.flatMap((group) => group.principals),
        ...applications.filter(({ kind }) => kind.endsWith("service principal")).map(({ id }) => id),
      ]),
    ];
    const [roles, passwords, grants] = await Promise.all([
      told("role assignment", roleAssignments(calls, subscription, groups, principals), []),
      passwordsCalled(calls, groups),
      grantsOf(calls, principals),
    ]);
    const places = [...earlier.vaults, ...idsIn(this.state), ...roles.map(({ name }) => name)];
    const vaults = othersVaults(places, groups, [...elsewhere.map(lowerId), ...earlier.elsewhere]);
    const secrets = await told("secret elsewhere", taggedSecrets(calls, vaults, "stack", deployment.stack), []);
    for (const { kind, why } of [...entra.untold, ...passwords.untold, ...grants.untold]) untold.set(kind, why);
    return {
      items: [
        ...living.flatMap(({ items }) => items),
        ...elsewhere,
        ...secrets.filter((item) => belongsTo(item.tags, deployment)),
        ...roles,
        ...deploymentRecords,
        ...applications,
        ...passwords.items,
        ...grants.items,
      ],
      untold: [...untold].map(([kind, why]) => ({ kind, why })),
      principals,
      elsewhere: seen,
      vaults,
      groups,
    };
  }
}

/** Names of the resource groups that are a stack's own: those of its components, and those that its state holds. */
export function ownGroups(
  deployment: Deployment,
  all: readonly InventoryItem[],
  state: State | undefined,
  earlier: Pick<Found, "groups"> = nothingFound,
): string[] {
  const tags = all.flatMap((item) => (belongsTo(item.tags, deployment) ? [item.tags] : []));
  const inState = (state?.deployment.resources ?? []).flatMap(({ type, id }) =>
    type === "azure-native:resources:ResourceGroup" ? (groupOf(id ?? "") ?? []) : [],
  );
  const names = [...ownGroupNames(deployment, tags), ...inState, ...earlier.groups];
  return names.filter((name, at) => !among(names.slice(0, at), name));
}

/**
 * Of what the tenant and the subscription hold, the preview's: by tags, by the group that it was in, by the id that it had,
 * and a deleted service principal also by its application.
 * @param groups names of the preview's own groups
 * @param ids of what was the preview's in groups of others, in small letters
 */
function ours(
  all: readonly InventoryItem[],
  deployment: Deployment,
  groups: readonly string[],
  ids: readonly string[] = [],
): InventoryItem[] {
  const tagged = all.filter(
    ({ tags, group, was }) =>
      belongsTo(tags, deployment) || among(groups, group) || ids.includes(was?.toLowerCase() ?? ""),
  );
  const appIds = new Set(tagged.flatMap(({ appId }) => appId ?? []));
  return all.filter((item) => tagged.includes(item) || (item.appId !== undefined && appIds.has(item.appId)));
}

/** The vaults in these ids that are neither in a group of the preview's own nor themselves the preview's. */
function othersVaults(ids: readonly string[], groups: readonly string[], own: readonly string[]): string[] {
  const vaults = ids.flatMap((id) => vaultOf(id) ?? []);
  return vaults.filter(
    (vault, at) => !among(vaults.slice(0, at), vault) && !among(groups, groupOf(vault)) && !among(own, vault),
  );
}

function idsIn(state: State | undefined): string[] {
  return (state?.deployment.resources ?? []).flatMap(({ id }) => id?.toLowerCase() ?? []);
}

function lowerId({ id }: InventoryItem): string {
  return id.toLowerCase();
}

function isIdentity({ type }: InventoryItem): boolean {
  return same(type, "Microsoft.ManagedIdentity/userAssignedIdentities");
}
