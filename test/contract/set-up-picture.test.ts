import type { EntraApplication, SetUpParts, WebApp } from "../../contract/set-up-parts";
import { asMermaid, nobodyConsented, pictureOf, type PictureOptions } from "../../contract/set-up-picture";

const nothing: SetUpParts = {
  channels: [],
  bots: [],
  connections: [],
  applications: [],
  webApps: [],
  plans: [],
  identities: [],
  vaults: [],
  secrets: [],
  containers: [],
  workspaces: [],
  roleAssignments: [],
  diagnosticSettings: [],
};
const overview: PictureOptions = { complete: false, secrets: "counted" };
const everything: PictureOptions = { complete: true, secrets: "drawn" };
const group = "/subscriptions/s/resourceGroups/g/providers";
const vault = `${group}/Microsoft.KeyVault/vaults/v`;

const webApp = (settings: Readonly<Record<string, string>>): WebApp => ({
  id: `${group}/Microsoft.Web/sites/w`,
  name: "w",
  host: "w.azurewebsites.net",
  runtime: "",
  tags: {},
  planId: "",
  identityIds: [],
  settings: Object.entries(settings),
});

function relations(parts: Partial<SetUpParts>, options: PictureOptions): string[] {
  const { nodes, edges } = pictureOf({ ...nothing, ...parts }, options);
  const named = (id: string): string => {
    const { kind, title } = nodes.find((node) => node.id === id)!;
    return kind === "missing" ? `missing ${title}` : title;
  };
  return edges.map(({ from, to, label }) => `${named(from)} -> ${named(to)}: ${label}`);
}

test("each API that an application asks for is one of its own, with who has consented to that one", () => {
  const application: EntraApplication = {
    clientId: "app",
    name: "Mail bot",
    redirectAddresses: [],
    access: [
      { id: "1", api: "Microsoft Graph", scopes: ["User.Read", "Mail.Read"], consent: "everyone" },
      { id: "2", api: "Orders", scopes: ["orders.read"], consent: 0 },
      { id: "3", api: "Invoices", scopes: ["read"], consent: 2 },
      { id: "4", api: "Not told", scopes: [] },
    ],
  };
  expect(relations({ applications: [application] }, everything)).toEqual([
    "Mail bot -> Microsoft Graph: asks for 2 scopes, granted for everyone",
    `Mail bot -> Orders: asks for 1 scope, ${nobodyConsented}`,
    "Mail bot -> Invoices: asks for 1 scope, granted by 2",
    "Mail bot -> Not told: asks for 0 scopes",
  ]);
});

test("what is named and is not there is missing where all parts are known, and not drawn where they are not", () => {
  const parts = {
    bots: [{ id: "b", name: "b", size: "", endpoint: "https://gone.example/api/messages", clientId: "gone" }],
    webApps: [webApp({ TOKEN: "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/gone/1)" })],
  };
  expect(relations(parts, everything)).toEqual([
    "b -> missing gone: is",
    "b -> missing gone.example: delivers to /api/messages",
    "w -> missing gone: TOKEN",
  ]);
  expect(relations(parts, overview)).toEqual([]);
});

test("secrets are drawn with who reads them, or counted at their vault", () => {
  const parts = {
    ...nothing,
    vaults: [{ id: vault, name: "v" }],
    secrets: [{ id: `${vault.toUpperCase()}/secrets/one`, name: "one" }],
    webApps: [webApp({ TOKEN: "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/one/1)" })],
  };
  expect(relations(parts, everything)).toEqual(["w -> one: TOKEN", "v -> one: keeps"]);
  expect(asMermaid(pictureOf(parts, overview)).split("\n").slice(0, 3)).toEqual([
    "flowchart LR",
    '  n1["Web app<br>w"]:::app',
    '  n2["Key Vault<br>v<br>1 secret"]:::secret',
  ]);
});

test("a setting that holds no address breaks nothing, and is not shown, whatever it holds", () => {
  const settings = { DIRECT_LINE_SECRET_URI: "never shown", STATE_CONTAINER_URL: "never shown", MicrosoftAppId: "" };
  const picture = pictureOf({ ...nothing, webApps: [webApp(settings)] }, everything);
  expect(picture.nodes.map(({ title }) => title)).toEqual(["w", "(none)"]);
  expect(JSON.stringify(picture)).not.toContain("never shown");
});
