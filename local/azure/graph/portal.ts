import { AzureError } from "../error";
import { notServed, requestOf } from "../gap";
import { type Routes, served } from "../routes";
import { TokenRefused, type Azure } from "../service";
import type { Service } from "../hosted-service";
import type { DirectoryStore } from "../entra/directory-store";
import { scopesOf } from "../entra/service-principal";
import { newId } from "../secrets";

/** The portal's own service behind Entra's pages, by its client id. */
const audience = "74658136-14ec-4630-ad9b-26e160ff0fc6";

/**
 * What `az ad app permission admin-consent` asks: a service of the portal that is written down nowhere but in azure-cli
 * (`command_modules/role/custom.py`). An administrator consents to all that an application registered for itself.
 */
export function createPortalConsent(azure: Azure, directory: DirectoryStore): Service {
  const routes: Routes = {
    "POST /api/RegisteredApplications/{appId}/Consent": async ({ request, params }) => {
      const person = await administrator(azure, directory, request);
      if (!person) return new Response(null, { status: 403 });
      const principal = directory.servicePrincipalByAppId(params["appId"] as string);
      const application = directory.applicationByAppId(params["appId"] as string);
      if (!principal || !application) return new Response(null, { status: 404 });
      consentToAll(directory, azure.clock.now(), principal.id, application.requiredResourceAccess);
      return new Response(null, { status: 204 });
    },
  };
  return {
    name: "Entra's portal",
    hosts: ["main.iam.ad.ext.azure.com"],
    ...served(routes, (request) => notServed(requestOf(request), "Azure may")),
  };
}

async function administrator(azure: Azure, directory: DirectoryStore, request: Request): Promise<boolean> {
  try {
    const { oid } = await azure.directory.verify(request, [audience]);
    return directory.people.some(({ objectId, administrator: may }) => may && objectId === oid);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw new AzureError(401, "Unauthorized", error.message, "");
  }
}

function consentToAll(
  directory: DirectoryStore,
  now: Date,
  principalId: string,
  wanted: readonly { resourceAppId: string; resourceAccess: readonly { id: string; type: string }[] }[],
): void {
  for (const { resourceAppId, resourceAccess } of wanted) {
    const resource = directory.servicePrincipalByAppId(resourceAppId);
    if (!resource) continue;
    const ids = (type: string): Set<string> =>
      new Set(resourceAccess.filter((one) => one.type === type).map(({ id }) => id));
    const scopes = scopesOf(resource, directory.applicationByAppId(resourceAppId));
    const names = scopes.filter(({ id }) => ids("Scope").has(id)).map(({ value }) => value);
    if (names.length > 0) directory.grant(principalId, resource.id, names);
    for (const appRoleId of ids("Role")) {
      const held = [...directory.appRoleAssignments.values()].some(
        (one) => one.principalId === principalId && one.resourceId === resource.id && one.appRoleId === appRoleId,
      );
      if (held) continue;
      const id = newId(32, "base64url");
      const createdDateTime = now.toISOString();
      directory.appRoleAssignments.set(id, { id, principalId, resourceId: resource.id, appRoleId, createdDateTime });
    }
  }
}
