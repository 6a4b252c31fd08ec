import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { bodyOf, call, type CalledService, refusalOf } from "../../infra/azure/call";
import { type WebAppAddress, webAppId } from "../../infra/code/web-app";
import { logAnalyticsErrors } from "../../contract/known-errors/log-analytics";
import { OpsError } from "../cli/ops-error";
import { deploying } from "../pulumi/deploying";

/** A line that a web app wrote to its console, as its workspace has it. */
export interface ConsoleLine {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** `Informational` of what went to standard output, `Error` of standard error. */
  readonly level: string;
  readonly text: string;
}

/** Lines of a console. */
export interface ConsoleLines {
  /** ARM id of the workspace that they are from. */
  readonly workspace: string;
  /** Oldest first. */
  readonly lines: readonly ConsoleLine[];
  /** What Log Analytics says where it gave only a part of them. */
  readonly partly?: string;
}

/** https://learn.microsoft.com/azure/azure-monitor/logs/api/overview */
const logAnalytics: CalledService = {
  origin: "https://api.loganalytics.io",
  name: "Log Analytics",
  errors: logAnalyticsErrors,
  requestIdHeader: "x-ms-request-id",
  contentType: "application/json; charset=utf-8",
  tries: 5,
  firstWait: 500,
  answersWithin: 100_000,
};

const settingsVersion = "2021-05-01-preview";
const workspaceVersion = "2023-09-01";

/**
 * Reads what a web app wrote to its console, from the workspace to which its diagnostic setting sends that. A line takes some
 * minutes to get there: https://learn.microsoft.com/azure/azure-monitor/logs/data-ingestion-time
 * @param since seconds back from now
 * @throws OpsError where no setting sends it anywhere, AzureCallError where Azure refuses
 */
export async function consoleLines(
  access: Access,
  app: WebAppAddress,
  stack: string,
  since: number,
): Promise<ConsoleLines> {
  const appId = webAppId(app);
  const arm = armClient(access);
  const { value } = await arm.get<{ readonly value: readonly DiagnosticSetting[] }>(
    `${appId}/providers/Microsoft.Insights/diagnosticSettings`,
    settingsVersion,
  );
  const workspace = value.find(collectsConsole)?.properties.workspaceId;
  if (!workspace) {
    throw new OpsError(
      "logs-not-kept",
      `No diagnostic setting sends the console of ${app.webAppName} to a log workspace: it was taken away by hand`,
      `${deploying(stack)} makes it again (--refresh finds that it is gone); existing.workspace names a workspace of yours for it`,
    );
  }
  const { properties } = await arm.get<{ readonly properties: { readonly customerId: string } }>(
    workspace,
    workspaceVersion,
  );
  const subject = workspace.split("/").at(-1)!;
  const answer = await call(access, logAnalytics, {
    method: "POST",
    url: `${logAnalytics.origin}/v1/workspaces/${properties.customerId}/query`,
    content: { query: queryOf(appId, since) },
    subject,
  });
  if (!answer.ok) throw refusalOf(logAnalytics, subject, answer);
  const { tables, error } = bodyOf<QueryAnswer>(logAnalytics, subject, answer, ["tables"]);
  const lines = (tables[0]?.rows ?? []).map(([time, level, text]) => ({ time, level, text }));
  return { workspace, lines, ...(error && { partly: error.message }) };
}

/** An id in a query is compared without case: rows have it in lower case. */
function queryOf(appId: string, since: number): string {
  return [
    "AppServiceConsoleLogs",
    `where TimeGenerated > ago(${since}s)`,
    `where _ResourceId =~ ${JSON.stringify(appId)}`,
    "order by TimeGenerated asc",
    "project TimeGenerated, Level, ResultDescription",
  ].join("\n| ");
}

interface DiagnosticSetting {
  readonly properties: {
    readonly workspaceId?: string | null;
    readonly logs?: readonly {
      readonly category?: string | null;
      readonly categoryGroup?: string | null;
      readonly enabled: boolean;
    }[];
  };
}

function collectsConsole({ properties: { workspaceId, logs = [] } }: DiagnosticSetting): boolean {
  const isConsole = /^(AppServiceConsoleLogs|allLogs)$/i;
  return (
    Boolean(workspaceId) &&
    logs.some(({ enabled, category, categoryGroup }) => enabled && isConsole.test(category ?? categoryGroup ?? ""))
  );
}

/** https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format; an error beside rows: they are not all. */
interface QueryAnswer {
  readonly tables: readonly { readonly rows: readonly (readonly [time: string, level: string, text: string])[] }[];
  readonly error?: { readonly message: string };
}
