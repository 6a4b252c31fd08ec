import { randomUUID } from "node:crypto";
import { newId } from "../secrets";
import { newApplication, type Application } from "./application";
import type { DirectoryStore } from "./directory-store";
import { graphAppId } from "./graph-permissions";
import { newServicePrincipal, type ServicePrincipal } from "./service-principal";

/** The application permissions at Graph with which the deployer deploys. */
const permissions = [
  "Application.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.Read.All",
  "Policy.Read.All",
];

/** Registers the application that deploys, with its service principal and its permissions; its secret is added apart. */
export function addDeployer(directory: DirectoryStore, createdDateTime: string): Application {
  const { tenant } = directory;
  const { clientId, objectId } = tenant.deployer;
  const displayName = "deployer";
  const application = newApplication({
    id: randomUUID(),
    appId: clientId,
    displayName,
    createdDateTime,
    publisherDomain: tenant.domain,
  });
  application.signInAudience = "AzureADMyOrg";
  directory.applications.set(application.id, application);
  const principal = newServicePrincipal({
    id: objectId,
    appId: clientId,
    displayName,
    createdDateTime,
    appOwnerOrganizationId: tenant.tenantId,
  });
  directory.servicePrincipals.set(objectId, principal);
  const graph = directory.servicePrincipalByAppId(graphAppId) as ServicePrincipal;
  for (const role of graph.appRoles.filter(({ value }) => permissions.includes(value ?? ""))) {
    const id = newId(32, "base64url");
    const assignment = { id, principalId: objectId, resourceId: graph.id, appRoleId: role.id, createdDateTime };
    directory.appRoleAssignments.set(id, assignment);
  }
  return application;
}
