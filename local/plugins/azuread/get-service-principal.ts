import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { PluginFunction } from "../row";
import type { Session } from "../session";
import { byValue } from "./application";
import { entries, graph, oneGiven, undefinedWhenGone } from "./graph";

/**
 * `azuread.getServicePrincipal`: a service principal that is there already, by one of three arguments, with the delegated
 * permissions that it publishes. Asks what the provider asks: the service principal, then the field that v1.0 does not tell.
 * https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/serviceprincipals/service_principal_data_source.go
 * @throws PluginError `InvalidInput` where none or several of the arguments are given, `RequestRefused` where Graph has no
 * such service principal, several of the name, or lets nobody look
 */
export const getServicePrincipal: PluginFunction = {
  token: "azuread:index/getServicePrincipal:getServicePrincipal",
  async invoke(session, inputs) {
    const principal = await find(session, inputs);
    const objectId = String(principal.id);
    const beta = await graph(session, "GET", `/beta/servicePrincipals/${objectId}?$select=samlMetadataUrl`);
    return { ...described(principal), samlMetadataUrl: beta.samlMetadataUrl ?? "" };
  },
};

async function find(session: Session, inputs: Properties): Promise<Properties> {
  const [given, value] = oneGiven(inputs, ["clientId", "displayName", "objectId"]);
  if (given === "objectId") {
    const found = await graph(session, "GET", `/servicePrincipals/${value}`).catch(undefinedWhenGone);
    if (found) return found;
    throw new PluginError("request-refused", `Service Principal (Service Principal: "${value}") was not found`, 404);
  }
  const filter = `${given === "displayName" ? given : "appId"} eq '${value.replaceAll("'", "''")}'`;
  const found = await listed(session, filter);
  if (found.length > 1) {
    throw new PluginError(
      "request-refused",
      `Multiple service principals found: found multiple service principals matching filter: ${JSON.stringify(filter)}`,
    );
  }
  if (found[0]) return found[0];
  throw new PluginError(
    "request-refused",
    given === "displayName"
      ? `Service principal not found: no service principals found matching filter: ${JSON.stringify(filter)}`
      : "No service principal found: no service principal found",
    404,
  );
}

async function listed(session: Session, filter: string): Promise<Properties[]> {
  try {
    return entries(await graph(session, "GET", `/servicePrincipals?${new URLSearchParams({ $filter: filter })}`));
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    const words = `Listing service principals for filter ${JSON.stringify(filter)}: ${error.message}`;
    throw new PluginError("request-refused", words, error.status);
  }
}

/** What both functions tell of a service principal. */
export function summary(principal: Properties): Properties {
  return {
    accountEnabled: principal.accountEnabled ?? false,
    appRoleAssignmentRequired: principal.appRoleAssignmentRequired ?? false,
    applicationTenantId: principal.appOwnerOrganizationId ?? "",
    clientId: principal.appId,
    displayName: principal.displayName,
    objectId: principal.id,
    preferredSingleSignOnMode: principal.preferredSingleSignOnMode ?? "",
    // The client id is among them at Graph, and is left out here.
    servicePrincipalNames: ((principal.servicePrincipalNames ?? []) as string[]).filter(
      (name) => name !== principal.appId,
    ),
    signInAudience: principal.signInAudience ?? "",
    tags: principal.tags ?? [],
    type: principal.servicePrincipalType ?? "",
  };
}

/** A service principal as the function tells it: what Graph leaves out is there and empty. */
function described(principal: Properties): Properties {
  const enabled = (list: unknown): Properties[] =>
    ((list ?? []) as Properties[]).map(({ isEnabled, origin: _origin, ...rest }) => ({ ...rest, enabled: isEnabled }));
  const scopes = enabled(principal.oauth2PermissionScopes);
  const appRoles = enabled(principal.appRoles);
  return {
    ...summary(principal),
    id: `/servicePrincipals/${String(principal.id)}`,
    alternativeNames: principal.alternativeNames ?? [],
    appRoleIds: byValue(appRoles),
    appRoles,
    description: principal.description ?? "",
    featureTags: [],
    features: [],
    homepageUrl: principal.homepage ?? "",
    loginUrl: principal.loginUrl ?? "",
    logoutUrl: principal.logoutUrl ?? "",
    notes: principal.notes ?? "",
    notificationEmailAddresses: principal.notificationEmailAddresses ?? [],
    oauth2PermissionScopeIds: byValue(scopes),
    oauth2PermissionScopes: scopes,
    redirectUris: principal.replyUrls ?? [],
    samlSingleSignOns: [],
  };
}
