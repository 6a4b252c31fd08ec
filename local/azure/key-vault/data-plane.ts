import { z } from "zod";
import { AzureError } from "../error";
import { router, type Call } from "../routes";
import type { Azure, Claims, Resource } from "../service";
import { authenticate, authorize, rights, type Right } from "./access";
import { badParameter, notServed, purgeProtected, secretDisabled, vaultNotFound } from "./errors";
import type { Secret, SecretInput, Secrets, SecretVersion } from "./secrets";
import { vaultUri, type VaultContents } from "./vaults";

const apiVersions = [
  ...["2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6-preview.1", "7.6-preview.2", "7.6"],
  ...["2025-06-01-preview", "2025-07-01"],
];
const maxValueLength = 25 * 1024;

/** A request that has passed the vault's door. */
interface Asked extends Call {
  readonly vault: Resource;
  readonly secrets: Secrets;
  /** Refuses the caller without this right. */
  demand(right: Right, secretName?: string): void;
}

type Operation = (asked: Asked) => Response | Promise<Response>;

/** Makes the function that answers requests to `https://<vault>.vault.azure.net`. */
export function dataPlane(azure: Azure, contents: VaultContents): (request: Request) => Promise<Response> {
  const callers = new WeakMap<Request, Claims>();
  const operation =
    (run: Operation) =>
    (call: Call): Response | Promise<Response> => {
      const vault = contents.vault(call.url.hostname.split(".")[0]!)!;
      const caller = callers.get(call.request)!;
      return run({
        ...call,
        vault,
        secrets: contents.secrets(vault.name),
        demand: (right, secretName) => authorize(azure, caller, vault, right, secretName),
      });
    };
  const mirrored =
    (run: Operation): Operation =>
    async (asked) => {
      const response = await run(asked);
      contents.mirror(asked.vault, asked.params["name"]!);
      return response;
    };
  const route = router({
    "GET /secrets": operation(list),
    "GET /secrets/{name}/versions": operation(listVersions),
    "GET /secrets/{name}": operation(get),
    "GET /secrets/{name}/{version}": operation(get),
    "PUT /secrets/{name}": operation(mirrored(set)),
    "PATCH /secrets/{name}": operation(mirrored(update)),
    "PATCH /secrets/{name}/{version}": operation(mirrored(update)),
    "DELETE /secrets/{name}": operation(mirrored(remove)),
    "GET /deletedsecrets": operation(listDeleted),
    "GET /deletedsecrets/{name}": operation(getDeleted),
    "POST /deletedsecrets/{name}/recover": operation(mirrored(recover)),
    "DELETE /deletedsecrets/{name}": operation(purge),
  });
  return async (request) => {
    try {
      const url = new URL(request.url);
      if (!contents.vault(url.hostname.split(".")[0]!)) throw vaultNotFound(url.hostname);
      callers.set(request, await authenticate(azure, request));
      checkVersion(url.searchParams.get("api-version"));
      return (await route(request)) ?? notServed(request.method, url.pathname).toResponse();
    } catch (error) {
      if (error instanceof AzureError) return error.toResponse();
      if (error instanceof URIError) return badParameter("The request URI is malformed.").toResponse();
      throw error;
    }
  };
}

function checkVersion(version: string | null): void {
  if (!version) throw badParameter("api-version must be specified");
  if (apiVersions.includes(version)) return;
  throw badParameter(`The api-version '${version}' is not supported. Supported are ${apiVersions.join(", ")}.`);
}

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
  const input = await read(request);
  if (typeof input.value !== "string") throw badParameter("Property value cannot be null or missing.");
  if (input.value.length > maxValueLength) throw badParameter("Secret value is too long: at most 25 KB are allowed.");
  const { secret, version } = secrets.set(params["name"]!, { ...input, value: input.value });
  return Response.json({ value: version.value, ...describe(vault, secret, version) });
};

const update: Operation = async ({ request, vault, secrets, params, demand }) => {
  demand(rights.update, params["name"]);
  const { secret } = secrets.get(params["name"]!, params["version"]);
  const version = secrets.update(params["name"]!, params["version"], await read(request));
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
  tags: z.record(z.string()).optional(),
  attributes: z
    .object({ enabled: z.boolean().optional(), nbf: z.number().int().optional(), exp: z.number().int().optional() })
    .optional(),
});

async function read(request: Request): Promise<Partial<SecretInput>> {
  const body: unknown = await request.json().catch(() => undefined);
  const result = written.safeParse(body);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw badParameter(`Property ${path.join(".") || "body"} has an invalid value: ${message}`);
}

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
    scheduledPurgeDate: deletedDate + days(vault) * 24 * 3600,
    ...describe(vault, secret, secret.versions.at(-1)!),
  };
}

const days = (vault: Resource): number => Number(vault.properties["softDeleteRetentionInDays"]);

/** How long a deleted secret can be brought back, and whether it can be purged before. */
function recovery(vault: Resource): Record<string, unknown> {
  const level = `${days(vault) === 90 ? "" : "Customized"}Recoverable`;
  const recoveryLevel = vault.properties["enablePurgeProtection"] === true ? level : `${level}+Purgeable`;
  return { recoveryLevel, recoverableDays: days(vault) };
}

/** A page of a list. The next one's address names the port, too. recorded: azure-cli test_keyvault_secret */
function page(url: URL, all: readonly unknown[]): Response {
  const asked = url.searchParams.get("maxresults");
  const size = Math.min(25, Math.max(1, Number(asked ?? 25)));
  const token = Buffer.from(url.searchParams.get("$skiptoken") ?? "", "base64url").toString();
  const start = Number(token || 0);
  const end = start + size;
  const query = [
    `api-version=${url.searchParams.get("api-version")}`,
    `$skiptoken=${Buffer.from(String(end)).toString("base64url")}`,
    ...(asked === null ? [] : [`maxresults=${asked}`]),
  ];
  const next = `https://${url.hostname}:443${url.pathname}?${query.join("&")}`;
  return Response.json({ value: all.slice(start, end), nextLink: end < all.length ? next : null });
}
