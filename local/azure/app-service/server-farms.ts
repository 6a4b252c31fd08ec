import { z } from "zod";
import { envelope } from "../arm/answer";
import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import type { Azure, Resource } from "../service";
import { normalise } from "../arm/locations";
import { each } from "../members";
import { same } from "../names";
import {
  alwaysOnNotAllowed,
  conflict,
  freePlansUsedUp,
  invalidParameter,
  missingParameter,
  overQuota,
  planInUse,
} from "./errors";
import { quotaTierOf, quotaTiers, workersOf } from "./quota";
import { groupOf, siteProperties, webConfigOf } from "./site";
import { regionOf, stamp, webSpaceOf } from "./site-answer";

/** Sizes of a plan, and what each is a size of. https://learn.microsoft.com/azure/app-service/overview-hosting-plans */
const tiers: Readonly<Record<string, string>> = {
  F1: "Free",
  D1: "Shared",
  ...each("Basic", "B1 B2 B3"),
  ...each("Standard", "S1 S2 S3"),
  ...each("PremiumV2", "P1V2 P2V2 P3V2"),
  P0V3: "Premium0V3",
  ...each("PremiumV3", "P1V3 P2V3 P3V3"),
  P0V4: "Premium0V4",
  ...each("PremiumV4", "P1V4 P2V4 P3V4"),
};

/** How many workers a plan may have: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits */
const mostWorkers: Readonly<Record<string, number>> = { Free: 1, Shared: 1, Basic: 3, Standard: 10 };

const body = z.strictObject({
  location: z.string(),
  kind: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  extendedLocation: z.object({ name: z.string().optional() }).nullish(),
  identity: z.looseObject({ type: z.string() }).nullish(),
  sku: z
    .strictObject({
      ...each(z.string().optional(), "name tier size family"),
      capacity: z.number().int().optional(),
    })
    .nullish(),
  properties: z
    .strictObject({
      ...each(
        z.boolean().nullish(),
        "reserved perSiteScaling elasticScaleEnabled isSpot isXenon hyperV zoneRedundant",
        "asyncScalingEnabled",
      ),
      maximumElasticWorkerCount: z.number().int().nullish(),
      ...each(z.string().nullish(), "spotExpirationTime freeOfferExpirationTime workerTierName"),
      targetWorkerCount: z.number().int().nullish(),
      targetWorkerSizeId: z.number().int().nullish(),
      hostingEnvironmentProfile: z.object({ id: z.string() }).nullish(),
      kubeEnvironmentProfile: z.object({ id: z.string() }).nullish(),
    })
    .nullish(),
});

