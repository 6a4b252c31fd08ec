import { BotRegistration } from "../../../infra/components/bot-registration";
import { ManagedBotIdentity } from "../../../infra/components/managed-bot-identity";
import { guid, subscriptionId, tenantId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf } from "../../support/bot-sign-in";

test("a bot that is a managed identity has no application and no password, and Bot Service knows it by both its ids", async () => {
  const made = await madeBy(() => {
    const identity = new ManagedBotIdentity("bot", {
      resourceGroupName: "shop-dev",
      location: "westeurope",
      identityName: "shop-dev-k3x9q2ab",
      protect: true,
      tags: { project: "shop", stack: "dev" },
    });
    new BotRegistration("registration", {
      resourceGroupName: "shop-dev",
      location: "global",
      handle: "shop-dev-k3x9q2ab",
      displayName: "Shop bot",
      sku: "F0",
      tenantId,
      identity,
      endpoint: "https://shop.example/api/messages",
      servedBy: [],
      protect: true,
      tags: { project: "shop", stack: "dev" },
    });
  });
  expect(namesOf(made)).toEqual(["Bot registration", "UserAssignedIdentity bot"]);
  expect(oneOf(made, "UserAssignedIdentity")).toEqual({
    resourceGroupName: "shop-dev",
    location: "westeurope",
    resourceName: "shop-dev-k3x9q2ab",
    tags: { project: "shop", stack: "dev" },
  });
  expect(oneOf(made, "Bot")["properties"]).toMatchObject({
    msaAppId: guid("identity client"),
    msaAppType: "UserAssignedMSI",
    msaAppTenantId: tenantId,
    msaAppMSIResourceId: `/subscriptions/${subscriptionId}/resourceGroups/shop-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-dev-k3x9q2ab`,
  });
});
