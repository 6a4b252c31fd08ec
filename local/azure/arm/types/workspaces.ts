import { day } from "../../../../contract/time";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { newSecret } from "../../secrets";
import type { Resource } from "../../service";
import { envelope } from "../answer";
import { apiVersionsOf } from "../api-versions";
import { providerError } from "../errors";
import type { ResourceType } from "../resource-type";

const binDays = 14;
const skus = ["Free", "Standard", "Premium", "PerNode", "PerGB2018", "Standalone", "CapacityReservation", "LACluster"];

/** Both keys of a workspace, base64, by its lower-case id: made when they are first asked for. */
export type WorkspaceKeys = Map<string, { primarySharedKey: string; secondarySharedKey: string }>;

/** Deleted workspaces by lower-case id, and until when they can be brought back (milliseconds since 1970). */
export type DeletedWorkspaces = Map<string, { workspace: Resource; until: number }>;

/**
 * Log Analytics workspaces. A deleted one stays in a bin for 14 days, from which a PUT of the same name brings it back;
 * `DELETE ...?force=true` passes the bin by.
 * https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace
 */
export function workspaces(bin: DeletedWorkspaces, keys: WorkspaceKeys): ResourceType {
  return {
    type: "Microsoft.OperationalInsights/workspaces",
    regional: true,
    apiVersions: apiVersionsOf("Microsoft.OperationalInsights"),
    name: { pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/ },
    // recorded: azure-cli test_monitor_log_analytics_workspace_default
    asynchronous: { put: 0, style: "state", state: "Creating" },
    createdLocation: "address",
    body: z.strictObject({
      location: z.string(),
      tags: z.record(z.string(), z.string()).nullish(),
      identity: z.looseObject({}).optional(),
      properties: z
        .strictObject({
          sku: z.strictObject({ name: z.string(), capacityReservationLevel: z.number().optional() }).optional(),
          retentionInDays: z.number().int().nullish(),
          workspaceCapping: z.strictObject({ dailyQuotaGb: z.number().optional() }).optional(),
          publicNetworkAccessForIngestion: z.string().optional(),
          publicNetworkAccessForQuery: z.string().optional(),
          forceCmkForQuery: z.boolean().optional(),
          features: z.looseObject({}).optional(),
          defaultDataCollectionRuleResourceId: z.string().optional(),
          replication: z.looseObject({}).optional(),
        })
        .optional(),
    }),
    write({ azure }, resource, before) {
      const { sku, retentionInDays } = resource.properties as { sku?: { name: string }; retentionInDays?: number };
      checkSku(sku?.name, retentionInDays);
      const binned = bin.get(resource.id.toLowerCase());
      const earlier = before ?? (binned && binned.until > azure.clock.now().getTime() ? binned.workspace : undefined);
      const now = azure.clock.now().toISOString();
      const was = earlier?.properties["sku"] as { name: string; lastSkuUpdate: string } | undefined;
      const wanted = sku ?? { name: "PerGB2018" };
      resource.properties = {
        publicNetworkAccessForIngestion: "Enabled",
        publicNetworkAccessForQuery: "Enabled",
        ...resource.properties,
        workspaceCapping: {
          dailyQuotaGb: -1,
          quotaNextResetTime: now,
          dataIngestionStatus: "RespectQuota",
          ...(earlier?.properties["workspaceCapping"] as object | undefined),
          ...(resource.properties["workspaceCapping"] as object | undefined),
        },
        sku: { ...wanted, lastSkuUpdate: was?.name === wanted.name ? was.lastSkuUpdate : now },
        retentionInDays: retentionInDays ?? 30,
        features: {
          legacy: 0,
          searchVersion: 1,
          enableLogAccessUsingOnlyResourcePermissions: true,
          ...(resource.properties["features"] as object | undefined),
        },
        customerId: earlier?.properties["customerId"] ?? randomUUID(),
        createdDate: earlier?.properties["createdDate"] ?? now,
        modifiedDate: now,
        provisioningState: "Succeeded",
      };
      bin.delete(resource.id.toLowerCase());
    },
    show: (workspace, _answer, { apiVersion }) => shown(workspace, apiVersion),
    deleted({ azure, query }, workspace) {
      if (query.get("force")?.toLowerCase() === "true") {
        keys.delete(workspace.id.toLowerCase());
        return;
      }
      const until = azure.clock.now().getTime() + binDays * day;
      bin.set(workspace.id.toLowerCase(), { workspace, until });
    },
    actions: {
      sharedKeys: (_context, { id }) => {
        const known = keys.get(id.toLowerCase()) ?? {
          primarySharedKey: newSecret(64, "base64"),
          secondarySharedKey: newSecret(64, "base64"),
        };
        keys.set(id.toLowerCase(), known);
        return known;
      },
    },
    namespaceActions: {
      "GET deletedWorkspaces": ({ azure }) => ({
        value: [...bin.values()]
          .filter(({ until }) => until > azure.clock.now().getTime())
          .map(({ workspace }) => envelope(workspace)),
      }),
    },
  };
}

/**
 * A workspace as an api-version has it: until 2020 it says where it was made, later how it was last changed.
 * recorded: azure-cli test_monitor_log_analytics_workspace_default (2020-08-01), ..._diagnostic_settings_workspace
 * (2021-12-01-preview), ..._workspace_failover_failback (2025-02-01)
 */
function shown(workspace: Resource, apiVersion: string): Record<string, unknown> {
  if (apiVersion < "2021") return envelope(workspace, { source: "Azure", ...workspace.properties });
  const etag = `"${workspace.changedAt.getTime().toString(16)}"`;
  return envelope(apiVersion < "2022" ? workspace : { ...workspace, etag });
}

function checkSku(name: string | undefined, days: number | undefined): void {
  if (name !== undefined && !skus.some((sku) => sku.toLowerCase() === name.toLowerCase())) {
    throw providerError(400, "InvalidSku", `The pricing tier '${name}' is invalid. Valid tiers: ${skus.join(", ")}.`);
  }
  if (days === undefined || days === null || (days >= 30 && days <= 730) || (days === 7 && name === "Free")) return;
  // https://github.com/Azure/azure-powershell/issues/12524, https://github.com/hashicorp/terraform-provider-azurerm/issues/2949
  throw providerError(
    400,
    "BadRequest",
    "The value provided for retention is invalid. the expected value should be between 30 to 730. see " +
      "https://docs.microsoft.com/azure/azure-monitor/platform/manage-cost-storage#change-the-data-retention-period " +
      "for more information",
  );
}
