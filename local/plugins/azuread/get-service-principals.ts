import { createHash } from "node:crypto";
import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { PluginFunction } from "../row";
import type { Session } from "../session";
import { summary } from "./get-service-principal";
import { graph } from "./graph";

/** What the provider asks for of each. */
const select =
  "accountEnabled,appId,appOwnerOrganizationId,appRoleAssignmentRequired,displayName,id,preferredSingleSignOnMode," +
  "servicePrincipalNames,servicePrincipalType,signInAudience,tags";

/**
 * `azuread.getServicePrincipals` with `returnAll`: every service principal of the tenant, page after page, and of each the
 * one field that v1.0 does not tell.
 * https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/serviceprincipals/service_principals_data_source.go
 * @throws PluginError `UnmappedInput` where other than all are asked for, `RequestRefused` where Graph lets nobody look
 */
export const getServicePrincipals: PluginFunction = {
  token: "azuread:index/getServicePrincipals:getServicePrincipals",
  async invoke(session, inputs) {
    if (inputs.returnAll !== true) {
      throw new PluginError(
        "unmapped-input",
        "only returnAll is mapped here: add the others to local/plugins/azuread/",
      );
    }
    const servicePrincipals: Properties[] = [];
    for (const principal of await all(session)) {
      const path = `/beta/servicePrincipals/${String(principal.id)}?$select=samlMetadataUrl`;
      // The provider takes no refusal of this one for an error.
      const beta = await graph(session, "GET", path).catch((): Properties => ({}));
      servicePrincipals.push({ ...summary(principal), samlMetadataUrl: beta.samlMetadataUrl ?? "" });
    }
    const objectIds = servicePrincipals.map(({ objectId }) => String(objectId));
    return {
      id: `serviceprincipals#${createHash("sha1").update(objectIds.join("/")).digest("base64url")}=`,
      returnAll: true,
      clientIds: servicePrincipals.map(({ clientId }) => clientId),
      displayNames: servicePrincipals.map(({ displayName }) => displayName),
      objectIds,
      servicePrincipals,
    };
  },
};

async function all(session: Session): Promise<Properties[]> {
  const found: Properties[] = [];
  let path: string | undefined = `/servicePrincipals?${new URLSearchParams({ $select: select })}`;
  while (path !== undefined) {
    const page: Properties = await graph(session, "GET", path).catch((error: unknown) => {
      if (!(error instanceof PluginError)) throw error;
      throw new PluginError("request-refused", `Could not retrieve service principals: ${error.message}`, error.status);
    });
    found.push(...((page.value ?? []) as Properties[]));
    const next = page["@odata.nextLink"];
    path = typeof next === "string" ? next.replace(/^.*?\/v1\.0/, "") : undefined;
  }
  return found;
}
