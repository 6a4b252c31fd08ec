import type { Resource } from "../service";
import { type Right, rights } from "./access";
import type { Asked, Operation } from "./asked";
import { badParameter, purgeProtected } from "./errors";
import { page } from "./paging";
import type { VaultObject, VaultObjects } from "./vault-objects";
import { recovery, retentionDays, vaultUri } from "./vaults";

type Shown = Record<string, unknown>;

/** What the requests about secrets, keys and certificates differ in. */
export interface ObjectKind<Version extends { readonly version: string }> {
  readonly what: Right["what"];
  /** The name of the address in a list. */
  readonly address: "id" | "kid";
  objects(asked: Asked): VaultObjects<Version>;
  /** A version as a list shows it, without its address. */
  listed(vault: Resource, version: Version): Shown;
  /** A version as it is shown alone; without a secret's value. */
  bundle(vault: Resource, object: VaultObject<Version>, version: Version): Shown;
  /** Makes ARM show the object as it is now. */
  mirror(asked: Asked, name: string): void;
}

/**
 * Reading, deleting, recovering and purging, which are the same for secrets, keys and certificates.
 * https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
 */
export function objectOperations<Version extends { readonly version: string }>(
  kind: ObjectKind<Version>,
): Record<string, Operation> {
  const { what, address, objects } = kind;
  const right = rights[what];
  const newest = (vault: Resource, object: VaultObject<Version>): Shown =>
    kind.bundle(vault, object, object.versions.at(-1)!);
  const inList = (vault: Resource, object: VaultObject<Version>): Shown => ({
    [address]: idOf(vault, what, object.name),
    ...kind.listed(vault, object.versions.at(-1)!),
  });
  const deletion = (vault: Resource, { name, deletedAt }: VaultObject<Version>): Shown => ({
    recoveryId: `${vaultUri(vault.name)}deleted${what}/${name}`,
    deletedDate: deletedAt!,
    scheduledPurgeDate: deletedAt! + retentionDays(vault) * 24 * 3600,
  });
  const get: Operation = (asked) => {
    asked.demand(right.get, asked.params["name"]);
    const { object, version } = objects(asked).get(asked.params["name"]!, asked.params["version"]);
    return Response.json(kind.bundle(asked.vault, object, version));
  };
  return {
    [`GET /${what}`]: (asked) => {
      asked.demand(right.list);
      const all = objects(asked).all();
      return page(
        asked.url,
        all.map((object) => inList(asked.vault, object)),
      );
    },
    [`GET /${what}/{name}/versions`]: (asked) => {
      asked.demand(right.list, asked.params["name"]);
      const { vault, url, params } = asked;
      const { name, versions } = objects(asked).get(params["name"]!).object;
      return page(
        url,
        versions.map((version) => ({
          [address]: `${idOf(vault, what, name)}/${version.version}`,
          ...kind.listed(vault, version),
        })),
      );
    },
    [`GET /${what}/{name}`]: get,
    [`GET /${what}/{name}/{version}`]: get,
    [`DELETE /${what}/{name}`]: (asked) => {
      asked.demand(right.delete, asked.params["name"]);
      const object = objects(asked).delete(asked.params["name"]!);
      kind.mirror(asked, object.name);
      return Response.json({ ...deletion(asked.vault, object), ...newest(asked.vault, object) });
    },
    [`GET /deleted${what}`]: (asked) => {
      asked.demand(right.list);
      const bin = objects(asked).bin();
      return page(
        asked.url,
        bin.map((object) => ({ ...deletion(asked.vault, object), ...inList(asked.vault, object) })),
      );
    },
    [`GET /deleted${what}/{name}`]: (asked) => {
      asked.demand(right.list, asked.params["name"]);
      const object = objects(asked).deleted(asked.params["name"]!);
      return Response.json({ ...deletion(asked.vault, object), ...newest(asked.vault, object) });
    },
    [`POST /deleted${what}/{name}/recover`]: (asked) => {
      asked.demand(right.recover, asked.params["name"]);
      const object = objects(asked).recover(asked.params["name"]!);
      kind.mirror(asked, object.name);
      return Response.json(newest(asked.vault, object));
    },
    [`DELETE /deleted${what}/{name}`]: (asked) => {
      asked.demand(right.purge, asked.params["name"]);
      objects(asked).deleted(asked.params["name"]!);
      if (asked.vault.properties["enablePurgeProtection"] === true) throw purgeProtected(asked.vault);
      objects(asked).purge(asked.params["name"]!);
      return new Response(null, { status: 204 });
    },
  };
}

/** The name in a request's address. Throws 400 where no object may have it. */
export function newName(name: string): string {
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`);
  return name;
}

/** An object's address without its version: `https://<vault>.vault.azure.net/keys/<name>` */
export const idOf = (vault: Resource, what: Right["what"], name: string): string =>
  `${vaultUri(vault.name)}${what}/${name}`;

/** Attributes as every answer shows them, and tags where there are any. */
export function described(
  vault: Resource,
  { attributes, tags }: { readonly attributes: object; readonly tags?: Record<string, string> },
): Shown {
  return { attributes: { ...attributes, ...recovery(vault) }, ...(tags ? { tags } : {}) };
}
