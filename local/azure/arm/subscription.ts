import { authorize } from "./access";
import { page } from "./answer";
import type { Asked, Core } from "./core";
import { methodNotAllowed, subscriptionNotFound } from "./errors";
import { regions } from "./locations";
import type { ArmPath } from "./path";
import { listResources } from "./resource-groups";

/** Refuses every subscription but the tenant's one. */
export function demandSubscription(core: Core, path: ArmPath): void {
  if (path.subscription === undefined) return;
  if (path.subscription.toLowerCase() === core.azure.tenant.subscriptionId.toLowerCase()) return;
  throw subscriptionNotFound(path.subscription);
}

/** Tenants, subscriptions, locations, provider registration, all resources. Undefined for another path. */
export function subscriptionRequest(core: Core, asked: Asked, path: ArmPath): Response | undefined {
  const { method } = asked.request;
  const [first, , third, fourth] = path.segments.map((segment) => segment.toLowerCase());
  const length = path.segments.length;
  const read = (scope: string, what = "Microsoft.Resources/subscriptions/read"): void => {
    if (method !== "GET") throw methodNotAllowed(method);
    authorize(core.azure, asked.caller, what, scope);
  };
  const subscription = `/subscriptions/${core.azure.tenant.subscriptionId}`;

  if (first === "tenants" && length === 1) return page(asked.url, [tenant(core)]);
  if (first === "providers") {
    if (length === 1)
      return page(
        asked.url,
        core.types.namespaces().map((name) => core.types.describe(name)),
      );
    if (length === 2 && method === "GET") return Response.json(core.types.describe(path.namespace!));
    return undefined;
  }
  if (first !== "subscriptions") return undefined;
  if (length === 1) {
    const visible = core.azure.roles.allows(
      asked.caller.oid,
      "Microsoft.Resources/subscriptions/read",
      subscription,
      "control",
    );
    return page(asked.url, visible ? [describe(core)] : []);
  }
  if (length === 2) {
    read(subscription);
    return Response.json(describe(core));
  }
  if (third === "locations" && length === 3) {
    read(subscription, "Microsoft.Resources/subscriptions/locations/read");
    return page(
      asked.url,
      Object.entries(regions).map(([name, displayName]) => location(subscription, name, displayName)),
    );
  }
  if (third === "resources" && length === 3) {
    read(subscription, "Microsoft.Resources/subscriptions/resources/read");
    return listResources(core, asked, subscription);
  }
  if (third === "providers" && fourth === undefined) {
    read(subscription, "Microsoft.Resources/subscriptions/providers/read");
    const { subscriptionId } = core.azure.tenant;
    return page(
      asked.url,
      core.types.namespaces().map((name) => core.types.describe(name, subscriptionId)),
    );
  }
  return third === "providers" ? providerRegistration(core, asked, path) : undefined;
}

function providerRegistration(core: Core, asked: Asked, path: ArmPath): Response | undefined {
  const { method } = asked.request;
  const { subscriptionId } = core.azure.tenant;
  const scope = `/subscriptions/${subscriptionId}`;
  if (path.tail.length === 0 && method === "GET") {
    authorize(core.azure, asked.caller, "Microsoft.Resources/subscriptions/providers/read", scope);
    return Response.json(core.types.describe(path.namespace!, subscriptionId));
  }
  const verb = path.tail[0]?.toLowerCase();
  if (path.tail.length !== 1 || method !== "POST" || (verb !== "register" && verb !== "unregister")) return undefined;
  const { namespace } = core.types.ofNamespace(path.namespace!);
  authorize(core.azure, asked.caller, `${namespace}/${verb}/action`, scope);
  if (verb === "register") core.types.unregistered.delete(namespace.toLowerCase());
  else core.types.unregistered.add(namespace.toLowerCase());
  return Response.json(core.types.describe(namespace, subscriptionId));
}

function describe(core: Core): Record<string, unknown> {
  const { subscriptionId, tenantId } = core.azure.tenant;
  const tags = core.store.get(`/subscriptions/${subscriptionId}`)?.tags;
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: "Local Azure",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
    authorizationSource: "RoleBased",
    managedByTenants: [],
    ...(tags && { tags }),
  };
}

function tenant(core: Core): Record<string, unknown> {
  const { tenantId, domain } = core.azure.tenant;
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    displayName: "Contoso",
    defaultDomain: domain,
    domains: [domain],
    tenantCategory: "Home",
  };
}

function location(subscription: string, name: string, displayName: string): Record<string, unknown> {
  return {
    id: `${subscription}/locations/${name}`,
    type: "Region",
    name,
    displayName,
    regionalDisplayName: displayName,
    metadata: { regionType: "Physical" },
  };
}
