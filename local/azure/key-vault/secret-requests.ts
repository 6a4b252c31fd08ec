import { z } from "zod";
import type { Resource } from "../service";
import { rights } from "./access";
import type { Asked, Operation } from "./asked";
import { readBody } from "./body";
import { badParameter, purgeProtected, secretDisabled } from "./errors";
import { page } from "./paging";
import type { Secret, SecretVersion } from "./secrets";
import { recovery, retentionDays, vaultUri } from "./vaults";

const maxValueLength = 25 * 1024;

/** What the vault shows ARM of a secret changes with it. */
const mirrored =
  (run: Operation): Operation =>
  async (asked: Asked) => {
    const response = await run(asked);
    asked.mirror(asked.params["name"]!);
    return response;
  };

const get: Operation = ({ vault, secrets, params, demand }) => {
  demand(rights.get, params["name"]);
  const { secret, version } = secrets.get(params["name"]!, params["version"]);
  // Dates do not matter here: Key Vault gives an expired secret's value, and refuses a disabled one's.
  // https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#date-time-controlled-operations
  if (!version.attributes.enabled) throw secretDisabled();
  return Response.json({ value: version.value, ...describe(vault, secret, version) });
};

const list: Operation = ({ vault, secrets, demand, url }) => {
  demand(rights.list);
  return page(
    url,
    secrets.all().map((secret) => ({ ...describe(vault, secret, secret.versions.at(-1)!), id: idOf(vault, secret) })),
  );
};

const listVersions: Operation = ({ vault, secrets, params, demand, url }) => {
  demand(rights.list, params["name"]);
  const { secret } = secrets.get(params["name"]!);
  return page(
    url,
    secret.versions.map((version) => describe(vault, secret, version)),
  );
};

const set: Operation = async ({ request, vault, secrets, params, demand }) => {
  demand(rights.set, params["name"]);
  if (!/^[0-9A-Za-z-]{1,127}$/.test(params["name"]!)) {
    throw badParameter(`The request URI contains an invalid name: ${params["name"]}`);
  }
  const input = await readBody(request, written);
  if (typeof input.value !== "string") throw badParameter("Property value cannot be null or missing.");
  if (input.value.length > maxValueLength) throw badParameter("Secret value is too long: at most 25 KB are allowed.");
  const { secret, version } = secrets.set(params["name"]!, { ...input, value: input.value });
  return Response.json({ value: version.value, ...describe(vault, secret, version) });
};

const update: Operation = async ({ request, vault, secrets, params, demand }) => {
  demand(rights.update, params["name"]);
  const { secret } = secrets.get(params["name"]!, params["version"]);
  const version = secrets.update(params["name"]!, params["version"], await readBody(request, written));
  return Response.json(describe(vault, secret, version));
};

const remove: Operation = ({ vault, secrets, params, demand }) => {
  demand(rights.delete, params["name"]);
  return Response.json(describeDeleted(vault, secrets.delete(params["name"]!)));
};

const listDeleted: Operation = ({ vault, secrets, demand, url }) => {
  demand(rights.list);
  return page(
    url,
    secrets.bin().map((secret) => ({ ...describeDeleted(vault, secret), id: idOf(vault, secret) })),
  );
};

const getDeleted: Operation = ({ vault, secrets, params, demand }) => {
  demand(rights.list, params["name"]);
  return Response.json(describeDeleted(vault, secrets.deleted(params["name"]!)));
};

const recover: Operation = ({ vault, secrets, params, demand }) => {
  demand(rights.recover, params["name"]);
  const secret = secrets.recover(params["name"]!);
  return Response.json(describe(vault, secret, secret.versions.at(-1)!));
};

const purge: Operation = ({ vault, secrets, params, demand }) => {
  demand(rights.purge, params["name"]);
  secrets.deleted(params["name"]!);
  if (vault.properties["enablePurgeProtection"] === true) throw purgeProtected();
  secrets.purge(params["name"]!);
  return new Response(null, { status: 204 });
};

const written = z.object({
  value: z.string().optional(),
  contentType: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  attributes: z
    .object({ enabled: z.boolean().optional(), nbf: z.number().int().optional(), exp: z.number().int().optional() })
    .optional(),
});

const idOf = (vault: Resource, secret: Secret): string => `${vaultUri(vault.name)}secrets/${secret.name}`;

function describe(vault: Resource, secret: Secret, version: SecretVersion): Record<string, unknown> {
  const { contentType, tags = {}, attributes } = version;
  return {
    id: `${idOf(vault, secret)}/${version.version}`,
    ...(contentType === undefined ? {} : { contentType }),
    attributes: { ...attributes, ...recovery(vault) },
    tags,
  };
}

function describeDeleted(vault: Resource, secret: Secret): Record<string, unknown> {
  const deletedDate = secret.deletedAt!;
  return {
    recoveryId: `${vaultUri(vault.name)}deletedsecrets/${secret.name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + retentionDays(vault) * 24 * 3600,
    ...describe(vault, secret, secret.versions.at(-1)!),
  };
}

/** https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups */
export const secretOperations: Readonly<Record<string, Operation>> = {
  "GET /secrets": list,
  "GET /secrets/{name}/versions": listVersions,
  "GET /secrets/{name}": get,
  "GET /secrets/{name}/{version}": get,
  "PUT /secrets/{name}": mirrored(set),
  "PATCH /secrets/{name}": mirrored(update),
  "PATCH /secrets/{name}/{version}": mirrored(update),
  "DELETE /secrets/{name}": mirrored(remove),
  "GET /deletedsecrets": listDeleted,
  "GET /deletedsecrets/{name}": getDeleted,
  "POST /deletedsecrets/{name}/recover": mirrored(recover),
  "DELETE /deletedsecrets/{name}": purge,
};
