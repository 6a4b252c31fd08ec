import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../deployment/tags";
import { versionlessSecret } from "../facts/app-settings";
import { epochSeconds, monthsOf } from "../deployment/secret-life";
import { partsOf } from "../deployment/existing";
import { saidToAzureNative } from "../provider-settings";
import { KeyVault, KeyVaultProvider, KeyVaultSecret } from "../resources/key-vault";
import { keyVaultPackage } from "../resources/key-vault-package";
import { VaultCertificate } from "../resources/vault-certificate";
import { madeBeforeReplaced } from "./made-before-replaced";
import { onceMade } from "./once-made";

export interface VaultArgs {
  /** ARM id of a vault that is there already; without it one is made. */
  readonly vaultId?: pulumi.Input<string> | undefined;
  /** What the names of secrets in a vault of others begin with, so that several bots can share it. */
  readonly sharedPrefix: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly vaultName: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  readonly subscriptionId: pulumi.Input<string>;
  readonly protect: boolean;
  readonly purgeProtection: boolean;
  /** Days in the recycle bin, 7 to 90. */
  readonly retentionDays: number;
  readonly tags: Tags;
  /** Those of the secrets must stay the same: a secret written with another tag is a new version of it. */
  readonly lastingTags: Tags;
}

/**
 * The secrets that the bot reads. Written through ARM, so that the deployer needs no role in the vault itself; for certificates,
 * which are not ARM's, one does.
 */
export class Vault extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: VaultArgs;
  readonly #group: pulumi.Output<string>;
  readonly #uri: pulumi.Output<string>;
  readonly #provider: KeyVaultProvider | undefined;

  constructor(name: string, args: VaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:Vault", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#provider = this.#ownProvider();
    if (args.vaultId === undefined) {
      const vault = this.#vault();
      this.id = vault.id;
      this.name = vault.name;
      this.#group = pulumi.output(args.resourceGroupName);
      this.#uri = onceMade(vault, vault.properties.vaultUri).apply((uri) => uri ?? "");
    } else {
      this.id = pulumi.output(args.vaultId);
      const parts = this.id.apply((id) => partsOf("vault", id));
      this.name = parts.name;
      this.#group = parts.resourceGroupName;
      this.#uri = pulumi.interpolate`https://${this.name}.vault.azure.net/`;
    }
    this.registerOutputs();
  }

  #vault(): KeyVault {
    const args = this.#args;
    return new KeyVault(
      this.#name,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        vaultName: args.vaultName,
        tags: args.tags,
        properties: {
          tenantId: args.tenantId,
          sku: { family: "A", name: "standard" },
          // Said outright: in older api-versions false is what is left out, and references then never resolve (known mistake 13).
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: args.retentionDays,
          // Azure refuses an outright false.
          ...(args.purgeProtection ? { enablePurgeProtection: true } : {}),
          enabledForDeployment: false,
          enabledForDiskEncryption: false,
          enabledForTemplateDeployment: false,
          publicNetworkAccess: "enabled",
          // App Service reads references from addresses of its own, which no rule can name.
          networkAcls: { defaultAction: "Allow", bypass: "AzureServices" },
        },
      },
      // The retention cannot be changed once the vault exists.
      {
        parent: this,
        ...this.#by(),
        protect: args.protect,
        ignoreChanges: ["properties.softDeleteRetentionInDays"],
        ...madeBeforeReplaced,
      },
    );
  }

  /**
   * Keeps a secret. Its record carries its end, so that the vault can announce it.
   * @param ends ISO date
   * @param proof what has to be there before anybody can read it
   * @returns the address of this version of it
   */
  keep(
    secretName: string,
    value: pulumi.Input<string>,
    ends: pulumi.Input<string>,
    proof: readonly pulumi.Resource[] = [],
  ): VaultSecret {
    const secret = new KeyVaultSecret(
      `${this.#name}-${secretName}`,
      {
        resourceGroupName: this.#group,
        vaultName: this.name,
        secretName: this.#secretName(secretName),
        tags: this.#args.lastingTags,
        properties: {
          value: pulumi.secret(value),
          contentType: "text/plain",
          attributes: { enabled: true, expires: pulumi.output(ends).apply(epochSeconds) },
        },
      },
      // azure-native deletes secrets in the vault itself, where the deployer has no role: destroy would end in a 403. In a
      // vault of our own they go with it; one of others stays, so there the deployer needs the role.
      {
        parent: this,
        ...this.#by(),
        retainOnDelete: this.#args.vaultId === undefined,
        dependsOn: [...proof],
        ...madeBeforeReplaced,
      },
    );
    return { resource: secret, uriWithVersion: onceMade(secret, secret.properties.secretUriWithVersion) };
  }

  /**
   * Keeps a certificate that the vault makes and signs by itself.
   * @param subject its common name, read by people alone
   * @param startedAt another moment is another version
   */
  certify(
    certificateName: string,
    subject: pulumi.Input<string>,
    startedAt: pulumi.Input<string>,
    lifetimeDays: number,
  ): VaultCertificate {
    return new VaultCertificate(
      `${this.#name}-${certificateName}`,
      {
        vaultUri: this.#uri,
        certificateName: this.#secretName(certificateName),
        subject,
        startedAt,
        validityMonths: monthsOf(lifetimeDays),
      },
      // As secrets: in a vault of our own it goes with that.
      { parent: this, retainOnDelete: this.#args.vaultId === undefined },
    );
  }

  /** ARM id of a key: what a role is given at. */
  keyId(keyName: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.id}/keys/${this.#secretName(keyName)}`;
  }

  /** Address of a secret's newest version, known before the secret exists. */
  addressOf(secretName: string): pulumi.Output<string> {
    return this.#uri.apply((uri) => versionlessSecret(uri, this.#secretName(secretName)));
  }

  /**
   * A provider that works where azure-native does. Without one Pulumi makes a provider that knows the environment alone,
   * which is enough where the environment says everything.
   */
  #ownProvider(): KeyVaultProvider | undefined {
    if (this.getProvider(`${keyVaultPackage}::`)) return undefined;
    const handed = this.getProvider("azure-native::") !== undefined;
    const said = saidToAzureNative();
    if (!handed && Object.keys(said).length === 0) return undefined;
    const { subscriptionId, tenantId } = this.#args;
    const settings = handed ? { ...said, subscriptionId, tenantId } : said;
    return new KeyVaultProvider(`${this.#name}-azure-native`, settings, { parent: this });
  }

  #by(): pulumi.CustomResourceOptions {
    return this.#provider ? { provider: this.#provider } : {};
  }

  #secretName(secretName: string): string {
    return this.#args.vaultId === undefined ? secretName : `${this.#args.sharedPrefix}-${secretName}`;
  }
}

/** A secret in the vault. */
export interface VaultSecret {
  readonly resource: pulumi.Resource;
  readonly uriWithVersion: pulumi.Output<string>;
}
