import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { PluginFunction } from "../row";
import type { Session } from "../session";
import { asDeclared, byValue } from "./application";
import { entries, graph, oneGiven, undefinedWhenGone } from "./graph";

/** Arguments that name an application, with Graph's filter for each; the object id is an address of its own. */
const filters: readonly (readonly [argument: string, filter: (value: string) => string])[] = [
  ["clientId", (value) => `appId eq '${value}'`],
  ["displayName", (value) => `displayName eq '${value}'`],
  ["identifierUri", (value) => `identifierUris/any(uri:uri eq '${value}')`],
];

/**
 * `azuread.getApplication`: an application that is there already, by one of four arguments. Asks what the provider asks,
 * in its order: the application, the one field that v1.0 does not tell, the owners.
 * https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/applications/application_data_source.go
 * @throws PluginError `InvalidInput` where none or several of the arguments are given, `RequestRefused` where Graph has no
 * such application or several
 */
export const getApplication: PluginFunction = {
  token: "azuread:index/getApplication:getApplication",
  async invoke(session, inputs) {
    const app = await find(session, inputs);
    const objectId = String(app.id);
    const beta = await graph(session, "GET", `/beta/applications/${objectId}?$select=oauth2RequirePostResponse`);
    const owners = entries(await graph(session, "GET", `/applications/${objectId}/owners`)).map(({ id }) => id);
    return {
      ...described(app),
      id: `/applications/${objectId}`,
      objectId,
      oauth2PostResponseRequired: beta.oauth2RequirePostResponse ?? false,
      owners,
    };
  },
};

async function find(session: Session, inputs: Properties): Promise<Properties> {
  const [given, value] = oneGiven(inputs, ["clientId", "displayName", "objectId", "identifierUri"]);
  const filter = filters.find(([argument]) => argument === given)?.[1](value);
  if (filter === undefined) {
    const app = await graph(session, "GET", `/applications/${value}`).catch(undefinedWhenGone);
    if (app) return app;
    throw new PluginError("request-refused", `Application with object ID ${JSON.stringify(value)} was not found`, 404);
  }
  const found = entries(await graph(session, "GET", `/applications?${new URLSearchParams({ $filter: filter })}`));
  if (found.length === 1) return found[0]!;
  throw new PluginError(
    "request-refused",
    found.length === 0
      ? `Application not found: no applications found matching filter: ${JSON.stringify(filter)}`
      : `Multiple applications found: found multiple applications matching filter: ${JSON.stringify(filter)}`,
    404,
  );
}

/** An application as the function tells it: blocks are lists of one, and what Entra leaves out is there and empty. */
function described(app: Properties): Properties {
  const { api, web, publicClient, singlePageApplication, optionalClaims, requiredResourceAccesses, ...others } =
    asDeclared(app);
  const { implicitGrant, ...pages } = (web ?? {}) as Properties;
  const scopes = (api as Properties | undefined)?.oauth2PermissionScopes;
  return {
    ...others,
    clientId: app.appId,
    publisherDomain: app.publisherDomain ?? "",
    deviceOnlyAuthEnabled: app.isDeviceOnlyAuthSupported ?? false,
    disabledByMicrosoft: app.disabledByMicrosoftStatus ?? "",
    fallbackPublicClientEnabled: others.fallbackPublicClientEnabled ?? false,
    description: others.description ?? "",
    notes: others.notes ?? "",
    serviceManagementReference: others.serviceManagementReference ?? "",
    identifierUris: others.identifierUris ?? [],
    tags: others.tags ?? [],
    appRoles: others.appRoles ?? [],
    appRoleIds: byValue(others.appRoles),
    oauth2PermissionScopeIds: byValue(scopes),
    groupMembershipClaims: app.groupMembershipClaims ? [app.groupMembershipClaims] : [],
    apis: api ? [{ knownClientApplications: [], mappedClaimsEnabled: false, ...(api as Properties) }] : [],
    webs: web
      ? [
          {
            homepageUrl: "",
            logoutUrl: "",
            redirectUris: [],
            ...pages,
            implicitGrants: implicitGrant ? [implicitGrant] : [],
          },
        ]
      : [],
    publicClients: publicClient ? [publicClient] : [],
    singlePageApplications: singlePageApplication ? [singlePageApplication] : [],
    optionalClaims: optionalClaims ? [optionalClaims] : [],
    requiredResourceAccesses: requiredResourceAccesses ?? [],
  };
}
