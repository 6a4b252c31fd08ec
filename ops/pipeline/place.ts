import { OpsError } from "../cli/ops-error";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Arm } from "../../infra/azure/arm";
import { parseYaml } from "../../infra/yaml-file";
import { UsageError } from "../../cli/arguments";
import { type Resource, versions } from "./read";
import type { StatePlace } from "./wanted";

/** What was said of where the state is. */
export interface PlaceSaid {
  readonly state?: string;
  readonly vault?: string;
  readonly "state-subscription"?: string;
  readonly "state-group"?: string;
  readonly location?: string;
}

/** What an earlier run left that says where the state is. */
export interface PlaceRemembered {
  /** PULUMI_BACKEND_URL of an environment at GitHub. */
  readonly backend: string | undefined;
  /** `secretsprovider` of the stack's file. */
  readonly secretsProvider: string | undefined;
  /** The stack's region, where what is missing is made. */
  readonly location: string;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const names = {
  state: { pattern: /^[a-z0-9]{3,24}$/, allowed: "3 to 24 small letters and digits" },
  vault: {
    pattern: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
    allowed: "3 to 24 letters, digits and single dashes, a letter first",
  },
  "state-subscription": { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, allowed: "a subscription's id" },
  "state-group": { pattern: /^[\w.()-]{0,89}[\w()-]$/, allowed: "a resource group's name" },
} as const;

/** Throws a UsageError for a name that Azure would refuse. */
export function checkPlace(said: PlaceSaid): void {
  for (const [option, { pattern, allowed }] of Object.entries(names)) {
    const value = said[option as keyof typeof names];
    if (value === undefined || pattern.test(value)) continue;
    throw new UsageError("wrong-value", `--${option} is "${value}". Allowed: ${allowed}`);
  }
}

/**
 * Where the state is, or is to be made: as was said, else as an earlier run left it.
 * Throws an {@link OpsError} `state-unnamed` where neither tells.
 */
export async function placeOf(arm: Arm, said: PlaceSaid, remembered: PlaceRemembered): Promise<StatePlace> {
  const account = said.state ?? /[?&]storage_account=([a-z0-9]+)/.exec(remembered.backend ?? "")?.[1];
  if (account === undefined) throw unnamed("storage account", "--state <name>");
  const found = await accountNamed(arm, account, said["state-subscription"]);
  const [, , subscriptionId = said["state-subscription"], , group = "bot-state"] = found?.id.split("/") ?? [];
  if (subscriptionId === undefined) throw unnamed("subscription", "--state-subscription <id>");
  const vault = said.vault ?? /^azurekeyvault:\/\/([\w-]+)\./.exec(remembered.secretsProvider ?? "")?.[1];
  const inGroup = said["state-group"] ?? group;
  const named =
    vault ?? (found && (await onlyVault(arm, `/subscriptions/${subscriptionId}/resourceGroups/${inGroup}`)));
  if (named === undefined) throw unnamed("vault", "--vault <name>");
  const location = said.location ?? found?.location ?? remembered.location;
  return { subscriptionId, group: inGroup, location, account, vault: named };
}

function unnamed(what: string, option: string): OpsError {
  return new OpsError(
    "state-unnamed",
    `Nobody has said yet in which ${what} the states are kept`,
    `add ${option}; names of storage accounts and vaults are unique in the world, and docs/runbook.md says which subscription to take`,
  );
}

/** An account, wherever whoever asks sees it. */
async function accountNamed(arm: Arm, name: string, subscription: string | undefined): Promise<Resource | undefined> {
  const subscriptions =
    subscription === undefined
      ? (await arm.list<{ readonly subscriptionId: string }>("/subscriptions", versions.subscription)).map(
          ({ subscriptionId }) => subscriptionId,
        )
      : [subscription];
  const lists = await Promise.all(
    subscriptions.map((id) =>
      arm.list<Resource & { readonly name: string }>(
        `/subscriptions/${id}/providers/Microsoft.Storage/storageAccounts`,
        versions.storage,
      ),
    ),
  );
  return lists.flat().find((one) => one.name === name);
}

async function onlyVault(arm: Arm, group: string): Promise<string | undefined> {
  const found = await arm.find<{ readonly value: readonly { readonly name: string }[] }>(
    `${group}/providers/Microsoft.KeyVault/vaults`,
    versions.vault,
  );
  return found?.value.length === 1 ? found.value[0]?.name : undefined;
}

/** `secretsprovider` in a stack's file; undefined where there is none, or no file. */
export async function secretsProviderIn(folder: string, level: string): Promise<string | undefined> {
  const file = `Pulumi.${level}.yaml`;
  const text = await readFile(join(folder, file), "utf8").catch(() => "");
  return (parseYaml(file, text) as { readonly secretsprovider?: string } | null | undefined)?.secretsprovider;
}
