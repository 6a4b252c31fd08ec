import { Connections, type ConnectionsArgs } from "../../../infra/components/connections";
import * as pulumi from "@pulumi/pulumi";
import { guid, subscriptionId, tenantId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf } from "../../support/bot-sign-in";

const args = (): ConnectionsArgs => ({
  subscriptionId,
  resourceGroupName: "shop-dev",
  botHandle: "shop-dev-k3x9q2ab",
  location: "global",
  tenantId,
  connections: [{ name: "Graph", provider: "entra", scopes: ["openid", "User.Read"], skill: "mail" }],
  signInApp: { clientId: pulumi.output("sign-in-app"), password: pulumi.secret("s3cret") },
});

test("Bot Service keeps a connection under the very name that the bot asks for, and it is read back", async () => {
  const made = await madeBy(() => new Connections("connections", args()));
  expect(namesOf(made)).toEqual(["BotConnection connections-Graph", "ConnectionCheck connections-Graph"]);
  expect(oneOf(made, "BotConnection")).toEqual({
    resourceGroupName: "shop-dev",
    resourceName: "shop-dev-k3x9q2ab",
    connectionName: "Graph",
    location: "global",
    properties: {
      serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
      serviceProviderDisplayName: "Azure Active Directory v2",
      clientId: "sign-in-app",
      clientSecret: "s3cret",
      scopes: "openid User.Read",
      parameters: [{ key: "tenantId", value: tenantId }],
    },
  });
  expect(oneOf(made, "ConnectionCheck")).toEqual({
    subscriptionId,
    resourceGroupName: "shop-dev",
    botName: "shop-dev-k3x9q2ab",
    connectionName: "Graph",
    clientId: "sign-in-app",
    serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
    scopes: "openid User.Read",
    parameters: { tenantId },
    settingId: guid("Graph"),
  });
});
