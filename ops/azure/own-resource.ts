import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { ownName } from "../../infra/facts/names";
import type { StackSettings } from "../pulumi/stack-settings";

/** Where a stack's own resource of a type is; without a name where there is none. */
export interface OwnResource {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly name: string | undefined;
}

/**
 * Finds the resource of a type that a stack deployed, by its tags: neither state nor passphrase is needed.
 * Throws an AzureCallError where Azure may not be read.
 * @param type `Microsoft.Web/sites`
 */
export async function ownResource(
  access: Access,
  { project, subscriptionId = "", existing }: StackSettings,
  stack: string,
  type: string,
  apiVersion: string,
): Promise<OwnResource> {
  const resourceGroupName = existing?.resourceGroup ?? ownName(project, stack);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
  const found = await armClient(access).find<{
    value: readonly { readonly name: string; readonly tags?: Readonly<Record<string, string>> }[];
  }>(`${group}/providers/${type}`, apiVersion);
  // That of a further component of the same stack has its name in a tag.
  const own = found?.value.find(
    ({ tags = {} }) => tags.project === project && tags.stack === stack && tags.component === undefined,
  );
  return { subscriptionId, resourceGroupName, name: own?.name };
}
