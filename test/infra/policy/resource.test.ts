import { resourceOf } from "../../../infra/policy/resource";

type Seen = Parameters<typeof resourceOf>[0];

test.each([
  ["eu", "staging", "staging"],
  ["eu-prod", "dev", "dev"],
  ["dev", undefined, "dev"],
  ["pr-42", "preview", "preview"],
  ["eu", undefined, "prod"],
  ["eu", "Staging", "prod"],
  ["pr-42", "dev", "prod"],
])("the rules for a stack called %s whose setting says %s are those of %s", (stack, said, environment) => {
  const urn = `urn:pulumi:${stack}::mail-bot::azure-native:web:WebApp::host`;
  const seen = { type: "azure-native:web:WebApp", name: "host", urn, props: {}, opts: { protect: true } };
  const resource = resourceOf(seen as unknown as Seen, (project) => ({
    environment: project === "mail-bot" ? said : undefined,
  }));
  expect([resource.stack, resource.environment]).toEqual([stack, environment]);
});
