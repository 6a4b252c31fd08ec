import { z } from "zod";
import type { Resource } from "../service";
import { rights } from "./access";
import type { Operation } from "./asked";
import { readBody } from "./body";
import { badParameter, purgeProtected } from "./errors";
import { type Key, keyOperations, keySizes, type KeyVersion, publicPart } from "./keys";
import { page } from "./paging";
import { recovery, retentionDays, vaultUri } from "./vaults";

const made = z.strictObject({
  kty: z.literal("RSA"),
  key_size: keySizes.nullish(),
  key_ops: z.array(z.enum(keyOperations)).nullish(),
  attributes: z.strictObject({ enabled: z.boolean().optional(), exportable: z.literal(false).optional() }).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});
const used = z.object({ alg: z.string(), value: z.string().regex(/^[\w-]+={0,2}$/, "is not base64url") });

const create: Operation = async ({ request, vault, keys, params, demand, mirrorKey }) => {
  demand(rights.createKey, params["name"]);
  if (!/^[0-9A-Za-z-]{1,127}$/.test(params["name"]!)) {
    throw badParameter(`The request URI contains an invalid name: ${params["name"]}`);
  }
  const { key_size: size, key_ops: operations, attributes, tags } = await readBody(request, made);
  const { key, version } = await keys.create(params["name"]!, {
    size,
    operations,
    tags,
    enabled: attributes?.enabled,
  });
  mirrorKey(key.name);
  return Response.json(bundle(vault, key, version));
};

const get: Operation = ({ vault, keys, params, demand }) => {
  demand(rights.getKey, params["name"]);
  const { key, version } = keys.get(params["name"]!, params["version"]);
  return Response.json(bundle(vault, key, version));
};

const list: Operation = ({ vault, keys, demand, url }) => {
  demand(rights.listKeys);
  return page(
    url,
    keys.all().map((key) => ({ kid: idOf(vault, key), ...described(vault, key.versions.at(-1)!) })),
  );
};

const listVersions: Operation = ({ vault, keys, params, demand, url }) => {
  demand(rights.listKeys, params["name"]);
  const { key } = keys.get(params["name"]!);
  return page(
    url,
    key.versions.map((version) => ({ kid: versionId(vault, key, version), ...described(vault, version) })),
  );
};

const use =
  (operation: "encrypt" | "decrypt"): Operation =>
  async ({ request, vault, keys, params, demand }) => {
    demand(rights[operation], params["name"]);
    const found = keys.get(params["name"]!, params["version"]);
    const { alg, value } = await readBody(request, used);
    const result = keys.use(found.version, operation, alg, Buffer.from(value, "base64url"));
    return Response.json({ kid: versionId(vault, found.key, found.version), value: result.toString("base64url") });
  };

const sign: Operation = async ({ request, vault, keys, params, demand }) => {
  demand(rights.sign, params["name"]);
  const { key, version } = keys.get(params["name"]!, params["version"]);
  const { alg, value } = await readBody(request, used);
  const result = keys.sign(version, alg, Buffer.from(value, "base64url"));
  return Response.json({ kid: versionId(vault, key, version), value: result.toString("base64url") });
};

const remove: Operation = ({ vault, keys, params, demand, mirrorKey }) => {
  demand(rights.deleteKey, params["name"]);
  const key = keys.delete(params["name"]!);
  mirrorKey(key.name);
  return Response.json(deletedBundle(vault, key));
};

const listDeleted: Operation = ({ vault, keys, demand, url }) => {
  demand(rights.listKeys);
  return page(
    url,
    keys.bin().map((key) => ({
      kid: idOf(vault, key),
      ...deletion(vault, key),
      ...described(vault, key.versions.at(-1)!),
    })),
  );
};

const getDeleted: Operation = ({ vault, keys, params, demand }) => {
  demand(rights.listKeys, params["name"]);
  return Response.json(deletedBundle(vault, keys.deleted(params["name"]!)));
};

const recover: Operation = ({ vault, keys, params, demand, mirrorKey }) => {
  demand(rights.recoverKey, params["name"]);
  const key = keys.recover(params["name"]!);
  mirrorKey(key.name);
  return Response.json(bundle(vault, key, key.versions.at(-1)!));
};

const purge: Operation = ({ vault, keys, params, demand }) => {
  demand(rights.purgeKey, params["name"]);
  keys.deleted(params["name"]!);
  if (vault.properties["enablePurgeProtection"] === true) throw purgeProtected();
  keys.purge(params["name"]!);
  return new Response(null, { status: 204 });
};

/**
 * https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups. A client that means the newest version leaves its
 * segment empty.
 */
export const keyOperationsByRoute: Readonly<Record<string, Operation>> = {
  "POST /keys/{name}/create": create,
  "GET /keys": list,
  "GET /keys/{name}/versions": listVersions,
  "GET /keys/{name}": get,
  "GET /keys/{name}/{version}": get,
  "DELETE /keys/{name}": remove,
  "GET /deletedkeys": listDeleted,
  "GET /deletedkeys/{name}": getDeleted,
  "POST /deletedkeys/{name}/recover": recover,
  "DELETE /deletedkeys/{name}": purge,
  "POST /keys/{name}/{version}/encrypt": use("encrypt"),
  "POST /keys/{name}//encrypt": use("encrypt"),
  "POST /keys/{name}/encrypt": use("encrypt"),
  "POST /keys/{name}/{version}/decrypt": use("decrypt"),
  "POST /keys/{name}//decrypt": use("decrypt"),
  "POST /keys/{name}/decrypt": use("decrypt"),
  "POST /keys/{name}/{version}/sign": sign,
  "POST /keys/{name}//sign": sign,
  "POST /keys/{name}/sign": sign,
};

const idOf = (vault: Resource, key: Key): string => `${vaultUri(vault.name)}keys/${key.name}`;

const versionId = (vault: Resource, key: Key, { version }: KeyVersion): string => `${idOf(vault, key)}/${version}`;

function described(vault: Resource, { attributes, tags }: KeyVersion): Record<string, unknown> {
  return { attributes: { ...attributes, ...recovery(vault) }, ...(tags ? { tags } : {}) };
}

const deletedBundle = (vault: Resource, key: Key): Record<string, unknown> => ({
  ...deletion(vault, key),
  ...bundle(vault, key, key.versions.at(-1)!),
});

const deletion = (vault: Resource, key: Key): Record<string, unknown> => ({
  recoveryId: `${vaultUri(vault.name)}deletedkeys/${key.name}`,
  deletedDate: key.deletedAt!,
  scheduledPurgeDate: key.deletedAt! + retentionDays(vault) * 24 * 3600,
});

/** recorded: azure-cli test_keyvault_key */
function bundle(vault: Resource, key: Key, version: KeyVersion): Record<string, unknown> {
  const kid = versionId(vault, key, version);
  return {
    key: { kid, kty: "RSA", key_ops: version.operations, ...publicPart(version) },
    ...described(vault, version),
    ...(version.managed ? { managed: true } : {}),
  };
}
