import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { construct } from "../../../infra/provider/construct";
import { tenantId } from "../../support/azure-answers";
import { madeBy } from "../../support/bot-sign-in";
import { packaged } from "../program";

beforeEach(() => {
  jest.spyOn(console, "warn").mockReturnValue();
});

test("secret app settings that come as one secret, as other languages send them, are kept in the vault one by one", async () => {
  const inputs = {
    environment: "dev",
    location: "westeurope",
    tenantId,
    code: packaged,
    connections: [
      { name: "Graph", provider: "entra", scopes: ["openid", "User.Read", "Mail.Read", "Mail.Send"], skill: "mail" },
    ],
    secretAppSettings: pulumi.secret({ API_KEY: "in-clear", STORE_URL: "also" }),
  };
  const constructed: Promise<unknown>[] = [];
  const made = await madeBy(() => constructed.push(construct("mail", "bot-sign-in:index:BotSignIn", inputs, {})));
  await Promise.all(constructed);
  await (settings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  const secrets = made.filter(({ name }) => name.startsWith("mail-vault-app-setting-"));
  expect(secrets.map(({ name, inputs: { properties } }) => [name, (properties as { value: string }).value])).toEqual([
    ["mail-vault-app-setting-API-KEY", "in-clear"],
    ["mail-vault-app-setting-STORE-URL", "also"],
  ]);
});
