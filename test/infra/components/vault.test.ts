import { Provider } from "@pulumi/azure-native/provider";
import * as pulumi from "@pulumi/pulumi";
import { Vault, type VaultArgs } from "../../../infra/components/vault";
import { guid, subscriptionId, tenantId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

const tags = { project: "shop", stack: "dev" };
const args: VaultArgs = {
  sharedPrefix: "shop-dev",
  resourceGroupName: "shop-dev-group",
  location: "westeurope",
  vaultName: "shop-dev-k3x9q2ab",
  tenantId,
  subscriptionId,
  protect: false,
  purgeProtection: false,
  retentionDays: 7,
  tags: { ...tags, commit: "c0ffee" },
  lastingTags: tags,
};

test("the vault asks for roles, keeps what was deleted, and can be purged where its name is wanted again", async () => {
  const made = await madeBy(() => new Vault("vault", args));
  expect(oneOf(made, "Vault")).toEqual({
    resourceGroupName: "shop-dev-group",
    location: "westeurope",
    vaultName: "shop-dev-k3x9q2ab",
    tags: { ...tags, commit: "c0ffee" },
    properties: {
      tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      // azure-native adds these three by itself.
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      softDeleteRetentionInDays: 7,
      publicNetworkAccess: "enabled",
      networkAcls: { defaultAction: "Allow", bypass: "AzureServices" },
    },
  });
});

test("production's vault cannot be purged by anybody", async () => {
  const made = await madeBy(() => new Vault("vault", { ...args, purgeProtection: true, retentionDays: 90 }));
  expect(oneOf(made, "Vault")["properties"]).toMatchObject({
    enablePurgeProtection: true,
    softDeleteRetentionInDays: 90,
  });
});

test("a secret carries its end, and tags that no later commit changes, since a change would be a new version", async () => {
  let address: ReturnType<Vault["keep"]>["uriWithVersion"] | undefined;
  const made = await madeBy(() => {
    address = new Vault("vault", args).keep("session", "s3cret", "2027-05-21T03:04:05Z").uriWithVersion;
  });
  expect(oneOf(made, "Secret")).toEqual({
    resourceGroupName: "shop-dev-group",
    vaultName: "shop-dev-k3x9q2ab",
    secretName: "session",
    tags,
    properties: {
      value: "s3cret",
      contentType: "text/plain",
      attributes: { enabled: true, expires: Date.UTC(2027, 4, 21, 3, 4, 5) / 1000 },
    },
  });
  const version = guid("session").replaceAll("-", "");
  expect(await valueOf(address!)).toBe(`https://shop-dev-k3x9q2ab.vault.azure.net/secrets/session/${version}`);
});

test("in a vault that is there already only secrets are written, under names that say whose they are", async () => {
  const vaultId = "/subscriptions/s/resourceGroups/platform/providers/Microsoft.KeyVault/vaults/everyones";
  let vault: Vault | undefined;
  const made = await madeBy(() => {
    vault = new Vault("vault", { ...args, vaultId });
    vault.keep("session", "s3cret", "2027-05-21T03:04:05Z");
  });
  expect(namesOf(made)).toEqual(["Secret vault-session"]);
  expect(oneOf(made, "Secret")).toMatchObject({
    resourceGroupName: "platform",
    vaultName: "everyones",
    secretName: "shop-dev-session",
  });
  expect(await valueOf(vault!.addressOf("session"))).toBe("https://everyones.vault.azure.net/secrets/shop-dev-session");
});

describe("what the stack's settings say to azure-native reaches the vault's package, which has a provider of its own", () => {
  const provider = "pulumi:providers:azure-native_keyvault_v20260201";

  test("without such settings Pulumi's default provider serves", async () => {
    const made = await madeBy(() => new Vault("vault", args));
    expect(made.filter(({ type }) => type === provider)).toEqual([]);
  });

  test("a subscription that the stack's file names is the one that the vault is made in", async () => {
    const made = await madeBy(() => {
      pulumi.runtime.setAllConfig({ "azure-native:subscriptionId": subscriptionId, "azuread:tenantId": tenantId });
      new Vault("vault", args);
    });
    expect(made.find(({ type }) => type === provider)?.inputs).toEqual({ subscriptionId });
  });

  test("a provider of azure-native that is handed to the component says subscription and tenant", async () => {
    const made = await madeBy(() => {
      const handed = new Provider("other", { subscriptionId });
      new Vault("vault", args, { providers: [handed] });
    });
    expect(made.find(({ type }) => type === provider)?.inputs).toEqual({ subscriptionId, tenantId });
  });
});
