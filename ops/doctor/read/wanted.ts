import type { Skill } from "../../../contract/connection";
import type { ResolvedConnection } from "../../../infra/connections/parameters";
import { connectionParameters } from "../../../infra/connections/parameters";
import { withProvider, withSecretless } from "../../../infra/settings/connections";
import { planOf } from "../../../infra/deployment/code";
import type { StackSettings } from "../../pulumi/stack-settings";
import type { Wanted } from "../set-up";

/** What the bundled bot is asked for, by skill. */
const words: Readonly<Record<Skill, string>> = { mail: "mail", github: "issues", orders: "orders" };

/** What a stack's settings say of its set-up, as far as the doctor compares it. */
export function wantedOf(settings: StackSettings): Wanted {
  const { residency, tenantId, singleSignOn, secretless, identity, chatPage, code, existing, adopted } = settings;
  const { endpoint } = existing ?? {};
  const plan = planOf(code);
  return {
    residency,
    tenantId,
    singleSignOn,
    messages: endpoint === undefined ? plan.messages : new URL(endpoint).pathname,
    runtime: plan.runtime,
    hosted: endpoint === undefined,
    endpoint,
    ownSites: adopted === undefined,
    teams: adopted === undefined || adopted.teams === true,
    reportsHealth: plan.healthPath !== undefined && endpoint === undefined,
    bundled: code === undefined && endpoint === undefined,
    chatPage: chatPage.enabled,
    says:
      code === undefined && endpoint === undefined
        ? settings.connections.flatMap(({ skill }) => (skill ? [words[skill]] : []))[0]
        : undefined,
    identity,
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
