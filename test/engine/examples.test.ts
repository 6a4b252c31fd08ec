import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { everythingIn } from "./support/portal";
import { Stack, Workshop } from "./support/stack";

// Each program of examples/, deployed as its README says.

const root = resolve(__dirname, "../..");
let workshop: Workshop;
let before: string[];

beforeAll(async () => {
  workshop = await Workshop.open();
  before = everythingIn(workshop.azure);
  await cp(join(root, "examples"), join(workshop.folder, "project/examples"), { recursive: true });
});
afterAll(() => workshop?.close());

const made = (): string[] => everythingIn(workshop.azure).filter((id) => !before.includes(id));
const ofType = (type: string): Record<string, unknown> => {
  const [only, ...others] = workshop.azure.resources.list(type);
  expect(others).toEqual([]);
  return { ...only!.properties, sku: only!.sku };
};

/** Deploys an example, looks at what is in Azure, deploys it again without a change, and takes it down. */
async function tried(example: string, look: () => void | Promise<void>): Promise<void> {
  const stack = new Stack(workshop, "dev", join(workshop.folder, "project/examples", example));
  await stack.mustRun("stack", ["init", "dev"]);
  const up = await stack.up();
  expect([up.code, up.code === 0 ? "" : up.text]).toEqual([0, ""]);
  await look();
  const again = await stack.up("--expect-no-changes");
  expect([again.code, again.effects]).toEqual([0, []]);
  const destroy = await stack.destroy();
  expect([destroy.code, destroy.code === 0 ? "" : destroy.text]).toEqual([0, ""]);
  expect(made().filter((id) => !/deletedVaults|deletedItems/i.test(id))).toEqual([]);
}

test("instances: the plan has three machines", async () => {
  await tried("instances", () => {
    expect(ofType("Microsoft.Web/serverfarms")["sku"]).toMatchObject({ name: "B1", capacity: 3 });
  });
});

test("vnet-integration: the web app lives in its subnet, which cannot be taken from under it", async () => {
  await tried("vnet-integration", () => {
    const [network] = workshop.azure.resources.list("Microsoft.Network/virtualNetworks");
    expect(ofType("Microsoft.Web/sites")["virtualNetworkSubnetId"]).toBe(`${network!.id}/subnets/apps`);
  });
});

test("private-endpoint: the vault is closed, and the bot reads its secrets all the same", async () => {
  await tried("private-endpoint", async () => {
    const [vault] = workshop.azure.resources.list("Microsoft.KeyVault/vaults");
    expect(vault!.properties["publicNetworkAccess"]).toBe("disabled");
    const origin = `https://${String(ofType("Microsoft.Web/sites")["defaultHostName"])}`;
    const health = await workshop.azure.call("somebody", `${origin}/healthz`);
    expect(health.status).toBe(200);
    const outside = workshop.azure.vaults.read(
      `https://${vault!.name}.vault.azure.net/secrets/bot-app-password`,
      workshop.azure.tenant.deployer.objectId,
    );
    expect(outside).toMatchObject({ status: "AccessToKeyVaultDenied" });
  });
});
