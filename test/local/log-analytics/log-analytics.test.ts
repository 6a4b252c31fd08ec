import { createLogAnalytics, type LogAnalytics } from "../../../local/azure/log-analytics";
import type { AzureError } from "../../../local/azure/error";
import { fakeAzure, roles, type FakeAzure } from "../arm/fake-azure";

const location = "westeurope";
const reader = "33333333-3333-4333-8333-333333333333";
let azure: FakeAzure;
let logs: LogAnalytics;
let site: string;
let setting: string;
let workspace: string;
let customerId: string;

beforeEach(async () => {
  azure = fakeAzure();
  logs = createLogAnalytics(azure);
  const group = `${azure.subscription}/resourceGroups/bots`;
  await azure.ask("PUT", group, { location });
  workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/bot-logs`;
  await azure.ask("PUT", workspace, { location, properties: {} });
  customerId = (await azure.ask("GET", workspace)).body.properties.customerId;
  site = `${group}/providers/Microsoft.Web/sites/Mail`;
  azure.resources.set({ id: site, name: "Mail", type: "Microsoft.Web/sites", location, properties: {} });
  setting = `${site}/providers/Microsoft.Insights/diagnosticSettings/logs`;
  const category = "AppServiceConsoleLogs";
  await azure.ask("PUT", setting, { properties: { workspaceId: workspace, logs: [{ category, enabled: true }] } });
});

interface QueryAnswer {
  readonly status: number;
  readonly body: { readonly tables: readonly { columns: unknown; rows: unknown[][] }[]; readonly error: object };
}

async function ask(
  body: { query: string; timespan?: string },
  { id = customerId, token = `${azure.tenant.deployer.objectId}|https://api.loganalytics.io` } = {},
): Promise<QueryAnswer> {
  const request = new Request(`https://api.loganalytics.io/v1/workspaces/${id}/query`, {
    method: "POST",
    headers: token ? { authorization: `Bearer ${token}` } : {},
    body: JSON.stringify(body),
  });
  const answer = await Promise.resolve(logs.service.handle(request)).catch((error: AzureError) => error.toResponse());
  return { status: answer.status, body: (await answer.json()) as QueryAnswer["body"] };
}

const rowsOf = async (query: string, timespan?: string): Promise<unknown[][]> => {
  const { status, body } = await ask({ query, ...(timespan && { timespan }) });
  expect([status, body.error]).toEqual([200, undefined]);
  return body.tables[0]!.rows;
};

test("what an app writes is a row of its workspace, as long as a setting sends it there", async () => {
  logs.console.add(site, "started", false);
  logs.console.add(site, "no secret", true);
  await azure.ask("DELETE", setting);
  logs.console.add(site, "unheard", false);
  const { body } = await ask({
    query: "AppServiceConsoleLogs | project TimeGenerated, Level, ResultDescription, Type",
  });
  expect(body.tables).toEqual([
    {
      name: "PrimaryResult",
      columns: [
        { name: "TimeGenerated", type: "datetime" },
        { name: "Level", type: "string" },
        { name: "ResultDescription", type: "string" },
        { name: "Type", type: "string" },
      ],
      rows: [
        [expect.stringMatching(/^\d{4}-.*Z$/), "Informational", "started", "AppServiceConsoleLogs"],
        [expect.stringMatching(/^\d{4}-.*Z$/), "Error", "no secret", "AppServiceConsoleLogs"],
      ],
    },
  ]);
});

test("the part of KQL that reads lines is answered", async () => {
  logs.console.add(site, "first line", false);
  azure.clock.advance(3_600_000);
  logs.console.add(site, 'second "line"', true);
  azure.clock.advance(60_000);
  logs.console.add(site, "third", false);
  const texts = async (operators: string, timespan?: string): Promise<unknown[]> =>
    (await rowsOf(`AppServiceConsoleLogs\n| ${operators}\n| project ResultDescription`, timespan)).flat();
  expect(await texts("where TimeGenerated > ago(30m)")).toEqual(['second "line"', "third"]);
  expect(await texts(`where _ResourceId =~ ${JSON.stringify(site)} and Level == 'Error'`)).toEqual(['second "line"']);
  expect(await texts(`where ResultDescription contains "LINE" // a comment`)).toEqual(["first line", 'second "line"']);
  expect(
    await texts(`where ResultDescription == "second \\"line\\"" or (Level != "Error" and _ResourceId == "x")`),
  ).toEqual(['second "line"']);
  expect(await texts("order by TimeGenerated asc | take 1")).toEqual(["first line"]);
  expect(await texts("top 2 by TimeGenerated")).toEqual(["third", 'second "line"']);
  expect(await texts("where TimeGenerated >= datetime(2000-01-01)", "PT10M")).toEqual(['second "line"', "third"]);
});

test("what is no KQL, or no column, is refused in Azure's words", async () => {
  const inner = async (query: string): Promise<unknown> => {
    const { status, body } = await ask({ query });
    const { correlationId, ...error } = body.error as { correlationId: string; innererror: { innererror: object } };
    expect([status, error, correlationId]).toEqual([
      400,
      expect.objectContaining({ message: "The request had some invalid properties", code: "BadArgumentError" }),
      expect.stringMatching(/^[\w-]{36}$/),
    ]);
    return error.innererror;
  };
  // recorded: azure-sdk-for-js sdk/monitor/monitor-query
  expect(await inner("completely invalid syntax")).toEqual({
    code: "SyntaxError",
    message: "A recognition error occurred in the query.",
    innererror: {
      code: "SYN0002",
      message: "Query could not be parsed at 'invalid' on line [1,11]",
      line: 1,
      pos: 11,
      token: "invalid",
    },
  });
  expect(await inner("AppServiceConsoleLogs\n| wher Level")).toMatchObject({
    innererror: { code: "SYN0002", line: 2, pos: 2, token: "wher" },
  });
  expect(await inner("AppServiceConsoleLogs | where Timestamp > ago(1h)")).toMatchObject({
    code: "SemanticError",
    innererror: { message: "'where' operator: Failed to resolve scalar expression named 'Timestamp'" },
  });
});

test("what Azure would answer and this does not, is refused in the local Azure's own name", async () => {
  for (const query of ["AppTraces | take 1", "AppServiceConsoleLogs | summarize count() by Level"]) {
    expect((await ask({ query })).body.error).toMatchObject({ code: "NotServedByLocalAzure" });
  }
});

test("nobody reads logs without a token for them and a right at the workspace", async () => {
  const query = "AppServiceConsoleLogs";
  const codes = async (token: string, id = customerId): Promise<unknown[]> => {
    const { status, body } = await ask({ query }, { token, id });
    return [status, (body.error as { code?: string } | undefined)?.code];
  };
  const audience = "https://api.loganalytics.io";
  expect(await codes("")).toEqual([401, "AuthorizationRequiredError"]);
  expect(await codes(`${azure.tenant.deployer.objectId}|https://management.azure.com`)).toEqual([
    403,
    "InvalidTokenError",
  ]);
  expect(await codes(`${reader}|${audience}`)).toEqual([403, "InsufficientAccessError"]);
  await azure.assign(reader, roles.reader, workspace);
  expect(await codes(`${reader}|${audience}`)).toEqual([200, undefined]);
  expect(await codes(`${reader}|${audience}`, "00000000-0000-4000-8000-000000000000")).toEqual([
    404,
    "PathNotFoundError",
  ]);
});