/** App Service plans. What makes one a Linux plan is `reserved: true` alone; `kind` is decoration. */
export function serverFarms(azure: Azure): ResourceType {
  return {
    type: "Microsoft.Web/serverfarms",
    apiVersions: apiVersionsOf("Microsoft.Web"),
    name: { pattern: /^[A-Za-z0-9-]{1,60}$/, error: () => invalidParameter("name") },
    body,
    created: 200,
    listMembers: { nextLink: null, id: null },
    show: (plan, answer) => showPlan(azure, plan, answer),
    write(_context, plan, before) {
      const sku = plan.sku ?? before?.sku;
      if (!sku?.name) throw missingParameter("sku.name");
      const size = String(sku.name);
      const tier = tiers[size.toUpperCase()];
      // https://github.com/microsoft/vscode-azuretools/issues/2130
      if (!tier) throw invalidParameter("SKU.Name");
      const reserved = Boolean(plan.properties.reserved ?? before?.properties.reserved);
      if (before && reserved !== Boolean(before.properties.reserved)) {
        throw conflict("The operating system of an App Service plan cannot be changed.");
      }
      if (!before && tier === "Free" && reserved && hasFreeLinuxPlan(azure, plan.location)) throw freePlansUsedUp();
      // https://github.com/Azure/azure-quickstart-templates/issues/7747; assumed: the words, which it does not quote.
      const awake = sitesOn(azure, plan).some((site) => webConfigOf(azure, site).alwaysOn);
      if (awake && /^(Free|Shared)$/.test(tier)) throw alwaysOnNotAllowed();
      refuseOverQuota(azure, plan, quotaTierOf(tier), Number(sku.capacity ?? 1));
      plan.sku = { name: size, tier, size, family: size.replace(/\d/, ""), capacity: sku.capacity ?? 1 };
      plan.kind = reserved ? "linux" : "app";
      plan.properties = {
        ...each(false, "perSiteScaling elasticScaleEnabled zoneRedundant isXenon hyperV"),
        ...each(0, "targetWorkerCount targetWorkerSizeId"),
        maximumElasticWorkerCount: 1,
        ...Object.fromEntries(Object.entries(plan.properties).filter(([, value]) => value !== null)),
        reserved,
        numberOfWorkers: plan.sku.capacity,
        maximumNumberOfWorkers: mostWorkers[tier] ?? 30,
        geoRegion: regionOf(plan.location),
        subscription: azure.tenant.subscriptionId,
        resourceGroup: groupOf(plan.id),
        status: "Ready",
        provisioningState: "Succeeded",
      };
    },
    namespaceActions: {
      // https://learn.microsoft.com/rest/api/appservice/get-usages-in-location/list: what is unlimited has -1.
      "GET locations/{location}/usages": ({ names }) => ({
        value: quotaTiers.map((tier) => ({
          unit: "Count",
          nextResetTime: "9999-12-31T23:59:59.9999999Z",
          currentValue: workersOf(azure.resources, tier, normalise(names["location"] ?? "")),
          limit: azure.appServiceQuota?.get(tier) ?? -1,
          name: { value: tier, localizedValue: tier },
        })),
        nextLink: null,
      }),
    },
    delete(_context, plan) {
      const sites = sitesOn(azure, plan);
      if (sites.length > 0)
        throw planInUse(
          plan.name,
          sites.map(({ name }) => name),
        );
    },
  };
}

/** One is all that a subscription may have of them in a region. */
const hasFreeLinuxPlan = (azure: Azure, location: string | undefined): boolean =>
  azure.resources
    .list("Microsoft.Web/serverfarms")
    .some((other) => other.location === location && other.sku?.tier === "Free" && other.properties.reserved === true);

function refuseOverQuota(azure: Azure, plan: Resource, tier: string, amount: number): void {
  const limit = azure.appServiceQuota?.get(tier);
  const usage = workersOf(azure.resources, tier, plan.location, plan.id);
  if (limit !== undefined && usage + amount > limit)
    throw overQuota(tier, regionOf(plan.location), limit, usage, amount);
}

/**
 * A plan as ARM answers it. A write says the region as it is asked for, the size among the properties, too, and not yet
 * how many workers there may be. recorded: azure-cli test_linux_webapp_quick_create, test_backup_with_name
 */
function showPlan(azure: Azure, plan: Resource, answer: "PUT" | "GET" | "LIST"): Record<string, unknown> {
  const written = answer === "PUT";
  const serverFarmId = [...plan.id.toLowerCase()].reduce(
    (hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 65_536,
    7,
  );
  return envelope(
    { ...plan, location: written ? plan.location : regionOf(plan.location) },
    {
      ...each(
        null,
        "adminSiteName hostingEnvironment hostingEnvironmentProfile hostingEnvironmentId",
        "adminRuntimeSiteName siteMode webSiteId existingServerFarmIds workerTierName",
        "kubeEnvironmentProfile spotExpirationTime freeOfferExpirationTime",
      ),
      isSpot: false,
      workerSize: "Default",
      workerSizeId: 0,
      currentWorkerSize: "Default",
      currentWorkerSizeId: 0,
      ...plan.properties,
      serverFarmId,
      name: plan.name,
      ...(written && { sku: plan.sku, maximumNumberOfWorkers: 0 }),
      currentNumberOfWorkers: plan.properties.numberOfWorkers,
      webSpace: webSpaceOf(plan),
      planName: "VirtualDedicatedPlan",
      computeMode: "Dedicated",
      numberOfSites: sitesOn(azure, plan).length,
      tags: plan.tags ?? null,
      kind: plan.kind,
      mdmId: `${stamp}_${serverFarmId}`,
    },
  );
}

/** The sites of a plan. */
export function sitesOn(azure: Azure, plan: { readonly id: string }): Resource[] {
  return azure.resources.list("Microsoft.Web/sites").filter((site) => same(siteProperties(site).serverFarmId, plan.id));
}
