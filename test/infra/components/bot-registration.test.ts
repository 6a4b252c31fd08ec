import { BotIdentity } from "../../../infra/components/bot-identity";
import { BotRegistration, type BotRegistrationArgs } from "../../../infra/components/bot-registration";
import { deployerId, guid, subscriptionId, tenantId } from "../../support/azure-answers";
import { madeBy, oneOf, valueOf } from "../../support/bot-sign-in";

const args = (more: Partial<BotRegistrationArgs> = {}): BotRegistrationArgs => ({
  resourceGroupName: "shop-dev",
  location: "global",
  handle: "shop-dev-k3x9q2ab",
  displayName: "Shop bot",
  sku: "F0",
  tenantId,
  identity: new BotIdentity("bot", {
    displayName: "shop-dev",
    deployer: deployerId,
    passwordsEnd: ["2027-05-21T03:04:05Z", "2027-05-21T03:04:05Z"],
    protect: false,
    tags: {},
  }),
  endpoint: "https://shop.example/api/messages",
  servedBy: [],
  protect: false,
  tags: { project: "shop", stack: "dev" },
  ...more,
});

test("Bot Service knows the bot by its application, its one tenant and the address where it answers", async () => {
  let bot: BotRegistration | undefined;
  const made = await madeBy(() => (bot = new BotRegistration("registration", args())));
  expect(oneOf(made, "Bot")).toEqual({
    resourceGroupName: "shop-dev",
    resourceName: "shop-dev-k3x9q2ab",
    location: "global",
    kind: "azurebot",
    sku: { name: "F0" },
    tags: { project: "shop", stack: "dev" },
    properties: {
      displayName: "Shop bot",
      // azure-native's own default.
      iconUrl: "",
      endpoint: "https://shop.example/api/messages",
      msaAppId: guid("bot client"),
      msaAppType: "SingleTenant",
      msaAppTenantId: tenantId,
      schemaTransformationVersion: "1.3",
      isCmekEnabled: false,
      isStreamingSupported: false,
      publicNetworkAccess: "Enabled",
      disableLocalAuth: false,
    },
  });
  expect(await valueOf(bot!.handle)).toBe("shop-dev-k3x9q2ab");
  expect(await valueOf(bot!.id)).toBe(
    `/subscriptions/${subscriptionId}/resourceGroups/shop-dev/providers/Microsoft.BotService/botServices/shop-dev-k3x9q2ab`,
  );
});

test("a regional residency and a paid tier go where Bot Service reads them", async () => {
  const made = await madeBy(() => new BotRegistration("registration", args({ location: "westeurope", sku: "S1" })));
  expect(oneOf(made, "Bot")).toMatchObject({ location: "westeurope", sku: { name: "S1" } });
});
