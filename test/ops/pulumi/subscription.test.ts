import { subscriptionOf } from "../../../ops/pulumi/subscription";

const group = { id: "/subscriptions/in-state/resourceGroups/g" };

test.each([
  ["the state's own, whatever the environment names", [{}, group], { ARM_SUBSCRIPTION_ID: "arm" }, "in-state"],
  ["the providers' variable", [], { ARM_SUBSCRIPTION_ID: "arm", AZURE_SUBSCRIPTION_ID: "azure" }, "arm"],
  ["the other one where that is empty", [], { ARM_SUBSCRIPTION_ID: "", AZURE_SUBSCRIPTION_ID: "azure" }, "azure"],
])("looked into is %s", (_what, resources, environment, subscription) => {
  expect(subscriptionOf(resources, environment)).toBe(subscription);
});

test("where nobody names one, the command that does is told", () => {
  expect(() => subscriptionOf([{ id: "/applications/a" }], {})).toThrow(
    'No subscription is named: export ARM_SUBSCRIPTION_ID="$(az account show --query id --output tsv)"',
  );
});
