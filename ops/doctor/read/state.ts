import type { State } from "../set-up";
import { valueOf } from "../set-up/read-value";
import type { Reader } from "./reader";
import { roleHolders } from "./roles";

const version = "2023-05-01";

interface AccountAnswer {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly publicNetworkAccess?: string | null;
    readonly networkAcls?: { readonly defaultAction?: string } | null;
  };
}

/** Reads the storage of the turn state, by the address that an app setting has of its container. */
export async function readState(reader: Reader, url: string): Promise<State | undefined> {
  const [, name, container] = /^https:\/\/([a-z0-9]+)\.blob\.core\.windows\.net\/([a-z0-9-]+)\/?$/i.exec(url) ?? [];
  if (!name || !container) return undefined;
  const { arm, subscriptionId } = reader;
  const account = await reader.read(`the storage account ${name}`, name, async () => {
    const accounts = await arm.list<AccountAnswer>(
      `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/storageAccounts`,
      version,
    );
    const found = accounts.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!found) return undefined;
    const { publicNetworkAccess, networkAcls } = found.properties;
    const at = `${found.id}/blobServices/default/containers/${container}`;
    return {
      id: found.id,
      name: found.name,
      openToAll:
        (publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled" &&
        (networkAcls?.defaultAction ?? "Allow").toLowerCase() === "allow",
      container: await reader.read(
        `the container ${container}`,
        at,
        async () => (await arm.find(at, version)) !== undefined,
      ),
    };
  });
  const there = valueOf(account);
  const writers = there
    ? await roleHolders(
        reader,
        `${there.id}/blobServices/default/containers/${container}`,
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
      )
    : { value: { ids: [], byGroups: false } };
  return { url, account, writers };
}
