import type { Arm } from "../../infra/azure/arm";
import type { Environment } from "../../infra/azure/credential";
import { deployerCredential } from "../../infra/azure/deployer-credential";
import { type Assignment, type FoundPipeline, type Resource, versions } from "./read";
import type { Neighbours } from "./take-down";
import { idsOf, type WantedPipeline } from "./wanted";

type Named = Resource & { readonly name: string };

/** Reads what a pipeline must not take along when it goes. Errors: an AzureCallError. */
export async function readNeighbours(
  arm: Arm,
  wanted: WantedPipeline,
  found: FoundPipeline,
  environment: Environment,
): Promise<Neighbours> {
  const { project, place, level, customRoles } = wanted;
  const ids = idsOf(place, level);
  const others = async (present: unknown, path: string, version: string): Promise<string[]> =>
    present === undefined
      ? []
      : (await arm.list<Named>(path, version)).map(({ name }) => name).filter((name) => name !== level);
  const [stacks, containers, keys, inGroup, assignments] = await Promise.all([
    found.container ? stacksIn(`https://${place.account}.blob.core.windows.net/${level}`, environment) : [],
    others(found.account, `${ids.blobService}/containers`, versions.storage),
    found.vault ? arm.list<Named>(`${ids.vault}/keys`, versions.vault) : [],
    found.group ? arm.list<Named>(`${ids.group}/resources`, versions.group) : [],
    Promise.all(
      [...new Set(customRoles.map(({ subscriptionId }) => subscriptionId))].map((id) =>
        arm.list<Assignment>(`/subscriptions/${id}/providers/Microsoft.Authorization/roleAssignments`, versions.role),
      ),
    ),
  ]);
  // Nothing in the management plane deletes a key: one of a pipeline that has gone has no state any more that it could open.
  const isLeftOver = ({ name, tags }: Named): boolean => tags?.pipeline === project && !containers.includes(name);
  const own = [ids.account, ids.vault].map((id) => id.toLowerCase());
  return {
    stacks,
    containers,
    assignments: assignments.flat(),
    keys: keys.filter((key) => key.name !== level && !isLeftOver(key)).map(({ name }) => name),
    inGroup: inGroup.map(({ id }) => id).filter((id) => !own.includes(id.toLowerCase())),
  };
}

/** The stacks whose state a container holds; undefined where whoever asks may not look into it. */
async function stacksIn(container: string, environment: Environment): Promise<readonly string[] | undefined> {
  // Loaded only here: it costs a second of every start.
  const { ContainerClient } = await import("@azure/storage-blob");
  const client = new ContainerClient(container, deployerCredential(environment));
  const names: string[] = [];
  try {
    for await (const { name } of client.listBlobsFlat({ prefix: ".pulumi/stacks/" })) names.push(name);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 403) return undefined;
    throw error;
  }
  return stacksOf(names);
}

/**
 * The stacks whose states are among the names of a container's blobs. Pulumi may pack a state:
 * https://www.pulumi.com/docs/iac/cli/environment-variables/ (PULUMI_DIY_BACKEND_GZIP)
 */
export function stacksOf(names: readonly string[]): string[] {
  const stacks = names.flatMap((name) => /(?:^|\/)([^/]+)\.json(?:\.gz)?$/.exec(name)?.[1] ?? []);
  return [...new Set(stacks)];
}
