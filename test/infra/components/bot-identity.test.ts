import * as pulumi from "@pulumi/pulumi";
import { BotIdentity, type BotIdentityArgs } from "../../../infra/components/bot-identity";
import { deployerId, guid, secretValues } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

const args: BotIdentityArgs = {
  displayName: "shop-dev",
  deployer: deployerId,
  passwordsEnd: ["2027-05-21T03:04:05Z", "2027-01-01T00:00:00Z"],
  protect: false,
  tags: { project: "shop", stack: "dev" },
};

test("a bot can ask for tokens: an application of one tenant, its service principal, two passwords that end", async () => {
  let identity: BotIdentity | undefined;
  const made = await madeBy(() => (identity = new BotIdentity("bot", args)));
  expect(namesOf(made)).toEqual([
    "Application bot",
    "ApplicationPassword bot",
    "ApplicationPassword bot-2",
    "ServicePrincipal bot",
  ]);
  const tags = ["project:shop", "stack:dev"];
  expect(oneOf(made, "Application")).toEqual({
    displayName: "shop-dev",
    signInAudience: "AzureADMyOrg",
    owners: [deployerId],
    tags,
    api: { requestedAccessTokenVersion: 2 },
  });
  expect(oneOf(made, "ServicePrincipal")).toEqual({ clientId: guid("bot client"), owners: [deployerId], tags });
  expect(oneOf(made, "ApplicationPassword", "bot")).toEqual({
    applicationId: `/applications/${guid("bot object")}`,
    displayName: "bot",
    endDate: "2027-05-21T03:04:05Z",
  });
  expect(oneOf(made, "ApplicationPassword", "bot-2")).toEqual({
    applicationId: `/applications/${guid("bot object")}`,
    displayName: "bot 2",
    endDate: "2027-01-01T00:00:00Z",
  });
  expect(await valueOf(identity!.clientId)).toBe(guid("bot client"));
});

test("the passwords leave the component as secrets, so that no state or log shows it", async () => {
  let identity: BotIdentity | undefined;
  await madeBy(() => (identity = new BotIdentity("bot", args)));
  expect(await valueOf(identity!.passwords![0])).toBe(secretValues.botPassword);
  for (const password of identity!.passwords!) expect(await pulumi.isSecret(password)).toBe(true);
});

test("a tenant's policy that asks for a service management reference gets it", async () => {
  const made = await madeBy(() => new BotIdentity("bot", { ...args, serviceManagementReference: "7d1f3c0e" }));
  expect(oneOf(made, "Application")["serviceManagementReference"]).toBe("7d1f3c0e");
});
