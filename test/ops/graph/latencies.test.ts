import { latencies, latencyOf } from "../../../ops/graph/latencies";
import { deploy } from "../../support/deployed";

test.each(latencies.map((row) => [`${row.method} ${row.host} ${row.path ?? "*"}`, row] as const))(
  "%s says where its figure is from, or why it is assumed",
  (_name, { source, milliseconds }) => {
    expect(source).toMatch(/^https:\/\/github\.com\/[^/]+\/[^/]+\/blob\/[0-9a-f]{40}\/\S+$|^assumed: \S.{10,}$/);
    expect(milliseconds).toBeGreaterThan(0);
  },
);

const site = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/bot";

test.each([
  ["PUT", site, 20_000],
  ["PUT", `${site}?api-version=2025-05-01`, 20_000],
  ["PUT", site.toUpperCase().replace("HTTPS://MANAGEMENT.AZURE.COM", "https://management.azure.com"), 20_000],
  ["PUT", `${site}/providers/Microsoft.Insights/diagnosticSettings/logs`, 6_000],
  ["PUT", `${site}/config/appsettings`, undefined],
  ["DELETE", site, undefined],
  ["GET", `${site}/config/web`, 500],
  ["GET", "https://bot.scm.azurewebsites.net/api/deployments", 2_000],
  ["GET", "https://bot.azurewebsites.net/healthz", 500],
  ["GET", "https://management.azure.com.example/x", undefined],
])("%s %s takes %p ms", (method, url, milliseconds) =>
  expect(latencyOf({ method, url })?.milliseconds).toBe(milliseconds),
);

test("every call that a deployment makes has a row, and every row has a call: none is counted as nothing", async () => {
  const config = { adminConsent: "true" };
  const { azure, close } = await deploy({ config });
  try {
    const calls = azure.trace.exchanges().filter(({ caller }) => caller === "deployer");
    const unknown = calls.filter((call) => !latencyOf(call)).map(({ method, url }) => `${method} ${url}`);
    expect(unknown).toEqual([]);
    const used = new Set(calls.map(latencyOf));
    expect(latencies.filter((row) => !used.has(row))).toEqual([]);
  } finally {
    await close();
  }
});
