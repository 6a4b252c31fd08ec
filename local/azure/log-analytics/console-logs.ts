import { hostname } from "node:os";
import type { Kept } from "../../data/folder";
import { keptMap } from "../../data/kept-map";
import type { Azure, Resource } from "../service";

/** A column's name and its type in KQL. */
export type Column = readonly [name: string, type: "string" | "datetime"];

/** A row of a table, by its columns' names. */
export type LogRow = Readonly<Record<string, string>>;

/** https://learn.microsoft.com/azure/azure-monitor/reference/tables/appserviceconsolelogs */
export const consoleColumns: readonly Column[] = [
  ["TenantId", "string"],
  ["TimeGenerated", "datetime"],
  ["Level", "string"],
  ["Category", "string"],
  ["OperationName", "string"],
  ["ResultDescription", "string"],
  ["Host", "string"],
  ["ContainerId", "string"],
  ["SourceSystem", "string"],
  ["Type", "string"],
  ["_ResourceId", "string"],
  ["_SubscriptionId", "string"],
];

/** Most rows kept of a workspace: what is older is lost. Azure keeps them for the workspace's days. */
const most = 10_000;
const table = "AppServiceConsoleLogs";

/** What apps write to their consoles, in each workspace to which a diagnostic setting sends it. */
export class ConsoleLogs {
  /** By the workspace's lower-case ARM id, oldest first. */
  readonly #rows = new Map<string, LogRow[]>();

  constructor(private readonly azure: Azure) {}

  /** Takes a line that a site wrote; it goes where the site's diagnostic settings say at this moment. */
  add(siteId: string, text: string, isError: boolean): void {
    for (const workspace of this.#workspacesOf(siteId)) {
      const rows = this.#rows.get(workspace.id.toLowerCase()) ?? [];
      rows.push({
        TenantId: String(workspace.properties["customerId"]),
        TimeGenerated: this.azure.clock.now().toISOString(),
        Level: isError ? "Error" : "Informational",
        Category: table,
        OperationName: "Microsoft.Web/sites/log",
        ResultDescription: text,
        Host: hostname(),
        ContainerId: "",
        SourceSystem: "Azure",
        Type: table,
        _ResourceId: siteId.toLowerCase(),
        _SubscriptionId: this.azure.tenant.subscriptionId,
      });
      if (rows.length > most) rows.shift();
      this.#rows.set(workspace.id.toLowerCase(), rows);
    }
  }

  rowsOf(workspace: Pick<Resource, "id">): readonly LogRow[] {
    return this.#rows.get(workspace.id.toLowerCase()) ?? [];
  }

  get kept(): Kept {
    return keptMap("console logs", this.#rows);
  }

  #workspacesOf(siteId: string): Resource[] {
    return this.azure.resources.list("Microsoft.Insights/diagnosticSettings", siteId).flatMap(({ properties }) => {
      const { workspaceId, logs } = properties as {
        readonly workspaceId: string | null;
        readonly logs: readonly { category: string | null; categoryGroup: string | null; enabled: boolean }[];
      };
      const collects = logs.some(
        ({ category, categoryGroup, enabled }) =>
          enabled &&
          [category, categoryGroup].some((one) => one !== null && /^(AppServiceConsoleLogs|allLogs)$/i.test(one)),
      );
      const workspace = workspaceId !== null && collects && this.azure.resources.get(workspaceId);
      return workspace ? [workspace] : [];
    });
  }
}
