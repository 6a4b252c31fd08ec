import { z } from "zod";
import type { Resource } from "../service";
import { rights } from "./access";
import type { Operation } from "./asked";
import { readBody } from "./body";
import { keyOperations, keySizes, type KeyVersion, publicPart } from "./keys";
import { described, idOf, newName, type ObjectKind, objectOperations } from "./object-requests";

const made = z.strictObject({
  kty: z.literal("RSA"),
  key_size: keySizes.nullish(),
  key_ops: z.array(z.enum(keyOperations)).nullish(),
  attributes: z.strictObject({ enabled: z.boolean().optional(), exportable: z.literal(false).optional() }).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});
const used = z.object({ alg: z.string(), value: z.string().regex(/^[\w-]+={0,2}$/, "is not base64url") });

const kind: ObjectKind<KeyVersion> = {
  what: "keys",
  address: "kid",
  objects: ({ keys }) => keys,
  listed: described,
  // recorded: azure-cli test_keyvault_key
  bundle: (vault, { name }, version) => ({
    key: { kid: versionId(vault, name, version), kty: "RSA", key_ops: version.operations, ...publicPart(version) },
    ...described(vault, version),
    ...(version.managed ? { managed: true } : {}),
  }),
  mirror: (asked, name) => asked.mirrorKey(name),
};

const create: Operation = async (asked) => {
  const { request, vault, keys, params, demand } = asked;
  demand(rights.keys.create, params["name"]);
  const name = newName(params["name"]!);
  const { key_size: size, key_ops: operations, attributes, tags } = await readBody(request, made);
  const { object, version } = await keys.create(name, { size, operations, tags, enabled: attributes?.enabled });
  kind.mirror(asked, object.name);
  return Response.json(kind.bundle(vault, object, version));
};

/** Uses of a key. A client that means the newest version leaves its segment empty. */
function useOperations(use: "encrypt" | "decrypt" | "sign"): Record<string, Operation> {
  const run: Operation = async ({ request, vault, keys, params, demand }) => {
    demand(rights.keys[use], params["name"]);
    const { object, version } = keys.get(params["name"]!, params["version"]);
    const { alg, value } = await readBody(request, used);
    const given = Buffer.from(value, "base64url");
    const result = use === "sign" ? keys.sign(version, alg, given) : keys.use(version, use, alg, given);
    return Response.json({ kid: versionId(vault, object.name, version), value: result.toString("base64url") });
  };
  return {
    [`POST /keys/{name}/{version}/${use}`]: run,
    [`POST /keys/{name}//${use}`]: run,
    [`POST /keys/{name}/${use}`]: run,
  };
}

/** https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups */
export const keyOperationsByRoute: Readonly<Record<string, Operation>> = {
  "POST /keys/{name}/create": create,
  ...objectOperations(kind),
  ...useOperations("encrypt"),
  ...useOperations("decrypt"),
  ...useOperations("sign"),
};

const versionId = (vault: Resource, name: string, { version }: KeyVersion): string =>
  `${idOf(vault, "keys", name)}/${version}`;
