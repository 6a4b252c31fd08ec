import type { Deployment, Tags } from "../../infra/deployment/tags";
import { type GlobalKind, isGlobalName, namedAfter, ownName } from "../../infra/facts/names";

/** What names the resources that carry tags get, by their types in ARM. */
const kinds: Readonly<Record<string, GlobalKind>> = {
  "microsoft.keyvault/vaults": "vault",
  "microsoft.storage/storageaccounts": "storageAccount",
  "microsoft.managedidentity/userassignedidentities": "webApp",
  "microsoft.operationalinsights/workspaces": "webApp",
  "microsoft.web/serverfarms": "webApp",
  "microsoft.web/sites": "webApp",
  "microsoft.botservice/botservices": "bot",
};

/** What the names of a component's resources begin with; the component is the one that tags name. */
const after = ({ project }: Deployment, tags: Tags): string => namedAfter(project, tags["component"] ?? project);

/**
 * Names of the resource groups that a stack's components make for themselves, where they are handed none.
 * @param tags of everything that carries the stack's: they name its components
 */
export function ownGroupNames(deployment: Deployment, tags: readonly Tags[]): string[] {
  // A component that is called as the project is has no tag of its own, and may have left nothing but an untagged group.
  return [...new Set([{}, ...tags].map((one) => ownName(after(deployment, one), deployment.stack)))];
}

/**
 * Whether a resource that carries a stack's tags has the name that a component of it gives. A copy that somebody made of one
 * carries the tags too; in a resource group of others they alone are no reason to delete anything.
 * @param resource `type` as ARM writes it: `Microsoft.Web/sites`
 */
export function hasOwnName(
  deployment: Deployment,
  { type = "", name, tags }: { readonly type?: string | undefined; readonly name: string; readonly tags: Tags },
): boolean {
  const kind = kinds[type.toLowerCase()];
  return kind !== undefined && isGlobalName(kind, after(deployment, tags), deployment.stack, name);
}
