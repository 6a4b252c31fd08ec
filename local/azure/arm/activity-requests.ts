import { day } from "../../../contract/time";
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { authorize } from "./access";
import { apiVersionsOf } from "./api-versions";
import { page } from "./answer";
import type { Asked, Core } from "./core";
import { invalidFilter, methodNotAllowed, noRegisteredProvider, startTooOld } from "./errors";
import { typeOf, type ArmPath } from "./path";
import type { Activity } from "./activity-log";

/** How many days Azure keeps an entry. */
const keptDays = 90;
const versions = apiVersionsOf("Microsoft.Insights/eventtypes");
const right = "Microsoft.Insights/eventtypes/values/Read";

/** Keeps a request that writes, with its answer's status. */
export function recordWrite(core: Core, asked: Asked, path: ArmPath, response: Response): void {
  const { method } = asked.request;
  if (method === "GET" || method === "HEAD") return;
  core.activities.record({
    at: core.azure.clock.now(),
    caller: asked.caller.oid,
    appId: asked.caller.appid,
    method,
    resourceId: `/${path.segments.join("/")}`,
    resourceGroup: path.group ?? "",
    operation: operationOf(method, path),
    status: response.status,
    correlationId: response.headers.get("x-ms-correlation-request-id") ?? randomUUID(),
  });
}

/**
 * `GET /subscriptions/x/providers/Microsoft.Insights/eventtypes/management/values`, newest first; `$filter` by
 * eventTimestamp, resourceGroupName, resourceUri, caller, status or correlationId. Undefined for another path.
 * https://learn.microsoft.com/rest/api/monitor/activity-logs/list
 */
export function activityLogRequest(core: Core, asked: Asked, path: ArmPath): Response | undefined {
  const [first, second, third] = path.tail.map((segment) => segment.toLowerCase());
  if (path.namespace?.toLowerCase() !== "microsoft.insights" || first !== "eventtypes") return undefined;
  if (second !== "management" || third !== "values" || path.tail.length !== 3) return undefined;
  if (path.group !== undefined || path.subscription === undefined) return undefined;
  if (asked.request.method !== "GET") throw methodNotAllowed(asked.request.method);
  if (!versions.includes(asked.apiVersion)) {
    throw noRegisteredProvider("eventtypes", "global", asked.apiVersion, versions, ["global"]);
  }
  authorize(core.azure, asked.caller, right, path.scope);
  const matches = readFilter(asked.url.searchParams.get("$filter"), core.azure.clock.now());
  return page(
    asked.url,
    core.activities.entries.filter(matches).map((entry) => show(core, entry)),
  );
}

type Condition = (entry: Activity) => boolean;

const fields: Readonly<Record<string, (entry: Activity) => string>> = {
  resourcegroupname: (entry) => entry.resourceGroup,
  resourceuri: (entry) => entry.resourceId,
  resourceid: (entry) => entry.resourceId,
  caller: (entry) => entry.caller,
  status: (entry) => statusOf(entry),
  correlationid: (entry) => entry.correlationId,
};

/** Reads a filter; the time from which on is asked for must be in it. Throws `BadRequest`. */
function readFilter(filter: string | null, now: Date): Condition {
  const conditions = (filter ?? "").split(/\s+and\s+/i).map((part): [string, Condition] => {
    // A time stands with quotes or without. recorded: azure-cli test_activity_log_list_scenario
    const match = /^\s*(\w+)\s+(eq|ge|le)\s+(?:'([^']*)'|(\S+))\s*$/i.exec(part);
    const [, name = "", operator = "", quoted, bare = ""] = match ?? [];
    const value = quoted ?? bare;
    const key = name.toLowerCase();
    if (key === "eventtimestamp" && /^[gl]e$/i.test(operator) && !Number.isNaN(Date.parse(value))) {
      const time = Date.parse(value);
      const later = operator.toLowerCase() === "ge";
      if (later && time < now.getTime() - keptDays * day) throw startTooOld();
      return [key, ({ at }) => (later ? at.getTime() >= time : at.getTime() <= time)];
    }
    const field = fields[key];
    if (!field || operator.toLowerCase() !== "eq") throw invalidFilter(part.trim());
    return [key, (entry) => field(entry).toLowerCase() === value.toLowerCase()];
  });
  if (!conditions.some(([key]) => key === "eventtimestamp")) throw invalidFilter(filter ?? "");
  return (entry) => conditions.every(([, condition]) => condition(entry));
}

/** `Microsoft.Web/sites/write`, `.../delete`, or `.../restart/action`. */
function operationOf(method: string, path: ArmPath): string {
  const verb = method === "DELETE" ? "delete" : method === "POST" ? "action" : "write";
  if (path.namespace === undefined) {
    const ofGroup = path.group === undefined ? "" : "/resourceGroups";
    return `Microsoft.Resources/subscriptions${ofGroup}/${verb}`;
  }
  return `${typeOf(path.namespace, path.tail)}/${verb}`;
}

const statusOf = ({ status }: Activity): string =>
  status >= 400 ? "Failed" : status === 202 ? "Accepted" : "Succeeded";

function show(core: Core, entry: Activity): Record<string, unknown> {
  const { subscriptionId, tenantId } = core.azure.tenant;
  const text = (value: string): { value: string; localizedValue: string } => ({ value, localizedValue: value });
  const [provider = "", ...rest] = entry.operation.split("/");
  const description = STATUS_CODES[entry.status] ?? "";
  return {
    authorization: { action: entry.operation, scope: entry.resourceId },
    caller: entry.caller,
    channels: "Operation",
    claims: {
      appid: entry.appId,
      "http://schemas.microsoft.com/identity/claims/objectidentifier": entry.caller,
      "http://schemas.microsoft.com/identity/claims/tenantid": tenantId,
    },
    correlationId: entry.correlationId,
    eventName: text("EndRequest"),
    category: text("Administrative"),
    eventTimestamp: entry.at.toISOString(),
    httpRequest: {
      clientRequestId: entry.correlationId,
      method: entry.method,
      uri: `https://management.azure.com${entry.resourceId}`,
    },
    level: entry.status >= 400 ? "Error" : "Informational",
    operationName: text(entry.operation),
    resourceGroupName: entry.resourceGroup,
    resourceId: entry.resourceId,
    resourceProviderName: text(provider),
    resourceType: text([provider, ...rest.slice(0, -1)].join("/")),
    status: text(statusOf(entry)),
    subStatus: text(`${description.replaceAll(" ", "")} (HTTP Status Code: ${entry.status})`),
    subscriptionId,
    tenantId,
  };
}
