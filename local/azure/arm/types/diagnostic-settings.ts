import { z } from "zod";
import type { Azure, Resource } from "../../service";
import { each } from "../../members";
import { apiVersionsOf } from "../api-versions";
import { providerError, resourceNotFound } from "../errors";
import type { ResourceType } from "../resource-type";

const type = "Microsoft.Insights/diagnosticSettings";
const categoryType = "Microsoft.Insights/diagnosticSettingsCategories";

/** What each type of resource can log. https://learn.microsoft.com/azure/azure-monitor/reference/logs-index */
const categories: Readonly<Record<string, { readonly logs: readonly string[]; readonly metrics: readonly string[] }>> =
  {
    "microsoft.botservice/botservices": { logs: ["BotRequest", "DependencyRequest"], metrics: ["AllMetrics"] },
    "microsoft.web/sites": {
      logs: [
        "AppServiceHTTPLogs",
        "AppServiceConsoleLogs",
        "AppServiceAppLogs",
        "AppServiceAuditLogs",
        "AppServiceIPSecAuditLogs",
        "AppServicePlatformLogs",
        "AppServiceAuthenticationLogs",
        "AppServiceAntivirusScanAuditLogs",
        "AppServiceFileAuditLogs",
      ],
      metrics: ["AllMetrics"],
    },
    "microsoft.web/serverfarms": { logs: [], metrics: ["AllMetrics"] },
    "microsoft.keyvault/vaults": { logs: ["AuditEvent", "AzurePolicyEvaluationDetails"], metrics: ["AllMetrics"] },
    "microsoft.storage/storageaccounts": { logs: [], metrics: ["Transaction", "Capacity"] },
    "microsoft.storage/storageaccounts/blobservices": {
      logs: ["StorageRead", "StorageWrite", "StorageDelete"],
      metrics: ["Transaction", "Capacity"],
    },
    "microsoft.operationalinsights/workspaces": { logs: ["Audit", "SummaryLogs"], metrics: ["AllMetrics"] },
  };

const retention = z.strictObject({ enabled: z.boolean(), days: z.number().int() }).nullish();
const body = z.strictObject({
  location: z.string().nullish(),
  kind: z.string().nullish(),
  properties: z.strictObject({
    ...each(
      z.string().nullish(),
      "workspaceId storageAccountId serviceBusRuleId eventHubAuthorizationRuleId eventHubName",
      "marketplacePartnerId logAnalyticsDestinationType",
    ),
    logs: z
      .array(
        z.strictObject({
          category: z.string().nullish(),
          categoryGroup: z.string().nullish(),
          enabled: z.boolean(),
          retentionPolicy: retention,
        }),
      )
      .nullish(),
    metrics: z
      .array(
        z.strictObject({
          category: z.string().nullish(),
          timeGrain: z.string().nullish(),
          enabled: z.boolean(),
          retentionPolicy: retention,
        }),
      )
      .nullish(),
  }),
});
type Settings = z.infer<typeof body>["properties"];

/** https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings */
export const diagnosticSettings: ResourceType = {
  type,
  level: "scope",
  apiVersions: apiVersionsOf(type),
  methods: ["DELETE"],
  created: 200,
  body,
  write({ azure }, resource) {
    const scope = resource.id.slice(0, resource.id.toLowerCase().lastIndexOf("/providers/"));
    const target = azure.resources.get(scope);
    const settings = resource.properties as Settings;
    checkCategories(target, settings);
    checkSinks(azure, settings);
    refuseSharedSink(azure, resource, scope);
    const policy = { enabled: false, days: 0 };
    resource.properties = {
      ...each(
        null,
        "storageAccountId serviceBusRuleId workspaceId eventHubAuthorizationRuleId",
        "eventHubName logAnalyticsDestinationType",
      ),
      ...settings,
      logs: (settings.logs ?? []).map((log) => ({
        category: null,
        categoryGroup: null,
        retentionPolicy: policy,
        ...log,
      })),
      metrics: (settings.metrics ?? []).map((metric) => ({ retentionPolicy: policy, ...metric })),
    };
  },
  show: ({ id, name, location, kind, tags, properties }) => ({
    id: asInsightsSpells(id),
    type,
    name,
    location: location ?? null,
    kind: kind ?? null,
    tags: tags ?? null,
    properties,
    identity: null,
  }),
};

/**
 * An id as the provider spells it: the resource in lower case, but for the setting's own type and name.
 * recorded: azure-cli test_monitor_diagnostic_settings_scenario
 */
