import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { Row } from "../row";
import type { Session } from "../session";
import { fromGraph, same, toGraph, type Field } from "./fields";
import { entries, graph, graphDelete, graphGet } from "./graph";
import { createOwned, passingText, writeOwners } from "./owned-object";
import { repeats } from "./repeats";

const scopeEntry = { enabled: "isEnabled" };

/** https://learn.microsoft.com/graph/api/resources/application */
const fields: readonly Field[] = [
  ...same(
    "displayName",
    "description",
    "notes",
    "signInAudience",
    "identifierUris",
    "serviceManagementReference",
    "tags",
    "api.requestedAccessTokenVersion",
    "api.knownClientApplications",
    "web.redirectUris",
    "web.logoutUrl",
    "publicClient.redirectUris",
  ),
  { input: "fallbackPublicClientEnabled", graph: "isFallbackPublicClient" },
  { input: "api.mappedClaimsEnabled", graph: "api.acceptMappedClaims" },
  { input: "api.oauth2PermissionScopes", graph: "api.oauth2PermissionScopes", entry: scopeEntry },
  { input: "appRoles", graph: "appRoles", entry: { enabled: "isEnabled" } },
  { input: "web.homepageUrl", graph: "web.homePageUrl" },
  {
    input: "web.implicitGrant.accessTokenIssuanceEnabled",
    graph: "web.implicitGrantSettings.enableAccessTokenIssuance",
  },
  { input: "web.implicitGrant.idTokenIssuanceEnabled", graph: "web.implicitGrantSettings.enableIdTokenIssuance" },
  { input: "singlePageApplication.redirectUris", graph: "spa.redirectUris" },
  {
    input: "requiredResourceAccesses",
    graph: "requiredResourceAccess",
    entry: { resourceAccesses: "resourceAccess" },
  },
  { input: "optionalClaims.accessTokens", graph: "optionalClaims.accessToken" },
  { input: "optionalClaims.idTokens", graph: "optionalClaims.idToken" },
  { input: "optionalClaims.saml2Tokens", graph: "optionalClaims.saml2Token" },
  { input: "marketingUrl", graph: "info.marketingUrl" },
  { input: "privacyStatementUrl", graph: "info.privacyStatementUrl" },
  { input: "supportUrl", graph: "info.supportUrl" },
  { input: "termsOfServiceUrl", graph: "info.termsOfServiceUrl" },
];
const apart = ["owners", "preventDuplicateNames"];

/** The defaults that the azuread provider adds where the program says nothing. */
function withDefaults(inputs: Properties): Properties {
  const api = { requestedAccessTokenVersion: 1, ...(inputs.api as Properties | undefined) };
  return { signInAudience: "AzureADMyOrg", ...inputs, api };
}

/** Object id out of `/applications/<object id>`, with or without what follows. */
export function applicationObjectId(id: unknown): string {
  const found = /^\/applications\/([0-9a-f-]{36})(\/|$)/i.exec(String(id))?.[1];
  if (found) return found;
  throw new PluginError(
    "invalid-input",
    `applicationId is "${String(id)}": an application's id is needed, /applications/<object id>`,
  );
}

/** What the id of an application's credential names: `<object id>/password/<key id>`. */
export function credentialOf(id: string): { objectId: string; keyId: string } {
  const [objectId = "", , keyId = ""] = id.split("/");
  return { objectId, keyId };
}

/** The outputs of an application as Graph shows it, and its owners. Asks what the real provider asks. */
async function outputsOf(session: Session, objectId: string): Promise<Properties | undefined> {
  const app = await graphGet(session, `/applications/${objectId}`);
  if (!app) return undefined;
  await graphGet(session, `/beta/applications/${objectId}?$select=oauth2RequirePostResponse`);
  const owners = entries(await graphGet(session, `/applications/${objectId}/owners`)).map((owner) => owner.id);
  const outputs = asDeclared(app);
  return {
    ...outputs,
    owners,
    objectId: app.id,
    clientId: app.appId,
    publisherDomain: app.publisherDomain,
    oauth2PermissionScopeIds: byValue((outputs.api as Properties | undefined)?.oauth2PermissionScopes),
    appRoleIds: byValue(outputs.appRoles),
  };
}

/** Graph's application in the words of the inputs that would make it. */
export function asDeclared(app: Properties): Properties {
  return fromGraph(fields, app);
}

/** Ids of scopes or roles by their values; one without a value is left out. */
export function byValue(list: unknown): Properties {
  const all = (list ?? []) as { id: string; value?: string }[];
  return Object.fromEntries(all.filter(({ value }) => value).map(({ id, value }) => [value as string, id]));
}

async function refuseDuplicate(session: Session, displayName: string): Promise<void> {
  const filter = new URLSearchParams({ $filter: `displayName eq '${displayName.replaceAll("'", "''")}'` });
  if (entries(await graph(session, "GET", `/applications?${filter}`)).length === 0) return;
  throw new PluginError(
    "already-exists",
    `an application named "${displayName}" exists, and preventDuplicateNames is set`,
  );
}

/** `azuread.Application` */
export const application: Row = {
  token: "azuread:index/application:Application",
  replaceOn: [],

  async create(session, inputs) {
    const body = toGraph(fields, withDefaults(inputs), apart);
    if (inputs.preventDuplicateNames === true) await refuseDuplicate(session, String(inputs.displayName));
    const owners = (inputs.owners as string[] | undefined) ?? [];
    const objectId = await createOwned(session, "applications", body, owners, {
      refused: { post: "Could not create application", patch: "Failed to patch application after creating" },
      patches: [{ displayName: passingText() }, { displayName: body.displayName }],
      patch: repeats.newApplication,
    });
    return { id: `/applications/${objectId}`, outputs: (await outputsOf(session, objectId)) ?? {} };
  },

  async read(session, id) {
    const outputs = await outputsOf(session, applicationObjectId(id));
    return outputs && { id, outputs, inputs: { displayName: outputs.displayName } };
  },

  async update(session, id, inputs) {
    const objectId = applicationObjectId(id);
    return session.exclusively(id, async () => {
      await graph(session, "PATCH", `/applications/${objectId}`, toGraph(fields, withDefaults(inputs), apart));
      await writeOwners(session, `/applications/${objectId}`, (inputs.owners as string[] | undefined) ?? []);
      return (await outputsOf(session, objectId)) ?? {};
    });
  },

  delete: (session, id) => graphDelete(session, `/applications/${applicationObjectId(id)}`),
};
