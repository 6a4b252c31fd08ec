import { unreachable } from "../../../infra/azure/azure-call-error";
import { keyVaultVersion, vaultRefusal } from "../../../infra/azure/key-vault";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import { isMissing, type Read, type Vault, type VaultSecret, valueOf } from "../set-up";
import { digest } from "./bot";
import type { Reader } from "./reader";
import { roleHolders } from "./roles";
import { secretAt } from "./web-app";

interface VaultAnswer {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly tenantId: string;
    readonly enableRbacAuthorization?: boolean | null;
    readonly publicNetworkAccess?: string | null;
    readonly networkAcls?: { readonly defaultAction?: string } | null;
    readonly accessPolicies?:
      | readonly { readonly objectId: string; readonly permissions: { readonly secrets?: readonly string[] | null } }[]
      | null;
  };
}

/**
 * Reads the secrets that app settings name, and the vaults that they are in.
 * @param isCompared whether the value in a setting's secret can be compared with anything; no other is read
 */
export async function readSecrets(
  reader: Reader,
  settings: Readonly<Record<string, string>>,
  isCompared: (setting: string) => boolean,
): Promise<VaultSecret[]> {
  const named = Object.entries(settings).flatMap(([setting, value]) => {
    const at = secretAt(value);
    return at ? [{ setting, ...at }] : [];
  });
  const vaults = new Map<string, Promise<Read<Vault | undefined>>>();
  for (const { vaultName } of named) {
    const key = vaultName.toLowerCase();
    if (!vaults.has(key)) vaults.set(key, readVault(reader, vaultName));
  }
  return Promise.all(
    named.map(async (secret) => {
      const vault = await vaults.get(secret.vaultName.toLowerCase())!;
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
    readers: [],
    roleHolders: { value: [] },
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
    readers: (accessPolicies ?? [])
      .filter(({ permissions }) => (permissions.secrets ?? []).some((one) => /^(get|all)$/i.test(one)))
      .map(({ objectId }) => objectId),
    roleHolders: await roleHolders(reader, id, "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
  };
}

interface SecretAnswer {
  readonly properties: {
    readonly attributes?: { readonly enabled?: boolean; readonly exp?: number | null } | null;
  };
}

async function readSecret(
  reader: Reader,
  vault: Vault,
  { secretName, version }: Pick<VaultSecret, "secretName" | "version">,
  compared: boolean,
): Promise<Pick<VaultSecret, "attributes" | "digest">> {
  if (vault.deleted !== undefined) return { attributes: none, digest: none };
  const where = `${vault.id}/secrets/${secretName}`;
  const attributes = await reader.read(`the secret ${secretName}`, where, async () => {
    const found = await reader.arm.find<SecretAnswer>(where, keyVaultVersion);
    if (!found) return undefined;
    const { enabled = true, exp } = found.properties.attributes ?? {};
    return { enabled, expires: exp ? wholeSeconds(exp * 1_000) : undefined };
  });
  if (isMissing(attributes) || !compared) return { attributes, digest: none };
  const address = `https://${vault.name}.vault.azure.net/secrets/${secretName}${version ? `/${version}` : ""}`;
  const value = await reader.read(
    `the value of the secret ${secretName}`,
    where,
    () => secretValue(reader, address),
    `Whoever asks needs the role Key Vault Secrets User at the vault ${vault.name}.`,
  );
  return { attributes, digest: "value" in value ? { value: value.value && digest(value.value) } : value };
}

/**
 * The value of a secret; undefined where there is none.
 * @throws AzureCallError where the caller may not read it
 */
export async function secretValue({ access }: Reader, address: string): Promise<string | undefined> {
  const token = await access.token("https://vault.azure.net/.default");
  const answer = await access
    .fetch(`${address}?api-version=7.4`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(30_000),
    })
    .catch((error: Error) => error);
  if (answer instanceof Error) throw unreachable(address, "the vault", answer.message);
  if (answer.status === 404) return undefined;
  const refused = answer.clone();
  const { value } = (await answer.json().catch(() => ({}))) as { value?: unknown };
  if (answer.ok && typeof value === "string") return value;
  throw await vaultRefusal(address, refused);
}
