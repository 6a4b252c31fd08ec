import { certificateIn, proofSettings } from "../../../contract/app-settings";
import { keyVaultVersion, secretValue, type SecretVersion, secretVersions } from "../../../infra/azure/key-vault";
import { secretAt } from "../../../infra/facts/key-vault-reference";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import type { Certificate, RoleHolders, Vault, VaultSecret } from "../set-up/vault";
import { isMissing, type Read, valueOf } from "../set-up/read-value";
import { digest } from "./bot";
import type { Reader } from "./reader";
import { roleHolders } from "./roles";

interface VaultAnswer {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly tenantId: string;
    readonly enableRbacAuthorization?: boolean | null;
    readonly publicNetworkAccess?: string | null;
    readonly networkAcls?: { readonly defaultAction?: string; readonly ipRules?: readonly unknown[] | null } | null;
    readonly accessPolicies?: readonly AccessPolicy[] | null;
  };
}

interface AccessPolicy {
  readonly objectId: string;
  readonly permissions: { readonly secrets?: readonly string[] | null; readonly keys?: readonly string[] | null };
}

/** The vaults of a set-up by name, each read once. */
export class Vaults {
  readonly #read = new Map<string, Promise<Read<Vault | undefined>>>();

  constructor(private readonly reader: Reader) {}

  named(name: string): Promise<Read<Vault | undefined>> {
    const key = name.toLowerCase();
    const vault = this.#read.get(key) ?? readVault(this.reader, name);
    this.#read.set(key, vault);
    return vault;
  }
}

/**
 * Reads the secrets that app settings name, and the vaults that they are in.
 * @param isCompared whether the value in a setting's secret can be compared with anything; no other is read
 */
export async function readSecrets(
  reader: Reader,
  vaults: Vaults,
  settings: Readonly<Record<string, string>>,
  isCompared: (setting: string) => boolean,
): Promise<VaultSecret[]> {
  const named = Object.entries(settings).flatMap(([setting, value]) => {
    const at = secretAt(value);
    return at ? [{ setting, ...at }] : [];
  });
  return Promise.all(
    named.map(async (secret) => {
      const vault = await vaults.named(secret.vaultName);
      const there = valueOf(vault);
      return {
        ...secret,
        vault,
        ...(there
          ? await readSecret(reader, there, secret, isCompared(secret.setting))
          : { attributes: none, digest: none }),
      };
    }),
  );
}

const none = { value: undefined };
const nobody: RoleHolders = { ids: [], byGroups: false };

/** Reads the certificates that app settings name, the newest first, and the keys with which the vault signs. */
export function readCertificates(
  reader: Reader,
  vaults: Vaults,
  settings: Readonly<Record<string, string>>,
): Promise<Certificate[]> {
  const named = proofSettings.certificate.flatMap((setting) => {
    const certificate = certificateIn(settings[setting] ?? "");
    return certificate ? [{ setting, certificate }] : [];
  });
  return Promise.all(
    named.map(async ({ setting, certificate: { keyUri, thumbprint, vaultHost, keyName: name } }) => {
      const vaultName = vaultHost.split(".")[0]!;
      const vault = await vaults.named(vaultName);
      const there = valueOf(vault);
      return {
        setting,
        vaultName,
        name,
        keyUri,
        thumbprint,
        vault,
        ...(there && there.deleted === undefined
          ? await readKey(reader, there, name)
          : { key: none, signers: { value: nobody } }),
      };
    }),
  );
}

interface KeyAnswer {
  readonly properties: {
    readonly keyUriWithVersion: string;
    readonly attributes?: { readonly enabled?: boolean } | null;
  };
}

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/get */
async function readKey(reader: Reader, vault: Vault, name: string): Promise<Pick<Certificate, "key" | "signers">> {
  const where = `${vault.id}/keys/${name}`;
  const [key, signers] = await Promise.all([
    reader.read(`the key of the certificate ${name}`, where, async () => {
      const found = await reader.arm.find<KeyAnswer>(where, keyVaultVersion);
      const { keyUriWithVersion, attributes } = found?.properties ?? {};
      return keyUriWithVersion === undefined
        ? undefined
        : { keyUri: keyUriWithVersion, enabled: attributes?.enabled ?? true };
    }),
    vault.byRoles
      ? roleHolders(reader, where, "Microsoft.KeyVault/vaults/keys/sign/action")
      : { value: { ids: vault.signers, byGroups: false } },
  ]);
  return { key, signers };
}

