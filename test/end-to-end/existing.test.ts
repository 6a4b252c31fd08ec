import { declaredUnasked, permissionTexts } from "../../infra/connections/apis";
import { microsoftGraph } from "../../infra/facts/scopes";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { ProgramError, runProgram } from "../../local/embedded";
import { everythingIn, Portal } from "../engine/support/portal";
import { root } from "../support/deployed";

// The unchanged program with settings of a stack file alone: all that can be handed in, handed in.

let azure: LocalAzure;
let portal: Portal;
let ids: Readonly<Record<"resourceGroup" | "vault" | "plan" | "workspace", string>>;
let application: { id: string; appId: string };

const scopes = ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"];
const passwords = "passwordCredentials";

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  portal = new Portal(azure);
  const { subscriptionId, tenantId } = azure.tenant;
  const resourceGroup = `/subscriptions/${subscriptionId}/resourceGroups/shared`;
  ids = {
    resourceGroup,
    vault: `${resourceGroup}/providers/Microsoft.KeyVault/vaults/shared-vault`,
    plan: `${resourceGroup}/providers/Microsoft.Web/serverfarms/shared-plan`,
    workspace: `${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/shared-logs`,
  };
  const located = { location: "westeurope", tags: { owner: "somebody" } };
  await portal.arm("PUT", ids.resourceGroup, located);
  await portal.arm("PUT", ids.vault, {
    ...located,
    properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
  });
  const sku = { name: "B1", tier: "Basic", capacity: 1 };
  await portal.arm("PUT", ids.plan, { ...located, kind: "linux", sku, properties: { reserved: true } });
  await portal.arm("PUT", ids.workspace, { ...located, properties: { sku: { name: "PerGB2018" } } });
  application = await portal.graph("POST", "/applications", {
    displayName: "Shared sign-in",
    web: { redirectUris: ["https://token.botframework.com/.auth/web/redirect"] },
    requiredResourceAccess: [
      {
        resourceAppId: microsoftGraph,
        resourceAccess: Object.values(permissionTexts(declaredUnasked([{ name: "Graph", scopes }]))).map((id) => ({
          id,
          type: "Scope",
        })),
      },
    ],
  });
});
afterAll(() => azure?.close());

/** What was handed in, as its owners see it. */
async function handedIn(): Promise<object[]> {
  const arm = await Promise.all(Object.values(ids).map((id) => portal.arm("GET", id)));
  const { [passwords]: _ours, ...app } = await portal.graph("GET", `/applications/${application.id}`);
  // How many web apps a plan runs is no change of the plan.
  return [...arm, app].map((one) => JSON.parse(JSON.stringify(one).replace(/"numberOfSites":\d+,?/, "")) as object);
}

async function run(changes: object = {}): Promise<Record<string, unknown>> {
  const { resourceGroup: _id, ...others } = ids;
  const existing = { resourceGroup: "shared", ...others, signInApp: application.appId, ...changes };
  const { outputs } = await runProgram({
    root,
    stack: "dev",
    environment: await azure.deployerEnvironment(),
    config: {
      existing: JSON.stringify(existing),
      tags: JSON.stringify({ costCenter: 42 }),
      appSettings: JSON.stringify({ FEATURE: "on" }),
    },
    onEvent: () => undefined,
  });
  return outputs;
}

test("one thing that cannot serve stops the deployment before anything is written", async () => {
  const before = everythingIn(azure);
  const windows = `${ids.resourceGroup}/providers/Microsoft.Web/serverfarms/windows`;
  const sku = { name: "B1", tier: "Basic", capacity: 1 };
  await portal.arm("PUT", windows, { location: "westeurope", sku, properties: { reserved: false } });
  const failed = await run({ plan: windows }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ProgramError);
  expect((failed as Error).message).toContain(
    "existing.plan: the plan windows: is one for Windows, and the bot runs on Linux",
  );
  await portal.arm("DELETE", windows);
  expect(everythingIn(azure)).toEqual(before);
});

test("a group of the stack's own name that is somebody else's stops it there, too", async () => {
  const before = everythingIn(azure);
  const group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/bot-sign-in-dev-721f88`;
  await portal.arm("PUT", group, { location: "westeurope" });
  const failed = await run({ resourceGroup: undefined }).catch((error: unknown) => error);
  expect((failed as Error).message).toContain("is there already, and by its tags it is not of this stack");
  await portal.arm("DELETE", group);
  expect(everythingIn(azure)).toEqual(before);
});

test("the bot comes up in what was handed in, and nothing of that is changed", async () => {
  const before = await handedIn();
  const outputs = await run();
  expect(await handedIn()).toEqual(before);
  expect([outputs["resourceGroup"], outputs["signInAppId"]]).toEqual(["shared", application.appId]);
  const site = `${ids.resourceGroup}/providers/Microsoft.Web/sites/${String(outputs["webApp"])}`;
  expect(await portal.arm("GET", site)).toMatchObject({
    tags: { costCenter: "42", project: "bot-sign-in", stack: "dev" },
    properties: { serverFarmId: ids.plan },
  });
  const { properties } = await portal.arm<{ properties: Record<string, string> }>(
    "POST",
    `${site}/config/appsettings/list`,
  );
  expect(properties["FEATURE"]).toBe("on");
  expect(properties["MicrosoftAppPassword"]).toMatch(
    /^@Microsoft\.KeyVault\(SecretUri=https:\/\/shared-vault\.vault\.azure\.net\/secrets\/bot-sign-in-dev-721f88-bot-app-password\//,
  );
  const health = await azure.call("test", String(outputs["endpoint"]).replace("/api/messages", "/healthz"));
  expect(await health.json()).toMatchObject({ status: "well" });
});
