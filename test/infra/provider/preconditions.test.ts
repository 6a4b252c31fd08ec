import { deployerAccess } from "../../../infra/azure/access";
import { declaredUnasked, permissionTexts } from "../../../infra/connections/apis";
import { microsoftGraph } from "../../../infra/facts/scopes";
import { type Inputs, preconditions } from "../../../infra/provider/preconditions";
import type { Lifecycle } from "../../../infra/provider/lifecycle";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { Portal } from "../../engine/support/portal";
import { connectThisProcess } from "../../support/deployed";
import { armError, StandInAccess } from "./stand-in-access";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const redirectAddress = "https://token.botframework.com/.auth/web/redirect";
let azure: LocalAzure;
let disconnect: () => void;
let portal: Portal;
let subscription: string;
let wanted: Inputs;
let look: (changes?: Partial<Inputs>, olds?: Partial<Inputs>) => Promise<string[]>;

const group = (): string => `${subscription}/resourceGroups/shared`;
const vault = (name: string): string => `${group()}/providers/Microsoft.KeyVault/vaults/${name}`;
const plan = (name: string): string => `${group()}/providers/Microsoft.Web/serverfarms/${name}`;
const workspace = (name: string): string => `${group()}/providers/Microsoft.OperationalInsights/workspaces/${name}`;

async function newVault(name: string, properties: object): Promise<void> {
  const { tenantId } = azure.tenant;
  const all = { tenantId, sku: { family: "A", name: "standard" }, ...properties };
  await portal.arm("PUT", vault(name), { location: "westeurope", properties: all });
}

async function newPlan(name: string, sku: string, tier: string, more: object = { reserved: true }): Promise<void> {
  const location = "westeurope";
  await portal.arm("PUT", plan(name), {
    location,
    kind: "linux",
    sku: { name: sku, tier, capacity: 1 },
    properties: more,
  });
}

async function newApplication(more: object): Promise<string> {
  const { appId } = await portal.graph<{ appId: string }>("POST", "/applications", { displayName: "Shared", ...more });
  return appId;
}

const asking = (...scopes: string[]): object => ({
  web: { redirectUris: [redirectAddress] },
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

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  disconnect = await connectThisProcess(azure, "client");
  portal = new Portal(azure);
  const { subscriptionId, tenantId } = azure.tenant;
  subscription = `/subscriptions/${subscriptionId}`;
  wanted = {
    subscriptionId,
    tenantId,
    location: "westeurope",
    hostingSize: "B1",
    redirectAddress,
    resourceGroupName: "mail-dev-123456",
    marks: { project: "mail", stack: "dev" },
    existing: {},
    permissions: permissionTexts(declaredUnasked([{ name: "Graph", scopes: ["openid", "Mail.Read"] }])),
    names: {},
    openSecrets: [],
  };
  const environment = await azure.deployerEnvironment();
  const provider: Lifecycle<Inputs, Inputs> = preconditions(() => deployerAccess(environment), environment);
  look = async (changes = {}, olds = {}) =>
    (await provider.check(olds, { ...wanted, ...changes })).map(({ reason }) => reason);
  await portal.arm("PUT", group(), { location: "westeurope" });
  await newVault("roles", { enableRbacAuthorization: true });
  await newPlan("linux", "B1", "Basic");
  await portal.arm("PUT", workspace("logs"), { location: "northeurope", properties: { sku: { name: "PerGB2018" } } });
});
afterAll(async () => {
  disconnect?.();
  await azure?.close();
});

test("what is there and fit, and names that are free, stand in nobody's way", async () => {
  const signInApp = await newApplication(asking("openid", "Mail.Read", "Mail.Send"));
  const existing = {
    resourceGroup: "shared",
    vault: vault("roles"),
    plan: plan("linux"),
    workspace: workspace("logs"),
  };
  expect(await look({ existing: { ...existing, signInApp } })).toEqual([]);
  expect(await look({ names: { vault: "mail-dev-abcdefgh", webApp: "mail-dev-abcdefgh", bot: "mail-dev" } })).toEqual(
    [],
  );
});

