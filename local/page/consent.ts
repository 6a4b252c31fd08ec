import type { LocalAzure } from "../azure/azure";
import { grantAll, registeredDemands } from "../azure/entra/consent";

/** An application that everyone may use from now on. */
export interface Consented {
  readonly name: string;
  /** Its permissions, by value. */
  readonly permissions: readonly string[];
}

/**
 * `POST /consent/everyone`: what an administrator's "Grant admin consent" does, for each application by which a connection of
 * a bot signs users in. It grants what the application registered for itself, as the portal does:
 * https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
 */
export function consentForEveryone({ resources, entra }: Pick<LocalAzure, "resources" | "entra">): Response {
  const clients = resources
    .list("Microsoft.BotService/botServices/connections")
    .map(({ properties }) => String(properties.clientId ?? ""));
  const consented = [...new Set(clients)].flatMap((appId): Consented[] => {
    const application = entra.applicationByAppId(appId);
    const principal = entra.servicePrincipalByAppId(appId);
    if (!application || !principal) return [];
    const demands = registeredDemands(entra, appId);
    grantAll(entra, principal, demands, undefined);
    const permissions = demands.flatMap((demand) => demand.permissions.map(({ value }) => value));
    return [{ name: application.displayName, permissions }];
  });
  if (consented.length > 0) return Response.json({ consented });
  const message = "No connection of a bot signs users in by an application of this tenant.";
  return Response.json({ message }, { status: 409 });
}
