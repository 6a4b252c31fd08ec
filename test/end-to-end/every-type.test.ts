import { ClientSecretCredential } from "@azure/identity";
import type { ResourceType } from "../../local/azure/arm/resource-type";
import type { Resource } from "../../local/azure/service";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";

jest.setTimeout(60_000);

let deployed: Deployed;
let disconnect: () => void;
let token: string;
/** One deployed resource of each type that the program makes. */
let examples: { type: ResourceType; resource: Resource }[];

beforeAll(async () => {
  deployed = await deploy();
  disconnect = await connectThisProcess(deployed.azure, "client");
  const { tenantId, deployer } = deployed.azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  token = (await credential.getToken("https://management.azure.com/.default")).token;
  examples = deployed.azure.resourceTypes.flatMap((type) => {
    const resource = deployed.azure.resources.list(type.type).at(-1);
    return resource ? [{ type, resource }] : [];
  });
});
afterAll(async () => {
  disconnect?.();
  await deployed?.close();
});

type Body = Record<string, unknown>;

async function ask(method: string, address: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const url = address.startsWith("https:") ? address : `https://management.azure.com${address}`;
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Body };
}

const at = (type: ResourceType, id: string, query = ""): string => `${id}?api-version=${type.apiVersions[0]}${query}`;

test("every type that the program deploys is here, so that the tests below cover them all", () => {
  expect(examples.map(({ type }) => type.type.split("/").slice(1).join("/"))).toEqual(
    expect.arrayContaining([
      ...["botServices", "botServices/channels", "botServices/connections"],
      ...["diagnosticSettings", "roleAssignments", "userAssignedIdentities", "workspaces"],
      ...["serverfarms", "sites", "sites/basicPublishingCredentialsPolicies", "sites/config"],
      ...["storageAccounts", "storageAccounts/blobServices", "storageAccounts/blobServices/containers"],
      "storageAccounts/managementPolicies",
      ...["vaults", "vaults/secrets"],
    ]),
  );
});

test("a PATCH of tags changes the tags of every type that has some, and nothing else", async () => {
  const tagged: string[] = [];
  for (const { type, resource } of examples) {
    if (!(type.methods ?? ["PATCH"]).includes("PATCH") || resource.location === undefined) continue;
    const before = (await ask("GET", at(type, resource.id))).body;
    const tags = { ...(before.tags as Record<string, string>), owner: "somebody" };
    const patched = await ask("PATCH", at(type, resource.id), { tags });
    const after = (await ask("GET", at(type, resource.id))).body;
    expect({ type: type.type, status: patched.status, tags: after.tags }).toEqual({
      type: type.type,
      status: expect.any(Number) as number,
      tags,
    });
    expect([200, 201, 202]).toContain(patched.status);
    expect({ type: type.type, ...stable(after) }).toEqual({ type: type.type, ...stable(before) });
    tagged.push(type.type);
  }
  expect(tagged).toEqual(expect.arrayContaining(["Microsoft.Web/sites", "Microsoft.KeyVault/vaults"]));
  expect(tagged.length).toBeGreaterThanOrEqual(7);
});

test("a list of every type is read to its end page by page", async () => {
  for (const { type, resource } of examples) {
    const collection = resource.id.split("/").slice(0, -1).join("/");
    const whole = await ask("GET", at(type, collection));
    expect({ type: type.type, status: whole.status }).toEqual({ type: type.type, status: 200 });
    const pages: unknown[] = [];
    let next: string | undefined = at(type, collection, "&$top=1");
    while (next !== undefined) {
      const { body }: { body: Body } = await ask("GET", next);
      pages.push(...(body.value as unknown[]));
      // App Service says null where the others say nothing.
      next = (body.nextLink as string | null | undefined) ?? undefined;
    }
    expect({ type: type.type, ids: idsOf(pages) }).toEqual({
      type: type.type,
      ids: idsOf(whole.body.value as unknown[]),
    });
  }
});

const idsOf = (entries: unknown[]): unknown[] => entries.map((entry) => (entry as { id: unknown }).id);

/** A resource without its tags and without what every write changes: etags and who wrote last, when. */
function stable<T>(value: T): T {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const changing = /^(tags|etag|systemData|lastModified\w*|modifiedDate|updated)$/;
  const kept = Object.entries(value).filter(([name]) => !changing.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, stable(inner) as unknown])) as T;
}
