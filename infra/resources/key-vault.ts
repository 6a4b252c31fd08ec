/**
 * Key Vault in api-version 2026-02-01: all older ones end on 2027-02-27, and azure-native 3.28.0 itself has 2024-11-01. Its
 * package of that version is written here by hand, as far as the program uses it; `pulumi package add azure-native keyvault
 * 2026-02-01` would write it whole.
 * https://learn.microsoft.com/azure/key-vault/general/migrate-api-version
 * https://www.pulumi.com/registry/packages/azure-native/version-guide/#accessing-any-api-version-via-local-packages
 */
import { version as azureNative } from "@pulumi/azure-native/package.json";
import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { keyVaultModule, keyVaultModuleVersion, keyVaultPackage } from "./key-vault-package";

/** The last has no public type. */
const { registerPackage, supportsParameterization, awaitFeatureSupport } = settings as typeof settings & {
  awaitFeatureSupport(): Promise<void>;
};

/**
 * What azure-native is told to serve. The parameter is text in base64 to the provider, and bytes in base64 to Pulumi.
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/provider_parameterize.go
 */
const parameter = btoa(btoa(JSON.stringify({ module: keyVaultModule, version: keyVaultModuleVersion })));

/**
 * Tells Pulumi's engine of the package, once a deployment; gives its reference there. Rejects where the engine is too old to
 * know such packages.
 */
async function packageReference(): Promise<string> {
  // Inside a component that another program constructs, nobody may have asked the engine yet what it can do.
  if (!supportsParameterization()) await awaitFeatureSupport();
  return registerPackage({
    baseProviderName: "azure-native",
    baseProviderVersion: azureNative,
    baseProviderDownloadUrl: "",
    packageName: keyVaultPackage,
    packageVersion: azureNative,
    base64Parameter: parameter,
  });
}

/**
 * azure-native in this package, with settings of its own: what a stack's settings say to azure-native (`azure-native:...`)
 * and a provider of azure-native that is handed to a component reach neither it nor its resources.
 */
export class KeyVaultProvider extends pulumi.ProviderResource {
  /** @param settings azure-native's, by its names for them: `subscriptionId` */
  constructor(name: string, settings: Readonly<Record<string, pulumi.Input<string>>>, opts?: pulumi.ResourceOptions) {
    super(keyVaultPackage, name, { ...settings }, opts, false, packageReference());
  }
}

/** A resource of the package. In stacks that are older than it, it is the one of azure-native itself. */
abstract class KeyVaultResource extends pulumi.CustomResource {
  protected constructor(kind: string, name: string, props: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super(
      `${keyVaultPackage}:${keyVaultModule}:${kind}`,
      name,
      props,
      pulumi.mergeOptions(opts, { aliases: [{ type: `azure-native:${keyVaultModule}:${kind}` }] }),
      false,
      packageReference(),
    );
  }
}

function isOfPackage(resource: unknown, kind: string): boolean {
  const type = (resource as { __pulumiType?: unknown } | undefined)?.__pulumiType;
  return type === `${keyVaultPackage}:${keyVaultModule}:${kind}`;
}

export interface KeyVaultArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  /** 3 to 24 letters, digits and hyphens; unique in the world. */
  readonly vaultName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  readonly properties: KeyVaultProperties;
}

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/create-or-update?view=rest-keyvault-keyvault-2026-02-01 */
export interface KeyVaultProperties {
  readonly tenantId: pulumi.Input<string>;
  readonly sku: { readonly family: "A"; readonly name: "standard" | "premium" };
  readonly enableRbacAuthorization: boolean;
  readonly enableSoftDelete: boolean;
  /** 7 to 90; it cannot be changed later. */
  readonly softDeleteRetentionInDays: number;
  /** Azure refuses an outright false. */
  readonly enablePurgeProtection?: true;
  readonly enabledForDeployment: boolean;
  readonly enabledForDiskEncryption: boolean;
  readonly enabledForTemplateDeployment: boolean;
  readonly publicNetworkAccess: "enabled" | "disabled";
  readonly networkAcls: { readonly defaultAction: "Allow" | "Deny"; readonly bypass: "AzureServices" | "None" };
}

/** `Microsoft.KeyVault/vaults` */
export class KeyVault extends KeyVaultResource {
  static override isInstance(resource: unknown): resource is KeyVault {
    return isOfPackage(resource, "Vault");
  }

  declare readonly name: pulumi.Output<string>;
  declare readonly properties: pulumi.Output<{
    /** `https://<name>.vault.azure.net/` */
    readonly vaultUri: string | undefined;
  }>;

  constructor(name: string, args: KeyVaultArgs, opts?: pulumi.CustomResourceOptions) {
    super("Vault", name, { ...args, name: undefined, systemData: undefined, type: undefined }, opts);
  }
}

export interface KeyVaultSecretArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly vaultName: pulumi.Input<string>;
  /** 1 to 127 letters, digits and hyphens. */
  readonly secretName: pulumi.Input<string>;
  readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  readonly properties: {
    readonly value: pulumi.Input<string>;
    readonly contentType: string;
    /** `expires` in seconds since 1970. */
    readonly attributes: { readonly enabled: boolean; readonly expires: pulumi.Input<number> };
  };
}

/** `Microsoft.KeyVault/vaults/secrets`, written through Azure Resource Manager, which never shows its value. */
export class KeyVaultSecret extends KeyVaultResource {
  static override isInstance(resource: unknown): resource is KeyVaultSecret {
    return isOfPackage(resource, "Secret");
  }

  declare readonly properties: pulumi.Output<{ readonly secretUriWithVersion: string }>;

  constructor(name: string, args: KeyVaultSecretArgs, opts?: pulumi.CustomResourceOptions) {
    super("Secret", name, { ...args, location: undefined, name: undefined, type: undefined }, opts);
  }
}
