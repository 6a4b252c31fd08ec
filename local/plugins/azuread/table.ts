import type { Properties } from "../../../infra/provider/envelope";
import type { PluginFunction, Row } from "../row";
import { claim, type Session } from "../session";
import { application, applicationObjectId } from "./application";
import { applicationCertificate } from "./application-certificate";
import { applicationIdentifierUri, applicationPermissionScope, applicationPreAuthorized } from "./application-part";
import { applicationPassword } from "./application-password";
import { fromGraph, same, toGraph } from "./fields";
import { getApplication } from "./get-application";
import { getServicePrincipal } from "./get-service-principal";
import { getServicePrincipals } from "./get-service-principals";
import { graph, graphDelete, graphGet } from "./graph";
import { repeats } from "./repeats";
import { servicePrincipal } from "./service-principal";

const federated = [...same("issuer", "subject", "audiences", "description"), { input: "displayName", graph: "name" }];

const federatedPath = (id: string): string => {
  const [objectId, , credentialId] = id.split("/");
  return `/applications/${objectId}/federatedIdentityCredentials/${credentialId}`;
};

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
const federatedIdentityCredential: Row = {
  token: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  replaceOn: ["applicationId", "displayName"],
  async create(session, inputs) {
    const objectId = applicationObjectId(inputs.applicationId);
    return session.exclusively(`/applications/${objectId}`, async () => {
      await graph(session, "GET", `/applications/${objectId}`);
      const body = toGraph(federated, inputs, ["applicationId"]);
      const made = await graph(session, "POST", `/applications/${objectId}/federatedIdentityCredentials`, body);
      const id = `${objectId}/federatedIdentityCredential/${String(made.id)}`;
      return { id, outputs: { ...inputs, ...fromGraph(federated, made), credentialId: made.id } };
    });
  },
  async read(session, id) {
    const found = await graphGet(session, federatedPath(id));
    if (!found) return undefined;
    const inputs = { applicationId: `/applications/${id.split("/")[0]}`, ...fromGraph(federated, found) };
    return { id, outputs: { ...inputs, credentialId: found.id }, inputs };
  },
  async update(session, id, inputs, state) {
    const { name: _name, ...body } = toGraph(federated, inputs, ["applicationId"]);
    await graph(session, "PATCH", federatedPath(id), body);
    return { ...inputs, credentialId: state.outputs.credentialId };
  },
  delete: (session, id) => graphDelete(session, federatedPath(id)),
};

const grantInputs = (grant: Properties): Properties => ({
  servicePrincipalObjectId: grant.clientId,
  resourceServicePrincipalObjectId: grant.resourceId,
  claimValues: String(grant.scope ?? "")
    .split(" ")
    .filter(Boolean),
  ...(typeof grant.principalId === "string" ? { userObjectId: grant.principalId } : {}),
});

/** Consent for everyone, or for one user. https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
const delegatedPermissionGrant: Row = {
  token: "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  replaceOn: ["servicePrincipalObjectId", "resourceServicePrincipalObjectId", "userObjectId"],
  async create(session, inputs) {
    const grant = {
      clientId: inputs.servicePrincipalObjectId,
      resourceId: inputs.resourceServicePrincipalObjectId,
      consentType: inputs.userObjectId ? "Principal" : "AllPrincipals",
      ...(inputs.userObjectId ? { principalId: inputs.userObjectId } : {}),
      scope: (inputs.claimValues as string[]).join(" "),
    };
    const made = await graph(session, "POST", "/oauth2PermissionGrants", grant, repeats.newGrant);
    return { id: String(made.id), outputs: { ...inputs, ...grantInputs(made) } };
  },
  async read(session, id) {
    const grant = await graphGet(session, `/oauth2PermissionGrants/${id}`);
    return grant && { id, outputs: grantInputs(grant), inputs: grantInputs(grant) };
  },
  async update(session, id, inputs) {
    const scope = (inputs.claimValues as string[]).join(" ");
    await graph(session, "PATCH", `/oauth2PermissionGrants/${id}`, { scope });
    return inputs;
  },
  delete: (session, id) => graphDelete(session, `/oauth2PermissionGrants/${id}`),
};

/** Every resource type of azuread that the program uses. */
export const rows: readonly Row[] = [
  application,
  servicePrincipal,
  applicationPassword,
  applicationCertificate,
  applicationPermissionScope,
  applicationPreAuthorized,
  applicationIdentifierUri,
  federatedIdentityCredential,
  delegatedPermissionGrant,
];

/**
 * Client ids of Microsoft's own applications, the same in every tenant; those that a bot may have to do with.
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const publishedAppIds = {
  AzureKeyVault: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
  AzureServiceManagement: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
  AzureStorage: "e406a681-f3d4-42a8-90b6-c2b029497af1",
  MicrosoftGraph: "00000003-0000-0000-c000-000000000000",
  Office365ExchangeOnline: "00000002-0000-0ff1-ce00-000000000000",
  Office365SharePointOnline: "00000003-0000-0ff1-ce00-000000000000",
};

/** Every function of azuread that programs may call here. */
export const functions: readonly PluginFunction[] = [
  getApplication,
  getServicePrincipal,
  getServicePrincipals,
  {
    token: "azuread:index/getClientConfig:getClientConfig",
    async invoke(session: Session): Promise<Properties> {
      const { tenantId, clientId } = session;
      const objectId = claim(await session.token("https://graph.microsoft.com"), "oid");
      return { id: `${tenantId}-${clientId}-${objectId}`, tenantId, clientId, objectId };
    },
  },
  {
    token: "azuread:index/getApplicationPublishedAppIds:getApplicationPublishedAppIds",
    invoke: () => Promise.resolve({ id: "appIds", result: publishedAppIds }),
  },
];
