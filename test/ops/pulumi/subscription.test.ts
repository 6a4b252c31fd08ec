import { subscriptionOf } from "../../../ops/pulumi/subscription";

const group = { id: "/subscriptions/in-state/resourceGroups/g", type: "azure-native:resources:ResourceGroup" };
const signIn = { id: "/applications/a", type: "azuread:index/application:Application" };
// Whatever was made first stands first.
const atOthersVault = [
  "azure-native_keyvault_v20260201:keyvault:Secret",
  "azure-native:authorization:RoleAssignment",
].map((type) => ({ id: "/subscriptions/of-others/resourceGroups/v/providers/Microsoft.KeyVault/vaults/v/x", type }));

test.each([
  ["the state's own, whatever the environment names", [signIn, group], { ARM_SUBSCRIPTION_ID: "arm" }, "in-state"],
  ["the state's own, though a vault of others is in another one", [...atOthersVault, group], {}, "in-state"],
  ["what the environment names where nothing but that was made", atOthersVault, { ARM_SUBSCRIPTION_ID: "arm" }, "arm"],
  ["the providers' variable", [], { ARM_SUBSCRIPTION_ID: "arm", AZURE_SUBSCRIPTION_ID: "azure" }, "arm"],
  ["the other one where that is empty", [], { ARM_SUBSCRIPTION_ID: "", AZURE_SUBSCRIPTION_ID: "azure" }, "azure"],
])("looked into is %s", (_what, resources, environment, subscription) => {
  expect(subscriptionOf(resources, environment)).toBe(subscription);
});

test("where nobody names one, the command that does is told", () => {
  expect(() => subscriptionOf([signIn], {})).toThrow(
    'No subscription is named: export ARM_SUBSCRIPTION_ID="$(az account show --query id --output tsv)"',
  );
});