function readVault(reader: Reader, name: string): Promise<Read<Vault | undefined>> {
  const { arm, subscriptionId } = reader;
  const what = `the vault ${name}`;
  return reader.read(what, name, async () => {
    const at = `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault`;
    const isIt = (one: { readonly name: string }): boolean => one.name.toLowerCase() === name.toLowerCase();
    const found = (await arm.list<{ id: string; name: string }>(`${at}/vaults`, keyVaultVersion)).find(isIt);
    const vault = found && (await arm.find<VaultAnswer>(found.id, keyVaultVersion));
    if (vault) return vaultOf(reader, vault);
    const deleted = (await arm.list<DeletedVault>(`${at}/deletedVaults`, keyVaultVersion)).find(isIt);
    return deleted && inBin(deleted);
  });
}

interface DeletedVault {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly deletionDate?: string; readonly vaultId?: string };
}

function inBin({ id, name, properties }: DeletedVault): Vault {
  const deleted = properties.deletionDate ?? "an unknown day";
  const { vaultId = id } = properties;
  return {
    id: vaultId,
    name,
    deleted,
    tenantId: "",
    byRoles: true,
    openToAll: true,
    letsAddressesIn: true,
    readers: [],
    signers: [],
    roleHolders: { value: nobody },
  };
}

async function vaultOf(reader: Reader, { id, name, properties }: VaultAnswer): Promise<Vault> {
  const { tenantId, enableRbacAuthorization, publicNetworkAccess, networkAcls, accessPolicies } = properties;
  return {
    id,
    name,
    deleted: undefined,
    tenantId,
    byRoles: enableRbacAuthorization === true,
    openToAll:
      (publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled" &&
      (networkAcls?.defaultAction ?? "Allow").toLowerCase() === "allow",
    letsAddressesIn: (networkAcls?.ipRules ?? []).length > 0,
    readers: allowed(accessPolicies, "secrets", /^(get|all)$/i),
    signers: allowed(accessPolicies, "keys", /^(sign|all)$/i),
    roleHolders: await roleHolders(reader, id, "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
  };
}

/** Object ids that access policies allow something. */
function allowed(
  policies: readonly AccessPolicy[] | null | undefined,
  of: keyof AccessPolicy["permissions"],
  what: RegExp,
): string[] {
  return (policies ?? [])
    .filter(({ permissions }) => (permissions[of] ?? []).some((one) => what.test(one)))
    .map(({ objectId }) => objectId.toLowerCase());
}

interface SecretAnswer {
  readonly properties: Pick<SecretVersion, "attributes"> & { readonly secretUriWithVersion?: string };
}

async function readSecret(
  reader: Reader,
  vault: Vault,
  { secretName, version }: Pick<VaultSecret, "secretName" | "version">,
  compared: boolean,
): Promise<Pick<VaultSecret, "attributes" | "digest">> {
  if (vault.deleted !== undefined) return { attributes: none, digest: none };
  const where = `${vault.id}/secrets/${secretName}`;
  const unversioned = `https://${vault.name}.vault.azure.net/secrets/${secretName}`;
  const attributes = await reader.read(
    `the secret ${secretName}`,
    where,
    async () => {
      const found = await reader.arm.find<SecretAnswer>(where, keyVaultVersion);
      if (!found) return undefined;
      const { secretUriWithVersion = "", attributes: newest } = found.properties;
      // Azure Resource Manager tells of the newest version alone.
      const named =
        version === undefined || isVersion(secretUriWithVersion, version) ? { attributes: newest } : undefined;
      const one = named ?? (await secretVersions(reader.access, unversioned)).find(({ id }) => isVersion(id, version!));
      if (!one) return undefined;
      const { enabled = true, exp } = one.attributes ?? {};
      return { enabled, expires: exp ? wholeSeconds(exp * 1_000) : undefined };
    },
    mayRead(vault),
  );
  if (isMissing(attributes) || !compared) return { attributes, digest: none };
  // What is switched off the vault gives nobody.
  if (valueOf(attributes)?.enabled === false) return { attributes, digest: none };
  const address = version === undefined ? unversioned : `${unversioned}/${version}`;
  const value = await reader.read(
    `the value of the secret ${secretName}`,
    where,
    () => secretValue(reader.access, address),
    mayRead(vault),
  );
  return { attributes, digest: "value" in value ? { value: value.value && digest(value.value) } : value };
}

const isVersion = (address: string, version: string): boolean =>
  address.toLowerCase().endsWith(`/${version.toLowerCase()}`);

const mayRead = ({ name }: Vault): string => `Whoever asks needs the role Key Vault Secrets User at the vault ${name}.`;
