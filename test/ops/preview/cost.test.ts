import type { StateResource } from "../../../ops/pulumi/state";
import { costOf } from "../../../ops/preview/cost";

function resource(type: string, sku?: Record<string, unknown>): StateResource {
  return { urn: `urn:pulumi:pr-42::bot-sign-in::${type}::x`, type, custom: true, ...(sku ? { inputs: { sku } } : {}) };
}

const rest = [
  resource("azure-native:keyvault:Vault", { family: "A", name: "standard" }),
  resource("azure-native:storage:StorageAccount", { name: "Standard_LRS" }),
  resource("azure-native:operationalinsights:Workspace", { name: "PerGB2018" }),
  resource("azure-native:managedidentity:UserAssignedIdentity"),
  resource("azuread:index/application:Application"),
];

test("a preview's cost is its plan's hours and little else", () => {
  const plan = resource("azure-native:web:AppServicePlan", { name: "B1", tier: "Basic", capacity: 1 });
  const bot = resource("azure-native:botservice:Bot", { name: "F0" });
  expect(costOf([plan, bot, ...rest])).toEqual({
    monthly: 12.69,
    parts: [
      { what: "App Service plan B1", monthly: 12.41, counted: "730 hours" },
      { what: "log workspace", monthly: 0.23, counted: "0.1 GB" },
      { what: "Key Vault", monthly: 0.03, counted: "10,000 operations" },
      { what: "storage account Standard_LRS", monthly: 0.02, counted: "1 GB" },
      { what: "Azure Bot F0", monthly: 0, counted: "1,000 messages" },
    ],
    unknown: [],
  });
});

test.each([
  ["F1", 1, 0],
  ["B1", 3, 37.23],
  ["P0v3", 1, 56.58],
  ["P1v3", 1, 113.15],
])("a plan %s with %i instances follows from what is deployed", (name, capacity, monthly) => {
  expect(costOf([resource("azure-native:web:AppServicePlan", { name, capacity })]).monthly).toBe(monthly);
});

test("a size without a price is named instead of being counted as free", () => {
  expect(costOf([resource("azure-native:web:AppServicePlan", { name: "I1v2", capacity: 1 })])).toEqual({
    monthly: 0,
    parts: [],
    unknown: ["AppServicePlan I1v2"],
  });
});

test("nothing deployed costs nothing", () => {
  expect(costOf([])).toEqual({ monthly: 0, parts: [], unknown: [] });
});
