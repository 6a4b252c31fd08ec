import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { OAuthClients } from "../../local/azure/oauth-clients";
import { localSecrets, withLocalSecrets, withSecretsSet } from "../../local/local-secrets";

let root: string;
let clients: OAuthClients;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "local-secrets-"));
  clients = new OAuthClients();
  writeFileSync(join(root, "Pulumi.yaml"), "name: a-project\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function fill(connections: object[], more: object = {}, key = "connections"): Record<string, unknown>[] | undefined {
  const config = { residency: "europe", displayName: "A bot", ...more, [key]: connections };
  writeFileSync(join(root, "Pulumi.test.yaml"), stringify({ config }));
  const filled = withLocalSecrets(root, "test", clients);
  return filled === undefined ? undefined : (JSON.parse(filled) as Record<string, unknown>[]);
}

const github = { name: "GitHub", provider: "github", clientId: "Ov1", scopes: ["repo"] };
const entra = { name: "Graph", provider: "entra", scopes: ["User.Read"] };

test.each([
  ["is missing", github],
  ["is encrypted", { ...github, clientSecret: { secure: "v1:abc" } }],
])("a secret that %s is made, and the provider knows the application by it", (_what, connection) => {
  const [first, second] = fill([entra, connection])!;
  const client = clients.find("github.com", "Ov1");
  expect(first).toEqual(entra);
  expect(second).toEqual({ ...github, clientSecret: client?.clientSecret });
  expect(client).toMatchObject({
    name: "A bot",
    redirectUris: ["https://europe.token.botframework.com/.auth/web/redirect"],
    clientSecret: expect.stringMatching(/^[0-9a-f]{60}$/),
  });
});

test("an application of a company's provider is registered at the host where its people sign in", () => {
  const provider = { provider: "oauth2", authorizationUrl: "https://login.company.example/a", clientId: "bot" };
  const [filled] = fill([{ name: "One", scopes: [], ...provider }])!;
  expect(clients.find("login.company.example", "bot")?.clientSecret).toBe(filled?.clientSecret);
});

test("for Pulumi's own CLI the same secrets are told by their path in the stack's file", () => {
  const filled = fill([entra, github])!;
  expect(localSecrets(root, "test", clients)).toEqual([
    { path: "connections[1].clientSecret", value: filled[1]!.clientSecret },
  ]);
});

test("started again, an application keeps its secret", () => {
  expect(fill([github])).toEqual(fill([github]));
});

test("what the file says stays as it is: a secret in clear, Entra, no client id, no list", () => {
  expect(fill([{ ...github, clientSecret: "in clear" }])).toBeUndefined();
  expect(fill([entra])).toBeUndefined();
  expect(fill([{ ...github, clientId: undefined }])).toBeUndefined();
  expect(fill([], { connections: "none" }, "other")).toBeUndefined();
  expect(clients.at("github.com")).toEqual([]);
});

test("settings of another project are not taken for the stack's", () => {
  expect(fill([github], {}, "another:connections")).toBeUndefined();
  expect(fill([github], {}, "a-project:connections")).toHaveLength(1);
});

test("a command that asks whether a secret is set is told so, and never the secret", () => {
  fill([entra, github]);
  expect(withSecretsSet(root, "test")).toEqual([
    entra,
    { ...github, clientSecret: { secure: "set in the local Azure" } },
  ]);
  fill([entra]);
  expect(withSecretsSet(root, "test")).toBeUndefined();
});
