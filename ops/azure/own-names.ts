import type { Marked, Marks } from "../../infra/deployment/tags";
import { type GlobalKind, isGlobalName, namedAfter, ownName } from "../../infra/facts/names";

/** What names the resources that carry marks get, by their types in ARM. */
const kinds: Readonly<Record<string, GlobalKind>> = {
  "microsoft.keyvault/vaults": "vault",
  "microsoft.storage/storageaccounts": "storageAccount",
  "microsoft.managedidentity/userassignedidentities": "webApp",
  "microsoft.operationalinsights/workspaces": "webApp",
  "microsoft.web/serverfarms": "webApp",
  "microsoft.web/sites": "webApp",
  "microsoft.botservice/botservices": "bot",
};

/** What the names of a component's resources begin with; the component is the one that marks name. */
const after = ({ project }: Marked, marks: Marks): string => namedAfter(project, marks["component"] ?? project);

/**
 * Names of the resource groups that a stack's components make for themselves, where they are handed none.
 * @param marks of everything that carries the stack's: they name its components
 */
export function ownGroupNames(whose: Marked, marks: readonly Marks[]): string[] {
  // A component that is called as the project is has no mark of its own, and may have left nothing but an unmarked group.
  return [...new Set([{}, ...marks].map((one) => ownName(after(whose, one), whose.stack)))];
}

/**
 * Whether a resource that carries a stack's marks has the name that a component of it gives. A copy that somebody made of one
 * carries the marks too; in a resource group of others they alone are no reason to delete anything.
 * @param resource `type` as ARM writes it: `Microsoft.Web/sites`
 */
export function hasOwnName(
  whose: Marked,
  { type = "", name, marks }: { readonly type?: string | undefined; readonly name: string; readonly marks: Marks },
): boolean {
  const kind = kinds[type.toLowerCase()];
  return kind !== undefined && isGlobalName(kind, after(whose, marks), whose.stack, name);
}
