import type { LocalAzure } from "../../../local/azure/azure";
import { everythingIn } from "./portal";
import type { Stack } from "./stack";

const bornWithAnother =
  /\/(blobservices\/default|channels\/(directline|webchat)channel|(sites\/[^/]+\/(config|deploymentstatus)|basicpublishing[^/]+)\/[^/]+)$/;

/**
 * What ARM and Entra hold and the state of no stack does; left out is what Azure makes by itself: children of another
 * resource, and the principal of a managed identity.
 * @param before what was there before the first stack
 */
export async function orphans(
  azure: LocalAzure,
  stacks: readonly Stack[],
  before: ReadonlySet<string>,
): Promise<string[]> {
  const known = new Set<string>();
  for (const stack of stacks) {
    const { text } = await stack.mustRun("stack", ["export", "--stack", stack.name]);
    const { deployment } = JSON.parse(text) as { deployment: { resources?: { id?: string }[] } };
    for (const { id } of deployment.resources ?? []) if (id) known.add(id.toLowerCase());
  }
  for (const { id, servicePrincipalType } of azure.entra.servicePrincipals.values()) {
    if (servicePrincipalType === "ManagedIdentity") known.add(`/serviceprincipals/${id}`);
  }
  return everythingIn(azure).filter((id) => {
    // The state names a consent by its bare id.
    const name = id.replace("/oauth2PermissionGrants/", "").toLowerCase();
    return !before.has(id) && !known.has(name) && !bornWithAnother.test(name);
  });
}
