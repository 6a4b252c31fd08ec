import * as pulumi from "@pulumi/pulumi";
import { BotIdentity, type BotIdentityArgs } from "../../../infra/components/bot-identity";
import { deployerId, guid, secretValues } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

const args: BotIdentityArgs = {
  displayName: "shop-dev",
  deployer: deployerId,
  passwordEnds: "2027-05-21T03:04:05Z",
  protect: false,
  marks: { project: "shop", stack: "dev" },
};

test("a bot can ask for tokens: an application of one tenant, its service principal, a password that ends", async () => {
  let identity: BotIdentity | undefined;
  const made = await madeBy(() => (identity = new BotIdentity("bot", args)));
  expect(namesOf(made)).toEqual(["Application bot", "ApplicationPassword bot", "ServicePrincipal bot"]);
  const tags = ["project:shop", "stack:dev"];
  expect(oneOf(made, "Application")).toEqual({
    displayName: "shop-dev",
    signInAudience: "AzureADMyOrg",
    owners: [deployerId],
    tags,
    api: { requestedAccessTokenVersion: 2 },
  });
  expect(oneOf(made, "ServicePrincipal")).toEqual({ clientId: guid("bot client"), owners: [deployerId], tags });
  expect(oneOf(made, "ApplicationPassword")).toEqual({
    applicationId: `/applications/${guid("bot object")}`,
    displayName: "bot",
    endDate: "2027-05-21T03:04:05Z",
  });
  expect(await valueOf(identity!.clientId)).toBe(guid("bot client"));
});

test("the password leaves the component as a secret, so that no state or log shows it", async () => {
  let identity: BotIdentity | undefined;
  await madeBy(() => (identity = new BotIdentity("bot", args)));
  expect(await valueOf(identity!.password)).toBe(secretValues.botPassword);
  expect(await pulumi.isSecret(identity!.password)).toBe(true);
});

test("a tenant's policy that asks for a service management reference gets it", async () => {
  const made = await madeBy(() => new BotIdentity("bot", { ...args, serviceManagementReference: "7d1f3c0e" }));
  expect(oneOf(made, "Application")["serviceManagementReference"]).toBe("7d1f3c0e");
});
