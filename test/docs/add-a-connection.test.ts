import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { startLocalAzure } from "../../local/azure/azure";
import { runProgram } from "../../local/embedded";
import { connectionRules } from "../../infra/connections/rules";

const root = join(__dirname, "../..");
const text = readFileSync(join(root, "docs/add-a-connection.md"), "utf8");
type Written = Readonly<Record<string, unknown>> & { readonly name: string };

/** The connections that the document adds, in its order, each with the commands that follow it. */
const steps = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$([\s\S]*?)(?=^```yaml|^## |(?![\s\S]))/gm)].map(
  ([, yaml, after]) => ({ connection: parse(yaml!) as Written, after: after! }),
);
const { config } = parse(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")) as { config: { connections: Written[] } };
const all = [...config.connections, ...steps.map(({ connection }) => connection)];

test("the document adds a connection of each kind: another API, a provider of the list, one's own provider", () => {
  expect(all.map(({ name, provider = "entra" }) => [name, provider])).toEqual([
    ["GraphConnection", "entra"],
    ["StorageConnection", "entra"],
    ["GitHubConnection", "github"],
    ["OrdersConnection", "oauth2generic"],
  ]);
});

test("each secret is set encrypted, at the place in the list that its connection has", () => {
  for (const { connection, after } of steps) {
    const { clientSecret, ...rest } = connection;
    expect([connection.name, clientSecret]).toEqual([connection.name, undefined]);
    const said = [...after.matchAll(/config set --secret --path 'connections\[(\d+)\]\.clientSecret'/g)].map(
      ([, at]) => at,
    );
    expect([rest.name, said]).toEqual([rest.name, rest["clientId"] ? [String(all.indexOf(connection))] : []]);
  }
});

test("followed step by step, the document's connections are at the local Bot Service and the bot is well with them", async () => {
  const azure = await startLocalAzure({ port: 0 });
  try {
    const connections = all.map((one) =>
      one["clientId"] ? { ...one, clientSecret: "a-secret-of-the-provider" } : one,
    );
    const warnings: string[] = [];
    // Each is read back at Bot Service: provider, scopes, parameters.
    const checked: string[] = [];
    const { outputs } = await runProgram({
      root,
      stack: "dev",
      environment: await azure.deployerEnvironment(),
      secretConfig: { connections: JSON.stringify(connections) },
      onEvent: ({ kind, type, name, message }) => {
        if (kind === "warning") warnings.push(message ?? "");
        if (kind === "created" && type?.endsWith("ConnectionCheck")) checked.push(name ?? "");
      },
    });
    expect(outputs["connections"]).toEqual(all.map(({ name }) => name));
    expect(outputs["redirectAddress"]).toBe(/`(https:\/\/token\.botframework\.com[^`]+)`/.exec(text)![1]);
    expect(JSON.stringify(outputs)).not.toContain("a-secret-of-the-provider");
    expect(checked.sort()).toEqual(all.map(({ name }) => `bot-sign-in-connections-${name}`).sort());
    // The one warning about a connection is the one that the document's step leaves for code of one's own.
    expect(warnings.filter((line) => line.startsWith("Setting "))).toEqual([
      expect.stringContaining("The bundled bot does nothing with StorageConnection"),
    ]);
  } finally {
    await azure.close();
  }
}, 180_000);

test("the table says every rule, in the rules' own words and order", () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (refused|warned) \| (.*) \|$/gm)].map(([, ...row]) => row);
  expect(rows).toEqual(connectionRules.map(({ code, outcome, says }) => [code, outcome, says]));
});
