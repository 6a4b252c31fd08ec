import { z } from "zod";
import { rights } from "./access";
import type { Asked, Operation } from "./asked";
import { readBody } from "./body";
import { badParameter, secretDisabled } from "./errors";
import { idOf, newName, type ObjectKind, objectOperations } from "./object-requests";
import type { SecretVersion } from "./secrets";
import { recovery } from "./vaults";

const maxValueLength = 25 * 1024;
const right = rights.secrets;

const kind: ObjectKind<SecretVersion> = {
  what: "secrets",
  address: "id",
  objects: ({ secrets }) => secrets,
  listed: (vault, { contentType, attributes, tags = {} }) => ({
    ...(contentType === undefined ? {} : { contentType }),
    attributes: { ...attributes, ...recovery(vault) },
    tags,
  }),
  bundle: (vault, { name }, version) => ({
    id: `${idOf(vault, "secrets", name)}/${version.version}`,
    ...kind.listed(vault, version),
  }),
  mirror: (asked, name) => asked.mirror(name),
};

const get: Operation = ({ vault, secrets, params, demand }) => {
  demand(right.get, params["name"]);
  const { object, version } = secrets.get(params["name"]!, params["version"]);
  // Dates do not matter here: Key Vault gives an expired secret's value, and refuses a disabled one's.
  // https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#date-time-controlled-operations
  if (!version.attributes.enabled) throw secretDisabled();
  return Response.json({ value: version.value, ...kind.bundle(vault, object, version) });
};

const set: Operation = async (asked) => {
  const { request, vault, secrets, params, demand } = asked;
  demand(right.set, params["name"]);
  const name = newName(params["name"]!);
  const input = await readBody(request, written);
  if (typeof input.value !== "string") throw badParameter("Property value cannot be null or missing.");
  if (input.value.length > maxValueLength) throw badParameter("Secret value is too long: at most 25 KB are allowed.");
  const { object, version } = secrets.set(name, { ...input, value: input.value });
  kind.mirror(asked, object.name);
  return Response.json({ value: version.value, ...kind.bundle(vault, object, version) });
};

const update: Operation = async (asked: Asked) => {
  const { request, vault, secrets, params, demand } = asked;
  demand(right.update, params["name"]);
  const { object } = secrets.get(params["name"]!, params["version"]);
  const version = secrets.update(params["name"]!, params["version"], await readBody(request, written));
  kind.mirror(asked, object.name);
  return Response.json(kind.bundle(vault, object, version));
};

const written = z.object({
  value: z.string().optional(),
  contentType: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  attributes: z
    .object({ enabled: z.boolean().optional(), nbf: z.number().int().optional(), exp: z.number().int().optional() })
    .optional(),
});

/** https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups */
export const secretOperations: Readonly<Record<string, Operation>> = {
  ...objectOperations(kind),
  "GET /secrets/{name}": get,
  "GET /secrets/{name}/{version}": get,
  "PUT /secrets/{name}": set,
  "PATCH /secrets/{name}": update,
  "PATCH /secrets/{name}/{version}": update,
};
