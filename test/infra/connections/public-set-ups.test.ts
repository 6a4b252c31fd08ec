import { type Api, apisOf, judgeScopes, type Looked } from "../../../infra/connections/apis";
import { readConnections } from "../../../infra/settings/connections";
import { nearest } from "../../../infra/settings/nearest";
import { knownGraphPermissions } from "../../../infra/facts/permissions";
import { microsoftGraph } from "../../../infra/facts/scopes";
import type { Problem } from "../../../infra/settings/settings-error";
import { orders, type Outcome, providerSets, scopeSets } from "./public-set-ups";

const api = (displayName: string, clientId: string, ...permissions: string[]): Api => ({
  displayName,
  clientId,
  objectId: `${clientId} principal`,
  permissions: permissions.map((value) => ({ value, id: `${value} of ${clientId}`, consent: "user" })),
});
const contosoOrders = api("Contoso Orders", orders, "Orders.Read", "Orders.Approve");
/** The tenant that the set-ups are tried in: what its service principals are asked for by. */
const tenant: Readonly<Record<string, Api>> = {
  [microsoftGraph]: {
    ...api("Microsoft Graph", microsoftGraph),
    permissions: knownGraphPermissions,
  },
  [orders]: contosoOrders,
  "https://orders.contoso.com": contosoOrders,
  [`api://botid-${orders}`]: api("Sign-in", "b07", "defaultScope"),
  "https://database.windows.net": api(
    "Azure SQL Database",
    "022907d3-0f1b-48f7-badc-1ba6abab6d66",
    "user_impersonation",
  ),
  "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d": api(
    "AzureDatabricks",
    "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
    "user_impersonation",
  ),
  "https://management.azure.com": api("Azure", "797f4846-ba00-4fd7-ba43-dac1f8f63013", "user_impersonation"),
  "https://ai.azure.com": api("Azure AI", "a1", "user_impersonation"),
  "https://contoso.sharepoint.com": api("SharePoint", "00000003-0000-0ff1-ce00-000000000000", "AllSites.Read"),
  "9b975845-388f-4429-889e-eab1ef63949c": api(
    "Agent 365",
    "9b975845-388f-4429-889e-eab1ef63949c",
    "Agent365.Observability.OtelWrite",
  ),
};

const look = (resource: string): Looked => {
  const found = tenant[resource];
  if (found) return { outcome: "found", api: found };
  return {
    outcome: "missing",
    near: nearest(
      resource,
      Object.keys(tenant).filter((name) => name.includes("://")),
    ),
  };
};

/** All that is wrong with one connection, without Azure and then with what the tenant shows. */
function problemsOf(connection: object): readonly Problem[] {
  const { connections, problems } = readConnections([{ name: "Public", ...connection }], true);
  if (problems.length > 0) return problems;
  return judgeScopes(connections, Object.fromEntries(apisOf(connections).map((one) => [one, look(one)]))).problems;
}

const because = (outcome: Outcome | undefined): unknown =>
  outcome
    ? expect.arrayContaining([
        expect.objectContaining({
          code: outcome[0],
          ...(outcome[1] ? { hint: expect.stringContaining(outcome[1]) } : {}),
        }),
      ])
    : [];

test.each(scopeSets.map(([scopes, where, outcome]) => [scopes, where, outcome] as const))(
  "%s (%s)",
  (scopes, _where, outcome) => {
    expect(problemsOf({ scopes: scopes.split(" ") })).toEqual(because(outcome));
  },
);

test.each(providerSets.map(([connection, where, outcome]) => [where, connection, outcome] as const))(
  "%s",
  (_where, connection, outcome) => {
    expect(problemsOf(connection)).toEqual(because(outcome));
  },
);

test("there are at least forty sets of scopes and twelve providers, and each problem says what to write instead", () => {
  expect(scopeSets.length).toBeGreaterThanOrEqual(40);
  const accepted = providerSets.filter(([, , outcome]) => outcome === undefined);
  expect(new Set(accepted.map(([one]) => (one as { provider: string }).provider)).size).toBeGreaterThanOrEqual(12);
  const all = [...scopeSets.map(([scopes]) => ({ scopes: scopes.split(" ") })), ...providerSets.map(([one]) => one)];
  for (const { setting, allowed, example } of all.flatMap(problemsOf)) {
    expect([setting, allowed, example]).not.toContain("");
  }
});

test("what a connection with other scopes asks for is declared of each API, and of no other", () => {
  const { connections } = readConnections(
    [
      { name: "Graph", scopes: ["openid", "User.Read"] },
      { name: "Orders", scopes: [`${orders}/Orders.Read`, "offline_access"] },
      { name: "All", scopes: ["https://graph.microsoft.com/.default"], permissions: ["Mail.Read", "User.Read"] },
      { name: "Theirs", clientId: orders, clientSecret: "s", scopes: ["Calendars.Read"] },
    ],
    true,
  );
  const { declared, problems } = judgeScopes(connections, {
    [microsoftGraph]: look(microsoftGraph),
    [orders]: look(orders),
  });
  expect(problems).toEqual([]);
  expect(
    Object.entries(declared).map(([key, { permissions }]) => [key, permissions.map(({ value }) => value)]),
  ).toEqual([
    [microsoftGraph, ["openid", "User.Read", "offline_access", "Mail.Read"]],
    [orders, ["Orders.Read"]],
  ]);
});

test("where the deployer may not look nothing fails, the person reads what nobody checked, and Graph is declared as published", () => {
  const { connections } = readConnections([{ name: "Graph", scopes: ["User.Read", "Mail.Reed"] }], false);
  const { declared, problems, warnings } = judgeScopes(connections, { [microsoftGraph]: { outcome: "refused" } });
  expect(problems).toEqual([]);
  expect(declared[microsoftGraph]?.permissions.map(({ value }) => value)).toEqual(["User.Read"]);
  expect(warnings).toEqual([
    expect.stringMatching(/\(403\), so nobody checked User\.Read, Mail\.Reed:.*Application\.Read\.All/),
  ]);
});

test.each(["AzureDatabricks/user_impersonation", "AzureDatabricks/.default"])(
  "where the deployer may not look, an API by its name is refused: Entra would be asked for %s as it is written",
  (scope) => {
    const named = { name: "Named", clientId: orders, clientSecret: "s", scopes: [scope] };
    const byId = { name: "Id", scopes: ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/user_impersonation"] };
    const { connections } = readConnections([byId, named], true);
    const looked = Object.fromEntries(apisOf(connections).map((one) => [one, { outcome: "refused" } as const]));
    expect(judgeScopes(connections, looked).problems).toMatchObject([
      {
        code: "unknown-api",
        setting: "connections[1].scopes[0]",
        example: `scopes: [<client id of AzureDatabricks>${scope.slice("AzureDatabricks".length)}]`,
      },
    ]);
  },
);
