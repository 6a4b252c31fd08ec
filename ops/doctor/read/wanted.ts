import type { ResolvedConnection } from "../../../infra/decisions/connections";
import { connectionParameters } from "../../../infra/decisions/connections";
import { withProvider, withSecretless } from "../../../infra/decisions/connection-settings";
import { planOf } from "../../../infra/decisions/code";
import type { StackSettings } from "../../pulumi/stack-settings";
import type { Wanted } from "../set-up";

/** What a stack's settings say of its set-up, as far as the doctor compares it. */
export function wantedOf(settings: StackSettings): Wanted {
  const { residency, tenantId, singleSignOn, secretless, identity, chatPage, code, existing } = settings;
  const plan = planOf(code);
  return {
    residency,
    tenantId,
    singleSignOn,
    messages: plan.messages,
    runtime: plan.runtime,
    reportsHealth: plan.healthPath !== undefined,
    bundled: code === undefined,
    chatPage: chatPage.enabled,
    managedIdentity: identity === "managed",
    existingSignInApp: existing?.signInApp,
    existingVault: existing?.vault,
    connections: withSecretless(settings.connections.map(withProvider), secretless).map((connection) => {
      const { clientId } = connection;
      const uniqueIdentifier = connection.secretless ? "any" : undefined;
      const resolved = connection as unknown as ResolvedConnection;
      const { serviceProviderId } = connectionParameters(resolved, { tenantId, uniqueIdentifier });
      return {
        name: connection.name,
        providerId: serviceProviderId,
        clientId: typeof clientId === "string" ? clientId : undefined,
        scopes: connection.scopes,
      };
    }),
  };
}
