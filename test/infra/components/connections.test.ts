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
  signInApp: {
    clientId: pulumi.output("sign-in-app"),
    password: pulumi.secret("s3cret"),
    uniqueIdentifier: undefined,
  },
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
    adopted: false,
  });
});

test("a connection without a secret is told the tail of the federated credential's subject, and no secret", async () => {
  const tail = "8a1d3f0e-5b7c-4f64-9d1e-2f3a4b5c6d7e";
  const made = await madeBy(
    () =>
      new Connections("connections", {
        ...args(),
        connections: [{ ...args().connections[0]!, secretless: true }],
        signInApp: {
          clientId: pulumi.output("sign-in-app"),
          password: pulumi.secret("s3cret"),
          uniqueIdentifier: pulumi.output(tail),
        },
      }),
  );
  expect(oneOf(made, "BotConnection")["properties"]).toEqual({
    serviceProviderId: "c00b44ab-5e16-c44c-af26-2fd5bc55eb18",
    serviceProviderDisplayName: "AAD v2 with Federated Credentials",
    clientId: "sign-in-app",
    scopes: "openid User.Read",
    parameters: [
      { key: "IsMultiTenantFlowSupported", value: "false" },
      { key: "LoginUri", value: "https://login.microsoftonline.com" },
      { key: "TenantId", value: tenantId },
      { key: "UniqueIdentifier", value: tail },
    ],
  });
  expect(JSON.stringify(made)).not.toContain("s3cret");
});
