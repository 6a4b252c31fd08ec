import { entra } from "../../contract/connection";
import type { BotConnection } from "../../infra/azure/bot-connections";
import { declaredUnasked, permissionTexts } from "../../infra/connections/apis";
import { entraServiceName, fieldOf, parametersOf } from "../../infra/connections/providers";
import { lackingOf } from "../../infra/deployment/existing";
import { type Residency, addressesOf } from "../../infra/facts/residency";
import { readConnections } from "../../infra/settings/connections";
import { describe } from "../../infra/settings/settings-error";
import { OpsError } from "../cli/ops-error";
import type { HandMade } from "./hand-made";
import { same } from "../azure/inventory/found";

interface Connections {
  readonly connections: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  /** Client id of the application that gets a password, so that a rotation can renew its connections. */
  readonly signInApp: string | undefined;
  readonly notes: readonly string[];
}

/** The connections that the settings can say, and through whose application a rotation can renew them. Throws an OpsError where there is none. */
export function connectionsOf(
  seen: HandMade,
  { tenantId, residency }: { readonly tenantId: string; readonly residency: Residency },
): Connections {
  const notes: string[] = [];
  const written = seen.connections.flatMap((connection) => {
    const one = asSettings(connection, tenantId);
    if (one === undefined) {
      notes.push(
        `the connection ${connection.name}: nobody knows its provider ${connection.providerId}; it stays beside`,
      );
      return [];
    }
    const { problems } = readConnections([one], false);
    if (problems.length === 0) return [{ connection, one }];
    notes.push(`the connection ${connection.name} stays beside: ${problems.map(describe).join(" ")}`);
    return [];
  });
  if (written.length === 0) {
    throw new OpsError(
      "settings-wrong",
      `The bot ${seen.bot.name} has no connection that the settings can say`,
      notes.length > 0 ? `Left out: ${notes.join("; ")}.` : "add one first: docs/add-a-connection.md",
    );
  }
  const candidates = [
    ...new Set(written.filter(({ one }) => one["provider"] === entra).map(({ connection }) => connection.clientId)),
  ];
  const { redirectAddress } = addressesOf(residency);
  const fit = candidates.find((clientId) => {
    const application = seen.applications.get(clientId.toLowerCase());
    if (!application) {
      notes.push(`the application ${clientId} is not in the tenant: nobody renews its secret here`);
      return false;
    }
    const through = written.filter(({ connection }) => connection.clientId === clientId).map(({ one }) => one);
    const args = through.map(({ clientId: _own, ...one }) => one as never);
    const lacking = lackingOf(application, { redirectAddress, permissions: permissionTexts(declaredUnasked(args)) });
    if (lacking.length === 0) return true;
    notes.push(
      `the application ${application.displayName} (${clientId}): ${lacking.join("; ")}. Until its owner adds that, nobody renews its secret here; then name it as existing.signInApp, and take clientId away from its connections`,
    );
    return false;
  });
  return {
    connections: written.map(({ one, connection }) => {
      if (fit === undefined || connection.clientId !== fit || one["provider"] !== entra) return one;
      const { clientId: _throughIt, ...rest } = one;
      return rest;
    }),
    signInApp: fit,
    notes,
  };
}

/** A connection as the settings say it, with the client id of its application; undefined where they cannot. */
function asSettings(
  { name, provider, clientId, scopes, parameters }: BotConnection,
  tenantId: string,
): ({ readonly name: string } & Readonly<Record<string, unknown>>) | undefined {
  if (!provider) return undefined;
  const own = provider.name === entraServiceName;
  const said = parametersOf(provider).flatMap((parameter) => {
    const value = parameters.get(parameter.name.toLowerCase());
    if (parameter.type === "securestring" || value === undefined || value === "") return [];
    if (own && parameter.name.toLowerCase() === "tenantid" && same(value, tenantId)) return [];
    return value === parameter.default ? [] : [[fieldOf(parameter), value] as const];
  });
  // Without a tenant of its own the Token Service takes people of every tenant in.
  const everybody = own && !parameters.get("tenantid") ? { tenantId: "common" } : {};
  return {
    name,
    provider: own ? entra : provider.name,
    scopes: scopes.split(provider.name === "oauth2" ? /[\s,]+/ : /\s+/).filter(Boolean),
    adopted: true,
    ...(clientId ? { clientId } : {}),
    ...everybody,
    ...Object.fromEntries(said),
  };
}