function asInsightsSpells(id: string): string {
  const end = id.toLowerCase().lastIndexOf("/providers/");
  return `${id.slice(0, end).toLowerCase()}/providers/microsoft.insights/diagnosticSettings/${id.split("/").at(-1)}`;
}

/** What a resource can log, to be read below it. https://learn.microsoft.com/rest/api/monitor/diagnostic-settings-category */
export const diagnosticSettingsCategories: ResourceType = {
  type: categoryType,
  level: "scope",
  apiVersions: apiVersionsOf(type),
  methods: [],
  write() {
    throw badRequest("Categories of diagnostic settings are only read.");
  },
  list: ({ azure }, scope) => categoriesAt(azure, scope),
  find: ({ azure, names }, scope) => {
    const wanted = names["diagnosticsettingscategories"]?.toLowerCase();
    return categoriesAt(azure, scope).find(({ name }) => name.toLowerCase() === wanted);
  },
};

function categoriesAt(azure: Azure, scope: string): Resource[] {
  const target = azure.resources.get(scope);
  const offered = target && categories[target.type.toLowerCase()];
  if (!offered) throw badRequest(`Resource type '${target?.type ?? ""}' doesn't support diagnostic settings.`);
  const category =
    (kind: string, categoryGroups: readonly string[]) =>
    (name: string): Resource => ({
      id: `${target.id}/providers/${categoryType}/${name}`,
      name,
      type: categoryType,
      createdAt: target.createdAt,
      changedAt: target.changedAt,
      properties: { categoryType: kind, categoryGroups },
    });
  return [...offered.logs.map(category("Logs", ["allLogs"])), ...offered.metrics.map(category("Metrics", []))];
}

const badRequest = (message: string): Error => providerError(400, "BadRequest", message);

function checkCategories(target: Resource | undefined, { logs, metrics }: Settings): void {
  const offered = target && categories[target.type.toLowerCase()];
  if (!offered) throw badRequest(`Resource type '${target?.type ?? ""}' doesn't support diagnostic settings.`);
  const check = (category: string | null | undefined, allowed: readonly string[]): void => {
    if (category && !allowed.some((name) => name.toLowerCase() === category.toLowerCase())) {
      throw badRequest(`Category '${category}' is not supported. Supported: ${allowed.join(", ") || "none"}.`);
    }
  };
  for (const { category, categoryGroup } of logs ?? []) {
    if (category && categoryGroup) throw badRequest("A log has either a category or a category group, not both.");
    check(category, offered.logs);
    if (categoryGroup && !["alllogs", "audit"].includes(categoryGroup.toLowerCase())) {
      throw badRequest(`Category group '${categoryGroup}' is not supported.`);
    }
  }
  for (const { category } of metrics ?? []) check(category, offered.metrics);
}

function checkSinks(azure: Azure, settings: Settings): void {
  const { workspaceId, storageAccountId, eventHubAuthorizationRuleId, serviceBusRuleId, marketplacePartnerId } =
    settings;
  const sinks = [workspaceId, storageAccountId];
  if (![...sinks, eventHubAuthorizationRuleId, serviceBusRuleId, marketplacePartnerId].some(Boolean)) {
    throw badRequest("At least one data sink needs to be specified.");
  }
  for (const sink of sinks) {
    if (!sink || azure.resources.get(sink)) continue;
    const [, group, provider] = /resourceGroups\/([^/]+)\/providers\/(.+)$/i.exec(sink) ?? [undefined, "", sink];
    throw resourceNotFound(provider!, group);
  }
}

/** One category of one resource reaches a workspace by one setting only. */
function refuseSharedSink(azure: Azure, resource: Resource, scope: string): void {
  const mine = resource.properties as Settings;
  const names = ({ logs }: Settings): string[] =>
    (logs ?? []).filter((log) => log.enabled && log.category).map((log) => log.category!.toLowerCase());
  for (const other of azure.resources.list(type, scope)) {
    if (other.id.toLowerCase() === resource.id.toLowerCase()) continue;
    const its = other.properties as Settings;
    if (!mine.workspaceId || its.workspaceId?.toLowerCase() !== mine.workspaceId.toLowerCase()) continue;
    const shared = names(its).find((name) => names(mine).includes(name));
    if (shared === undefined) continue;
    throw providerError(
      409,
      "Conflict",
      `Data sink '${mine.workspaceId}' is already used in diagnostic setting '${other.name}' for category '${shared}'. ` +
        "Data sinks can't be reused in different settings on the same category for the same resource.",
    );
  }
}
