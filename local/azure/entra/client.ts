import { newApplication, type Application } from "./application";
import type { DirectoryStore } from "./directory-store";
import { refusals } from "./errors";
import type { ServicePrincipal } from "./service-principal";
import { directoryName, type Authority } from "./tenants";

/** The application that asks for a token, and its presence in the tenant. */
export interface Client {
  readonly application: Application;
  readonly principal: ServicePrincipal;
}

/** Finds the application that a request names. Throws AADSTS700016, AADSTS50194. */
export function findApplication(directory: DirectoryStore, where: Authority, clientId: string): Application {
  if (where.kind === "foreign") throw refusals.applicationNotFound(clientId, where.name);
  const application = directory.applicationByAppId(clientId);
  if (!application) throw refusals.applicationNotFound(clientId, directoryName(directory.tenant));
  if (where.kind === "any" && application.signInAudience === "AzureADMyOrg") {
    throw refusals.notMultiTenant(clientId, application.displayName, where.segment);
  }
  return application;
}

/** Finds the application's service principal. Throws AADSTS7000229 (known mistake 2), AADSTS7000112. */
export function findPrincipal(directory: DirectoryStore, application: Application): ServicePrincipal {
  const principal = directory.servicePrincipalByAppId(application.appId);
  if (!principal) throw refusals.servicePrincipalMissing(application.appId, directory.tenant.tenantId);
  if (!principal.accountEnabled) throw refusals.servicePrincipalDisabled(application.appId, application.displayName);
  return principal;
}

/**
 * A user-assigned identity as the client that a token of another issuer stands for: it has no application, no secret and
 * no certificate, so that nothing but its federated credentials lets it in. Undefined where the id names none.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity
 */
export function identityAsClient(
  directory: DirectoryStore,
  where: Authority,
  clientId: string,
): Application | undefined {
  const principal = directory.servicePrincipalByAppId(clientId);
  if (where.kind === "foreign" || principal?.servicePrincipalType !== "ManagedIdentity") return undefined;
  const { id, appId, displayName, createdDateTime } = principal;
  return newApplication({ id, appId, displayName, createdDateTime, publisherDomain: directory.tenant.domain });
}
