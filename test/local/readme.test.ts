import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { authorizeAt } from "../../contract/provider-endpoints";
import type { Caller } from "../../local/azure/graph/caller";
import type { GraphCall } from "../../local/azure/graph/graph-call";
import { Faults } from "../../local/door/faults";
import { fakeAzure } from "./arm/fake-azure";
import { communicationServices } from "./examples/communication-services";
import { managerRoutes } from "./examples/manager";
import { quickbooks } from "./examples/quickbooks";
import { vaultBusy } from "./examples/vault-busy";
import { localGraph } from "./graph/local-graph";

const root = join(__dirname, "../..");
const examples = join(__dirname, "examples");
const readme = readFileSync(join(root, "local/README.md"), "utf8");

test.each(readdirSync(examples))("the README shows %s as it is, which runs below", (file) => {
  const code = readFileSync(join(examples, file), "utf8").replace(/"(?:\.\.\/)+(local|contract)\//g, '"$1/');
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

test("every file and test that the README names is there", () => {
  const named = [...readme.matchAll(/`((?:local|test)\/[\w./-]+)`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe("the examples of the README", () => {
  test("a Graph path answers who holds the permission, and refuses who does not", async () => {
    const { entra } = await localGraph();
    const { people } = entra.directory;
    const routes = managerRoutes({ azure: entra.azure, directory: entra.directory });
    const ask = (permissions: readonly string[]): Response | Promise<Response> => {
      const url = new URL("https://graph.microsoft.com/v1.0/me/manager");
      const caller = { person: people[1], permissions: new Set(permissions) } as unknown as Caller;
      return routes["GET /me/manager"]!({ url, caller } as GraphCall);
    };
    const answer = (await (await ask(["User.Read.All"])).json()) as unknown;
    expect(answer).toMatchObject({ id: people[0]!.objectId, mail: people[0]!.mail });
    expect(() => ask(["User.Read"])).toThrow(/Insufficient privileges/);
  });

  test("a resource type is made, read, refused and gone, all by the table's row", async () => {
    const azure = fakeAzure([communicationServices]);
    const group = `${azure.subscription}/resourceGroups/Mail`;
    const id = `${group}/providers/Microsoft.Communication/communicationServices/post?api-version=2023-04-01`;
    await azure.ask("PUT", group, { location: "westeurope" });
    const put = (dataLocation: string): ReturnType<typeof azure.ask> =>
      azure.ask("PUT", id, { location: "global", properties: { dataLocation } });
    expect((await put("Atlantis")).body).toEqual({
      error: { code: "BadRequest", message: "The data location is none of Europe, United States." },
    });
    const made = await put("Europe");
    expect([made.status, made.headers.has("azure-asyncoperation")]).toEqual([201, true]);
    expect((await azure.ask("GET", id)).body.properties.hostName).toBe("post.communication.azure.com");
    expect((await put("United States")).status).toBe(409);
    expect((await azure.ask("POST", id.replace("?", "/listKeys?"))).body).toHaveProperty("primaryConnectionString");
    expect((await azure.ask("DELETE", id)).status).toBe(200);
    expect((await azure.ask("GET", id)).status).toBe(404);
  });

  test("a fault meets one call, and no call after it", () => {
    const faults = new Faults();
    faults.switchOn(vaultBusy.fault);
    const reading = { url: "https://contoso.vault.azure.net/secrets/bot-app-password", method: "GET" };
    expect(faults.meet("Key Vault", reading).refusal).toMatchObject({ status: 429, code: "Throttled" });
    expect(faults.meet("Key Vault", reading).refusal).toBeUndefined();
  });

  test("a provider's sign-in begins at its own address, with the connection's client and scopes", () => {
    const [, authorize] = quickbooks;
    const address = authorizeAt(
      { authorize },
      { clientId: "books", scopes: "openid, accounting" },
      { redirectUri: "https://token.botframework.com/.auth/web/redirect", state: "s1" },
    );
    expect(address).toMatch(/^https:\/\/appcenter\.intuit\.com\/connect\/oauth2\?/);
    expect(Object.fromEntries(new URL(address).searchParams)).toMatchObject({
      client_id: "books",
      scope: "openid accounting",
      redirect_uri: "https://token.botframework.com/.auth/web/redirect",
      state: "s1",
    });
  });
});
