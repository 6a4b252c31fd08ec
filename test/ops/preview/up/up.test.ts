import type { StateResource } from "../../../../ops/pulumi/state";
import { vaultsWanted } from "../../../../ops/preview/up/up";

const ownership = { project: "bot-sign-in", stack: "pr-7" };
const suffix = (component: string, result: string): StateResource => ({
  urn: `urn:pulumi:pr-7::bot-sign-in::bot-sign-in:index:BotSignIn$random:index/randomString:RandomString::${component}`,
  type: "random:index/randomString:RandomString",
  custom: true,
  outputs: { result },
});
const vault = (name: string): StateResource => ({
  urn: `urn:pulumi:pr-7::bot-sign-in::azure-native:keyvault:Vault::vault`,
  custom: true,
  type: "azure-native:keyvault:Vault",
  id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/${name}`,
});

test("of several components the vault that could not be made is named, whatever its component is called", () => {
  const resources = [
    suffix("bot-sign-in-suffix-here", "aaaaaaaa"),
    suffix("post-suffix-here", "bbbbbbbb"),
    suffix("post-suffix", "cccccccc"),
    vault("bot-sign-in-pr-aaaaaaaa"),
  ];
  expect(vaultsWanted(ownership, { version: 3, deployment: { resources } })).toEqual(["bot-sign-in-pos-bbbbbbbb"]);
});