test("what was handed in and is not there is named, all of it at once, each with the command that helps", async () => {
  const clientId = "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11";
  const existing = {
    resourceGroup: "no",
    vault: vault("no"),
    plan: plan("no"),
    workspace: workspace("no"),
    signInApp: clientId,
  };
  expect((await look({ existing })).sort()).toEqual([
    'existing.plan: the plan no: is not there. Correct the id: az appservice plan list --query "[].id"',
    "existing.resourceGroup: the resource group no: is not there. Correct the name, or make it: az group create --name no --location <region>",
    `existing.signInApp: the application ${clientId}: is not there in the tenant ${wanted.tenantId}. Correct the client id: az ad app list --display-name <name> --query "[].appId"`,
    "existing.vault: the vault no: is not there. Correct the id; a deleted one comes back by az keyvault recover --name no",
    'existing.workspace: the log workspace no: is not there. Correct the id: az monitor log-analytics workspace list --query "[].id"',
  ]);
});

test.each([
  ["westeurop", "Did you mean westeurope? Then pulumi config set location westeurope."],
  ["marseille", "Name one of them: pulumi config set location <region>."],
])(
  "the region %s, which is none, is refused before anything is made, with the one that was meant",
  async (location, fix) => {
    expect(await look({ location, resourceGroupName: "new-group" })).toEqual([
      `location: the region ${location}: is none of the subscription's. ${fix} All of them: az account list-locations --output table`,
    ]);
    expect(await look({ location: "West Europe", resourceGroupName: "new-group" })).toEqual([]);
  },
);

test("a vault that access policies open is refused: the bot's reference would never resolve", async () => {
  await newVault("policies", { accessPolicies: [], enableRbacAuthorization: false });
  expect(await look({ existing: { vault: vault("policies") } })).toEqual([
    "existing.vault: the vault policies: is opened by access policies, and the bot reads its secrets by a role. Its owner " +
      "lets roles open it: az keyvault update --name policies --resource-group shared --enable-rbac-authorization true",
  ]);
});

test.each([
  ["windows", "B1", "Basic", { reserved: false }, {}, /is one for Windows, and the bot runs on Linux/],
  [
    "elsewhere",
    "B1",
    "Basic",
    undefined,
    { location: "northeurope" },
    /is in westeurope, the deployment in northeurope\. .* location westeurope$/,
  ],
  ["free", "F1", "Free", undefined, {}, /is of the free size F1, on which no app is always on, and hostingSize is B1/],
  ["sleeping", "B1", "Basic", undefined, { hostingSize: "F1" }, /by hostingSize F1 \(Free\) the bot would sleep on it/],
])("a plan that is %s cannot run the bot, and is refused", async (name, sku, tier, more, changes, words) => {
  await newPlan(name, sku, tier, more);
  expect(await look({ ...changes, existing: { plan: plan(name) } })).toEqual([expect.stringMatching(words)]);
});

test("a plan for functions runs no web app, and one of another subscription none of this one", async () => {
  const functions = {
    location: "West Europe",
    sku: { name: "EP1", tier: "ElasticPremium" },
    properties: { reserved: true },
  };
  const access = new StandInAccess(() => Response.json(functions));
  const provider = preconditions(() => access, {});
  const of = async (id: string): Promise<string[]> =>
    (await provider.check({ resourceGroupName: wanted.resourceGroupName }, { ...wanted, existing: { plan: id } })).map(
      ({ reason }) => reason,
    );
  expect(await of(plan("functions"))).toEqual([
    expect.stringContaining("is of the size EP1 (ElasticPremium), which runs no web app"),
  ]);
  expect(await of(plan("theirs").replace(wanted.subscriptionId, "other"))).toEqual([
    `existing.plan: the plan theirs: is in the subscription other, the deployment in ${wanted.subscriptionId}. Name one of the same subscription.`,
  ]);
});

test("a sign-in app without the redirect address and a scope is refused with what it lacks, and not changed", async () => {
  const signInApp = await newApplication({});
  expect(await look({ existing: { signInApp } })).toEqual([
    `existing.signInApp: the application ${signInApp}: its redirect addresses lack ${redirectAddress} (Authentication, Web); ` +
      "it does not ask for openid of Microsoft Graph, Mail.Read of Microsoft Graph (API permissions). It is not changed by this program: whoever owns it adds that.",
  ]);
});

