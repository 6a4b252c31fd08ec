import { startLocalAzure } from "../../../local/azure/azure";
import { everythingIn, Portal } from "../../engine/support/portal";

test("what was noted is put back: resources, secrets, applications, bins and the clock, as often as asked", async () => {
  const azure = await startLocalAzure({ port: 0 });
  try {
    const portal = new Portal(azure);
    const group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/noted`;
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/noted-vault`;
    const location = "westeurope";
    const sku = { family: "A", name: "standard" };
    const makeVault = (): Promise<unknown> =>
      portal.arm("PUT", vault, { location, properties: { tenantId: azure.tenant.tenantId, sku, accessPolicies: [] } });
    await portal.arm("PUT", group, { location });
    await makeVault();
    await portal.arm("PUT", `${vault}/secrets/one`, { properties: { value: "first" } });
    const app = await portal.graph<{ id: string }>("POST", "/applications", { displayName: "noted" });
    const before = everythingIn(azure);
    const putBack = await azure.checkpoint();
    for (let time = 0; time < 2; time++) {
      azure.clock.advance(60_000);
      await portal.graph("DELETE", `/applications/${app.id}`);
      await portal.arm("PUT", `${vault}/secrets/two`, { properties: { value: "second" } });
      await portal.arm("DELETE", vault);
      await putBack();
      expect([everythingIn(azure), azure.clock.ahead]).toEqual([before, 0]);
      const bin = `/subscriptions/${azure.tenant.subscriptionId}/providers/Microsoft.KeyVault/deletedVaults`;
      expect(await portal.arm("GET", bin)).toMatchObject({ value: [] });
      expect(await portal.graph("GET", "/directory/deletedItems/microsoft.graph.application")).toMatchObject({
        value: [],
      });
    }
  } finally {
    await azure.close();
  }
});
