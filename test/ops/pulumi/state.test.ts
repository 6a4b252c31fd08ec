import { isEmpty } from "../../../ops/pulumi/state";

const resource = (type: string, custom: boolean) => ({ urn: `urn:pulumi:dev::p::${type}::n`, type, custom });

test.each([
  ["never had a resource", { version: 3, deployment: {} }, true],
  [
    "was destroyed, or refused before its first write",
    {
      version: 3,
      deployment: {
        resources: [resource("pulumi:pulumi:Stack", false), resource("pulumi:providers:azuread", true)],
      },
    },
    true,
  ],
  ["is deployed", { version: 3, deployment: { resources: [resource("azure-native:botservice:Bot", true)] } }, false],
])("a stack that %s is told apart, so that drift does not call it as deployed", (_what, state, empty) => {
  expect(isEmpty(state)).toBe(empty);
});
