import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { deployerToken } from "../support/deployer-token";

let azure: LocalAzure;
let group: string;
const log: string[] = [];

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0, onLog: (line) => log.push(line) });
  const { tenantId, subscriptionId } = azure.tenant;
  group = `/subscriptions/${subscriptionId}/resourceGroups/gaps`;
  const put = async (path: string, body: object): Promise<void> => {
    const url = `https://management.azure.com${path}`;
    const { status } = await ask("PUT", url, "https://management.azure.com", body);
    expect([200, 201, 202]).toContain(status);
  };
  const location = "westeurope";
  await put(`${group}?api-version=2024-03-01`, { location });
  await put(`${group}/providers/Microsoft.KeyVault/vaults/gaps-vault?api-version=2024-11-01`, {
    location,
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
  });
  await put(`${group}/providers/Microsoft.Storage/storageAccounts/gapsaccount?api-version=2024-01-01`, {
    location,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
  });
  const plan = `${group}/providers/Microsoft.Web/serverfarms/plan`;
  await put(`${plan}?api-version=2024-04-01`, { location, sku: { name: "B1" }, properties: { reserved: true } });
  await put(`${group}/providers/Microsoft.Web/sites/gaps-site?api-version=2024-04-01`, {
    location,
    properties: { serverFarmId: plan },
  });
});
afterAll(() => azure.close());

async function ask(
  method: string,
  url: string,
  audience: string,
  body?: object,
): Promise<{ status: number; text: string; headers: Headers }> {
  const token = await deployerToken(azure, audience);
  const answer = await azure.call("deployer", url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const arm = "https://management.azure.com";
const graph = "https://graph.microsoft.com";

test.each([
  ["a resource type", "GET", () => `${arm}${group}/providers/Microsoft.Web/certificates/x?api-version=2024-04-01`, arm],
  [
    "an action",
    "POST",
    () => `${arm}${group}/providers/Microsoft.Web/sites/gaps-site/migrate?api-version=2024-04-01`,
    arm,
  ],
  [
    "the namespace of features",
    "GET",
    () =>
      `${arm}/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.Features/providers/Microsoft.Web/features?api-version=2021-07-01`,
    arm,
  ],
  ["a path of Graph", "GET", () => `${graph}/v1.0/devices`, graph],
  [
    "a vault's storage accounts",
    "GET",
    () => "https://gaps-vault.vault.azure.net/storage?api-version=7.4",
    "https://vault.azure.net",
  ],
  [
    "a blob's tags",
    "GET",
    () => "https://gapsaccount.blob.core.windows.net/?comp=stats&restype=service",
    "https://storage.azure.com",
  ],
  ["Kudu's files", "GET", () => "https://gaps-site.scm.azurewebsites.net/api/vfs/", "https://appservice.azure.com"],
  ["the Token Service", "GET", () => "https://token.botframework.com/api/usertoken/emulateOAuthCards", graph],
  ["Direct Line", "GET", () => "https://directline.botframework.com/v3/directline/attachments/1", graph],
])(
  "%s that only the local Azure lacks is told in its own name, and in the terminal",
  async (_, method, url, audience) => {
    const since = log.length;
    const { status, text, headers } = await ask(method, url(), audience);
    expect({ status, code: headers.get("x-ms-error-code") }).toEqual({ status: 400, code: "NotServedByLocalAzure" });
    expect(text).toContain("NotServedByLocalAzure");
    expect(text).toContain("The local Azure does not serve");
    expect(log.slice(since).join("\n")).toMatch(/^deployer asked for .*, which the local Azure does not serve\.$/);
  },
);

test.each([
  [
    "a resource type",
    () => `${arm}${group}/providers/Microsoft.Web/wheels/x?api-version=2024-04-01`,
    arm,
    "InvalidResourceType",
  ],
  [
    "a namespace",
    () => `${arm}${group}/providers/Microsoft.Wheels/x/y?api-version=2024-04-01`,
    arm,
    "InvalidResourceNamespace",
  ],
  ["a segment of Graph", () => `${graph}/v1.0/wheels`, graph, "Resource not found for the segment 'wheels'."],
  [
    "an operation of a vault",
    () => "https://gaps-vault.vault.azure.net/wheels?api-version=7.4",
    "https://vault.azure.net",
    "BadParameter",
  ],
  [
    "an operation of Blob Storage",
    () => "https://gapsaccount.blob.core.windows.net/?comp=wheels",
    "https://storage.azure.com",
    "InvalidQueryParameterValue",
  ],
  [
    "a path of Kudu",
    () => "https://gaps-site.scm.azurewebsites.net/wheels",
    "https://appservice.azure.com",
    "No route for",
  ],
  ["a path of the connector", () => "https://api.botframework.com/wheels", graph, "No HTTP resource was found"],
])("%s that Azure lacks, too, is refused in Azure's words", async (_, url, audience, words) => {
  const { text } = await ask("GET", url(), audience);
  expect(text).toContain(words);
  expect(text).not.toContain("NotServedByLocalAzure");
});
