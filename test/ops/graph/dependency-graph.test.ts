import type { StateResource } from "../../../ops/pulumi/state";
import { graphOf } from "../../../ops/graph/dependency-graph";

const urn = (type: string, name: string): string => `urn:pulumi:dev::bot-sign-in::${type}::${name}`;
const group = "azure-native:resources:ResourceGroup";
const vault = "azure-native:keyvault:Vault";
const component = "bot-sign-in:infra:Vault";
const provider = "pulumi:providers:azure-native";

function resource(type: string, name: string, more: Partial<StateResource> = {}): StateResource {
  return { urn: urn(type, name), type, custom: true, id: `/subscriptions/s/${name}`, ...more };
}

const graph = (...resources: StateResource[]): [name: string, waitsFor: string[]][] =>
  graphOf({ version: 3, deployment: { resources } }).map(({ name, dependencies }) => [
    name,
    dependencies.map((one) => one.split("::").at(-1) ?? ""),
  ]);

test("a resource waits for what its options, its inputs and its deletion name", () => {
  expect(
    graph(
      resource(group, "by-option"),
      resource(group, "by-input"),
      resource(group, "by-deletion"),
      resource(vault, "vault", {
        dependencies: [urn(group, "by-option")],
        propertyDependencies: { resourceGroupName: [urn(group, "by-input")], location: null },
        deletedWith: urn(group, "by-deletion"),
      }),
    ),
  ).toEqual([
    ["by-option", []],
    ["by-input", []],
    ["by-deletion", []],
    ["vault", ["by-option", "by-input", "by-deletion"]],
  ]);
});

test("components and providers are not drawn; who waits for one waits for what it waits for", () => {
  expect(
    graph(
      resource(group, "before-component"),
      resource(group, "before-provider"),
      resource(provider, "default", { dependencies: [urn(group, "before-provider")] }),
      resource(component, "around", { custom: false, dependencies: [urn(group, "before-component")] }),
      resource(vault, "vault", { parent: urn(component, "around"), provider: `${urn(provider, "default")}::an-id` }),
    ),
  ).toEqual([
    ["before-component", []],
    ["before-provider", []],
    ["vault", ["before-component", "before-provider"]],
  ]);
});

test("a replaced resource that still waits for its deletion is not drawn a second time", () => {
  expect(graph(resource(vault, "vault"), resource(vault, "vault", { delete: true }))).toEqual([["vault", []]]);
});

const site = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/bot";
const bot = "/subscriptions/s/resourceGroups/g/providers/Microsoft.BotService/botServices/bot";
const own = "bot-sign-in:index";

/** The sums by hand, from the rows of ops/graph/latencies.ts. */
test.each([
  ["WebApp", "azure-native:web:WebApp", site, 500 + 20_000 + 500 + 500],
  ["WebAppScmAllowed", "azure-native:web:WebAppScmAllowed", `${site}/basicPublishingCredentialsPolicies/scm`, 2_500],
  ["Channel", "azure-native:botservice:Channel", `${bot}/channels/MsTeamsChannel`, 1_000 + 6_000 + 1_000],
  [
    "DirectLineSite",
    `${own}:DirectLineSite`,
    `${bot}/channels/DirectLineChannel/sites/chat`,
    300 + 3 * 1_000 + 2 * 5_000 + 1_000,
  ],
  [
    "WebChatDefaultSite",
    `${own}:WebChatDefaultSite`,
    `${bot}/channels/WebChatChannel/sites/Default Site`,
    300 + 2 * 1_000 + 5_000,
  ],
  ["ConnectionCheck", `${own}:ConnectionCheck`, `${bot}/connections/GraphConnection/check`, 300 + 500],
  ["DeployedCode", `${own}:DeployedCode`, `${site}/code`, 2 * 300 + 3 * 500 + 2 * 2_000 + 44_000 + 2 * 500],
  ["RotationDate", `${own}:RotationDate`, "2026-11-22T06:09:39Z", 0],
  ["Application", "azuread:index/application:Application", "/applications/7d9a", 1_000 + 2 * 500 + 3 * 300],
  ["ApplicationPassword", "azuread:index/applicationPassword:ApplicationPassword", "7d9a/password/1", 6_600],
  ["RandomString", "random:index/randomString:RandomString", "k3x9q2ab", 0],
])("a %s takes as long as the calls that make it", (kind, type, id, milliseconds) => {
  const [node] = graphOf({ version: 3, deployment: { resources: [resource(type, "one", { id })] } });
  expect(node).toMatchObject({ kind, milliseconds });
});
