import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { Row } from "../row";
import type { Session } from "../session";
import { byValue } from "./application";
import { fromGraph, same, toGraph, type Field } from "./fields";
import { entries, graph, graphDelete, graphGet } from "./graph";
import { createOwned, passingText, writeOwners } from "./owned-object";
import { repeats } from "./repeats";

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const fields: readonly Field[] = [
  ...same(
    "accountEnabled",
    "alternativeNames",
    "appRoleAssignmentRequired",
    "description",
    "loginUrl",
    "notes",
    "tags",
    "notificationEmailAddresses",
    "preferredSingleSignOnMode",
  ),
];
const apart = ["clientId", "owners", "useExisting"];

const objectIdOf = (id: string): string => id.replace(/^\/servicePrincipals\//i, "");

function body(inputs: Properties): Properties {
  return { accountEnabled: true, appRoleAssignmentRequired: false, ...toGraph(fields, inputs, apart) };
}

async function outputsOf(session: Session, objectId: string): Promise<Properties | undefined> {
  const principal = await graphGet(session, `/servicePrincipals/${objectId}`);
  if (!principal) return undefined;
  await graphGet(session, `/beta/servicePrincipals/${objectId}?$select=samlMetadataUrl`);
  const owners = entries(await graphGet(session, `/servicePrincipals/${objectId}/owners`)).map((owner) => owner.id);
  return {
    ...fromGraph(fields, principal),
    owners,
    objectId: principal.id,
    clientId: principal.appId,
    displayName: principal.displayName,
    applicationTenantId: principal.appOwnerOrganizationId,
    servicePrincipalNames: principal.servicePrincipalNames,
    signInAudience: principal.signInAudience,
    type: principal.servicePrincipalType,
    appRoleIds: byValue(principal.appRoles),
    oauth2PermissionScopeIds: byValue(principal.oauth2PermissionScopes),
  };
}

/** `azuread.ServicePrincipal`. With `useExisting` one that is there (Microsoft's own, say) is taken and left at a destroy. */
export const servicePrincipal: Row = {
  token: "azuread:index/servicePrincipal:ServicePrincipal",
  replaceOn: ["clientId", "useExisting"],

  async create(session, inputs) {
    const filter = new URLSearchParams({ $filter: `appId eq '${String(inputs.clientId)}'` });
    const existing = entries(await graph(session, "GET", `/servicePrincipals?${filter}`))[0];
    if (existing && inputs.useExisting !== true) {
      throw new PluginError(
        "already-exists",
        `a service principal for client id ${String(inputs.clientId)} exists (${String(existing.id)}): set useExisting to take it`,
      );
    }
    const owners = (inputs.owners as string[] | undefined) ?? [];
    const wanted = { appId: inputs.clientId, ...body(inputs), description: passingText() };
    const objectId = existing
      ? String(existing.id)
      : await createOwned(session, "servicePrincipals", wanted, owners, {
          refused: {
            post: "Could not create service principal",
            patch: "Failed to patch service principal after creating",
          },
          post: repeats.newServicePrincipal,
          patches: [{ description: inputs.description ?? null }],
        });
    const changes = toGraph(fields, inputs, apart);
    if (existing && Object.keys(changes).length > 0) {
      await graph(session, "PATCH", `/servicePrincipals/${objectId}`, changes);
    }
    return { id: `/servicePrincipals/${objectId}`, outputs: (await outputsOf(session, objectId)) ?? {} };
  },

  async read(session, id) {
    const outputs = await outputsOf(session, objectIdOf(id));
    return outputs && { id, outputs, inputs: { clientId: outputs.clientId } };
  },

  async update(session, id, inputs) {
    const path = `/servicePrincipals/${objectIdOf(id)}`;
    await graph(session, "PATCH", path, body(inputs));
    if (inputs.owners) await writeOwners(session, path, inputs.owners as string[]);
    return (await outputsOf(session, objectIdOf(id))) ?? {};
  },

  async delete(session, id, state) {
    if (state.inputs.useExisting !== true) await graphDelete(session, `/servicePrincipals/${objectIdOf(id)}`);
  },
};
