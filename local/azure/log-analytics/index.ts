import { day, hour, minute, second } from "../../../contract/time";
import { notServed, requestOf } from "../gap";
import type { Service } from "../hosted-service";
import { type Call, type Routes, served } from "../routes";
import { type Azure, type Resource, TokenRefused } from "../service";
import { consoleColumns, ConsoleLogs, type LogRow } from "./console-logs";
import { authorizationRequired, insufficientAccess, pathNotFound, tokenInvalid } from "./errors";
import { answerQuery } from "./query";

/** Log Analytics, and where App Service hands it what apps write. */
export interface LogAnalytics {
  readonly service: Service;
  readonly console: ConsoleLogs;
}

const host = "api.loganalytics.io";

/**
 * The query API of Log Analytics over what apps wrote to their consoles. Azure takes some minutes from a line to its row; here
 * it is there at once. https://learn.microsoft.com/rest/api/loganalytics/query
 */
export function createLogAnalytics(azure: Azure): LogAnalytics {
  const console = new ConsoleLogs(azure);
  const asked = async (call: Call, query: string | undefined, timespan: string | undefined): Promise<Response> => {
    const workspace = await workspaceOf(azure, call);
    if (query === undefined) throw notServed("a question to a log workspace without a query");
    const rows = within(console.rowsOf(workspace), timespan, azure.clock.now());
    const { columns, rows: found } = answerQuery(query, { columns: consoleColumns, rows, now: azure.clock.now() });
    const table = { name: "PrimaryResult", columns: columns.map(([name, type]) => ({ name, type })), rows: found };
    return Response.json({ tables: [table] });
  };
  const routes: Routes = {
    "POST /v1/workspaces/{workspace}/query": async (call) => {
      const body = (await call.request.json()) as { readonly query?: string; readonly timespan?: string };
      return asked(call, body.query, body.timespan ?? call.query.get("timespan") ?? undefined);
    },
    "GET /v1/workspaces/{workspace}/query": (call) =>
      asked(call, call.query.get("query") ?? undefined, call.query.get("timespan") ?? undefined),
  };
  return {
    console,
    service: {
      name: "Log Analytics",
      hosts: [host],
      lacks: [
        "tables other than AppServiceConsoleLogs",
        "operators of KQL other than where, project, order by, take and top",
        "the minutes that Azure takes from a line to its row",
      ],
      ...served(routes, (request) => notServed(requestOf(request))),
      kept: [console.kept],
    },
  };
}

/** The workspace of a request, which its caller may query. */
async function workspaceOf(azure: Azure, { request, params }: Call): Promise<Resource> {
  const { oid } = await azure.directory.verify(request, [`https://${host}`]).catch((error: unknown) => {
    if (!(error instanceof TokenRefused)) throw error;
    throw error.reason === "missing" ? authorizationRequired() : tokenInvalid();
  });
  const workspace = azure.resources
    .list("Microsoft.OperationalInsights/workspaces")
    .find(({ properties }) => properties["customerId"] === params["workspace"]?.toLowerCase());
  if (!workspace) throw pathNotFound();
  // https://learn.microsoft.com/azure/azure-monitor/logs/manage-access
  const action = "Microsoft.OperationalInsights/workspaces/query/AppServiceConsoleLogs/read";
  if (!azure.roles.allows(oid, action, workspace.id, "control")) throw insufficientAccess();
  return workspace;
}

/** Rows of a timespan: `PT1H` back from now, or `<start>/<end>`. https://learn.microsoft.com/azure/azure-monitor/logs/api/timeouts */
function within(rows: readonly LogRow[], timespan: string | undefined, now: Date): readonly LogRow[] {
  if (timespan === undefined) return rows;
  const [start = "", end] = timespan.split("/");
  const back = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(start);
  const [days, hours, minutes, seconds] = (back ?? []).slice(1).map((one) => Number(one ?? 0));
  const from = back
    ? now.getTime() - (days! * day + hours! * hour + minutes! * minute + seconds! * second)
    : Date.parse(start);
  const to = end === undefined ? now.getTime() : Date.parse(end);
  if (Number.isNaN(from) || Number.isNaN(to)) throw notServed(`the timespan ${timespan}`);
  return rows.filter(({ TimeGenerated }) => {
    const at = Date.parse(TimeGenerated!);
    return at >= from && at <= to;
  });
}
