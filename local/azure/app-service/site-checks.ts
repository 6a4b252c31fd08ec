import { AzureError } from "../error";
import { notServed } from "../gap";
import { isDelegated, networkIdOf, subnetAt } from "../network/virtual-networks";
import type { Azure, Resource } from "../service";
import {
  alwaysOnNotAllowed,
  conflict,
  invalidParameter,
  missingParameter,
  planNotFound,
  settingNamesNotAllowed,
  siteNameTaken,
  subnetNotDelegated,
  subnetNotFound,
} from "./errors";
import { siteProperties, type WebConfig } from "./site";
import { runtimeOf } from "./runtimes";

/** A site as a write would make it. */
export interface SiteWrite {
  readonly azure: Azure;
  readonly site: Resource;
  /** Where it runs, as {@link planOf} finds it. */
  readonly plan: Resource;
  readonly hostName: string;
  /** What the write says of `siteConfig`. */
  readonly config: WebConfig;
}

/** Finds a site's plan. Throws App Service's 404 where there is none. */
export function planOf(azure: Azure, serverFarmId: unknown): Resource {
  if (typeof serverFarmId !== "string" || serverFarmId === "") throw missingParameter("serverFarmId");
  const plan = azure.resources.get(serverFarmId);
  if (plan?.type.toLowerCase() !== "microsoft.web/serverfarms") {
    throw planNotFound(serverFarmId.split("/").at(-1) ?? serverFarmId);
  }
  return plan;
}

/** Checks a write of a site. Throws App Service's refusal of the first thing that does not hold. */
export function checkSite(write: SiteWrite): void {
  for (const check of checks) check(write);
}

/** What a write must hold, in order. */
const checks: readonly ((write: SiteWrite) => void)[] = [
  function nameIsFree({ azure, site, hostName }) {
    const taken = azure.resources
      .list("Microsoft.Web/sites")
      .some((other) => other.id.toLowerCase() !== site.id.toLowerCase() && hasHost(other, hostName));
    if (taken) throw siteNameTaken(site.name);
  },
  function planIsInTheSameRegion({ site, plan }) {
    const region = (location: string | undefined): string => (location ?? "").toLowerCase().replaceAll(" ", "");
    if (region(site.location) !== region(plan.location)) {
      throw conflict(`The plan '${plan.name}' is in '${plan.location}', the site in '${site.location}'.`);
    }
  },
  function runtimeIsKnown({ plan, config }) {
    checkRuntime(plan, config);
  },
  function alwaysOnNeedsABasicPlan({ plan, config }) {
    checkAlwaysOn(plan, config);
  },
  // https://learn.microsoft.com/azure/app-service/overview-vnet-integration: from Basic on; no recorded refusal was found.
  function networkNeedsABasicPlan({ site, plan }) {
    if (site.properties.virtualNetworkSubnetId && isFreeOrShared(plan))
      throw conflict("VNet integration is not available for this site as the plan does not allow it.");
  },
  function subnetIsDelegated({ azure, site }) {
    const id = site.properties.virtualNetworkSubnetId;
    if (!id) return;
    const subnet = subnetAt(azure, id);
    if (!subnet) throw subnetNotFound(String(id).split("/").at(-1)!);
    if (isDelegated(subnet, "Microsoft.Web/serverFarms")) return;
    throw subnetNotDelegated(subnet.name, networkIdOf(subnet.id).split("/").at(-1)!);
  },
  function identitiesExist({ azure, site }) {
    for (const id of assignedIdentities(site)) {
      if (!azure.resources.get(id)) throw identityNotFound(site.id, id);
    }
  },
  function assignedTypeNamesIdentities({ site }) {
    const type = String(site.identity?.type ?? "");
    if (/UserAssigned/i.test(type) && assignedIdentities(site).length === 0) {
      throw invalidParameter("identity.userAssignedIdentities", "The type UserAssigned needs at least one identity.");
    }
  },
  function referenceIdentityIsAssigned({ site }) {
    const named = siteProperties(site).keyVaultReferenceIdentity;
    if (!named || named.toLowerCase() === "systemassigned") return;
    if (!assignedIdentities(site).some((id) => id.toLowerCase() === named.toLowerCase())) {
      throw invalidParameter("KeyVaultReferenceIdentity", "The identity is not assigned to the site.");
    }
  },
  function settingNamesAreAllowed({ config }) {
    const settings = (config.appSettings ?? []) as readonly { name: string }[];
    checkSettingNames(settings.map(({ name }) => name));
  },
];

/** Throws App Service's refusal of a runtime that it does not know, and the local Azure's own of one that it has not. */
export function checkRuntime(plan: Resource, { linuxFxVersion: runtime }: WebConfig): void {
  if (!runtime) return;
  const found = runtimeOf(runtime);
  // On a plan without `reserved: true`, which is a Windows plan, no Linux runtime is valid.
  if (!plan.properties.reserved || found === "unknown") throw invalidParameter("LinuxFxVersion");
  if (found === "absent")
    throw notServed(`the runtime ${runtime}${/^python/i.test(runtime) ? " without a python3" : ""}`);
}

/** Free and shared plans cannot keep an app loaded. */
export function checkAlwaysOn(plan: Resource, config: WebConfig): void {
  if (config.alwaysOn && isFreeOrShared(plan)) throw alwaysOnNotAllowed();
}

const isFreeOrShared = (plan: Resource): boolean => /^(F|D)\d/i.test(String(plan.sku?.name));

/** On Linux: letters, digits, periods and underscores. Throws App Service's refusal, which names the others. */
export function checkSettingNames(names: readonly string[]): void {
  const wrong = names.filter((name) => !/^[A-Za-z0-9_.]+$/.test(name));
  if (wrong.length > 0) throw settingNamesNotAllowed(wrong);
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.find((_, at) => lower.indexOf(lower[at]!) !== at);
  if (twice) throw conflict(`The app setting '${twice}' is given twice.`);
}

/** Resource ids of a site's user-assigned identities. */
export function assignedIdentities(site: Resource): string[] {
  const identity = site.identity as { userAssignedIdentities?: Record<string, unknown> | null } | undefined;
  const assigned = Object.entries(identity?.userAssignedIdentities ?? {});
  return assigned.filter(([, value]) => value !== null).map(([id]) => id);
}

function hasHost(site: Resource, hostName: string): boolean {
  return siteProperties(site).defaultHostName.toLowerCase() === hostName.toLowerCase();
}

/** ARM, not App Service, assigns identities, so this refusal has ARM's form. */
function identityNotFound(siteId: string, identityId: string): AzureError {
  const message =
    `Identity operation for resource '${siteId}' failed with error 'Failed to perform resource identity operation. ` +
    `Status: 'BadRequest'. Response: 'Resource '${identityId}' was not found.''.`;
  return new AzureError(400, "FailedIdentityOperation", message, {
    error: { code: "FailedIdentityOperation", message },
  });
}