test("a sign-in app of another tenant is told from one that is nowhere", async () => {
  // Of an application of others a tenant knows the service principal alone.
  expect(await look({ existing: { signInApp: microsoftGraph } })).toEqual([
    expect.stringMatching(
      /the application 00000003-\S+: belongs to the tenant \S+, the deployment to \S+\. Name an application of this tenant/,
    ),
  ]);
});

test("a group of the stack's name that is somebody else's is refused before both applications are made", async () => {
  const name = "mail-taken-123456";
  await portal.arm("PUT", `${subscription}/resourceGroups/${name}`, {
    location: "westeurope",
    tags: { project: "mail", stack: "prod" },
  });
  const refused = [
    `resourceGroup: the resource group ${name}: is there already, and by its tags it is not of this stack. Delete or rename it; ` +
      `or let the program use it as it is: pulumi config set --path existing.resourceGroup ${name}`,
  ];
  expect(await look({ resourceGroupName: name })).toEqual(refused);
  expect(
    await look({ resourceGroupName: name, marks: { project: "mail", stack: "prod", component: "calendar" } }),
  ).toEqual(refused);
  expect(await look({ resourceGroupName: name, marks: { project: "mail", stack: "prod" } })).toEqual([]);
  // The stack's own, whose tags somebody took away.
  expect(await look({ resourceGroupName: name }, { resourceGroupName: name })).toEqual([]);
});

test("names that the world shares are refused where somebody has them, and a vault in the bin with the way out", async () => {
  await newVault("buried", { enableRbacAuthorization: true });
  await portal.arm("DELETE", vault("buried"));
  await newPlan("hosts", "B1", "Basic");
  const site = `${group()}/providers/Microsoft.Web/sites/taken-site`;
  await portal.arm("PUT", site, {
    location: "westeurope",
    kind: "app,linux",
    properties: { serverFarmId: plan("hosts") },
  });
  expect(await look({ names: { vault: "buried", webApp: "taken-site" } })).toEqual([
    expect.stringMatching(
      /^vault: the vault buried: lies in the recycle bin until \S+, and keeps its name there\. Bring it back \(az keyvault recover --name buried\) or empty the bin of it \(az keyvault purge --name buried\)\.$/,
    ),
    expect.stringMatching(/^webApp: the web app taken-site: bears a name that somebody else in the world has/),
  ]);
  expect(
    await look({ names: { webApp: "taken-site" }, existing: { resourceGroup: "shared" }, resourceGroupName: "shared" }),
  ).toEqual([]);
});

test("a secret among the open app settings is refused, by its name", async () => {
  expect(await look({ openSecrets: ["API_KEY"] })).toEqual([
    "The app setting API_KEY is a secret. Give it in secretAppSettings: it is kept in the vault, and the web app gets a reference.",
  ]);
});

test("what a preview does not know yet is looked at when it is known", async () => {
  const later = { resourceGroup: unknown, vault: unknown };
  expect(
    await look({ existing: later, names: { vault: unknown }, resourceGroupName: unknown, location: unknown }),
  ).toEqual([]);
});

test("whoever may not look is not told that something is wrong: a plan with reading rights of its own group goes on", async () => {
  const provider = preconditions(() => new StandInAccess(() => armError(403, "AuthorizationFailed", "may not")), {});
  expect(await provider.check({}, { ...wanted, existing: { vault: vault("roles") }, names: { bot: "mail" } })).toEqual(
    [],
  );
});

test("nothing is asked of a cloud that is not served", async () => {
  const access = new StandInAccess(() => armError(500, "Never"));
  const provider = preconditions(() => access, { ARM_ENVIRONMENT: "usgovernment" });
  expect((await provider.check({}, wanted)).map(({ reason }) => reason)).toEqual([
    expect.stringMatching(
      /^ARM_ENVIRONMENT says usgovernment\. Only the public cloud is served: .* Fix: unset ARM_ENVIRONMENT$/,
    ),
  ]);
  expect(access.requests).toEqual([]);
});
