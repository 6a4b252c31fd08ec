import { randomUUID } from "node:crypto";
import type { Properties } from "../envelope";
import { PartlyMade, PluginError } from "../error";
import type { Row } from "../row";
import { claim, type Session } from "../session";
import { fromGraph, same, toGraph, type Field } from "./fields";
import { entries, graph, graphDelete, graphGet, reference } from "./graph";
import { type Repeats, repeats } from "./repeats";

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
  ),
  { input: "fallbackPublicClientEnabled", graph: "isFallbackPublicClient" },
  { input: "api.requestedAccessTokenVersion", graph: "api.requestedAccessTokenVersion" },
  { input: "api.mappedClaimsEnabled", graph: "api.acceptMappedClaims" },
  { input: "api.knownClientApplications", graph: "api.knownClientApplications" },
  { input: "api.oauth2PermissionScopes", graph: "api.oauth2PermissionScopes", entry: scopeEntry },
  { input: "appRoles", graph: "appRoles", entry: { enabled: "isEnabled" } },
  { input: "web.redirectUris", graph: "web.redirectUris" },
  { input: "web.homepageUrl", graph: "web.homePageUrl" },
  { input: "web.logoutUrl", graph: "web.logoutUrl" },
  {
    input: "web.implicitGrant.accessTokenIssuanceEnabled",
    graph: "web.implicitGrantSettings.enableAccessTokenIssuance",
  },
  { input: "web.implicitGrant.idTokenIssuanceEnabled", graph: "web.implicitGrantSettings.enableIdTokenIssuance" },
  { input: "singlePageApplication.redirectUris", graph: "spa.redirectUris" },
  { input: "publicClient.redirectUris", graph: "publicClient.redirectUris" },
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
    "InvalidInput",
    `applicationId is "${String(id)}": an application's id is needed, /applications/<object id>`,
  );
}

/** The outputs of an application as Graph shows it, and its owners. Asks what the real provider asks. */
async function outputsOf(session: Session, objectId: string): Promise<Properties | undefined> {
  const app = await graphGet(session, `/applications/${objectId}`);
  if (!app) return undefined;
  await graphGet(session, `/beta/applications/${objectId}?$select=oauth2RequirePostResponse`);
  const owners = entries(await graphGet(session, `/applications/${objectId}/owners`)).map((owner) => owner.id);
  const outputs = fromGraph(fields, app);
  const scopes = (outputs.api as { oauth2PermissionScopes?: { id: string; value?: string }[] } | undefined)
    ?.oauth2PermissionScopes;
  const roles = outputs.appRoles as { id: string; value?: string }[] | undefined;
  const byValue = (list: { id: string; value?: string }[] = []): Properties =>
    Object.fromEntries(list.filter(({ value }) => value).map(({ id, value }) => [value as string, id]));
  return {
    ...outputs,
    owners,
    objectId: app.id,
    clientId: app.appId,
    publisherDomain: app.publisherDomain,
    oauth2PermissionScopeIds: byValue(scopes),
    appRoleIds: byValue(roles),
  };
}

async function refuseDuplicate(session: Session, displayName: string): Promise<void> {
  const filter = new URLSearchParams({ $filter: `displayName eq '${displayName.replaceAll("'", "''")}'` });
  if (entries(await graph(session, "GET", `/applications?${filter}`)).length === 0) return;
  throw new PluginError(
    "AlreadyExists",
    `an application named "${displayName}" exists, and preventDuplicateNames is set`,
  );
}

/** How the provider proves that a new object has spread, because Entra is eventually consistent. */
interface Spreading {
  /** Which refusals of the POST are repeated. */
  readonly post?: Repeats;
  /** PATCHes after the POST, the last of which leaves the object as it is wanted. */
  readonly patches: readonly Properties[];
  /** Which refusals of those PATCHes are repeated. */
  readonly patch?: Repeats;
}

/**
 * Makes an object with the caller as first owner, so that it may change it, and takes the caller away at the end.
 * @throws PartlyMade where what comes after the POST is refused
 */
export async function createOwned(
  session: Session,
  collection: "applications" | "servicePrincipals",
  body: Properties,
  owners: readonly string[],
  spreading: Spreading,
): Promise<string> {
  const caller = claim(await session.token("https://graph.microsoft.com"), "oid");
  if (!caller)
    throw new PluginError("MissingCredential", "the deployer's Graph token has no oid: its object id is unknown");
  const bound = { ...body, "owners@odata.bind": [...new Set([caller, ...owners])].map(reference) };
  const object = await graph(session, "POST", `/${collection}`, bound, spreading.post);
  const path = `/${collection}/${String(object.id)}`;
  try {
    for (const changes of spreading.patches) await graph(session, "PATCH", path, changes, spreading.patch);
    if (!owners.includes(caller)) await graphDelete(session, `${path}/owners/${caller}/$ref`);
  } catch (error) {
    throw error instanceof PluginError ? new PartlyMade(error, path) : error;
  }
  return String(object.id);
}

/** The name or description that a new object bears for a moment. */
export function passingText(): string {
  return `TERRAFORM_UPDATE_${randomUUID()}`;
}

/** Brings an object's owners to the wanted ones. */
export async function writeOwners(session: Session, path: string, wanted: readonly string[]): Promise<void> {
  const present = entries(await graph(session, "GET", `${path}/owners`)).map((owner) => String(owner.id));
  for (const id of wanted.filter((owner) => !present.includes(owner))) {
    await graph(session, "POST", `${path}/owners/$ref`, { "@odata.id": reference(id) });
  }
  for (const id of present.filter((owner) => !wanted.includes(owner))) {
    await graphDelete(session, `${path}/owners/${id}/$ref`);
  }
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
