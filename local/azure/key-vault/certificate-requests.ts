import { z } from "zod";
import { notServed, requestOf } from "../gap";
import type { Resource } from "../service";
import { type Right, rights } from "./access";
import type { Operation } from "./asked";
import { readBody } from "./body";
import { certificatePolicy, type CertificateVersion, x5t } from "./certificates";
import { badParameter } from "./errors";
import { described, idOf, newName, type ObjectKind, objectOperations } from "./object-requests";

const attributes = z.strictObject({ enabled: z.boolean().optional() });
const asked = z.strictObject({
  policy: z.record(z.string(), z.unknown()),
  attributes: attributes.nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});
const changed = z.strictObject({ attributes: attributes.nullish(), tags: z.record(z.string(), z.string()).nullish() });

const kind: ObjectKind<CertificateVersion> = {
  what: "certificates",
  address: "id",
  objects: ({ certificates }) => certificates,
  listed: (vault, version) => ({ x5t: x5t(version), subject: "", ...described(vault, version) }),
  bundle(vault, { name }, version) {
    const at = (what: Right["what"]): string => `${idOf(vault, what, name)}/${version.version}`;
    return {
      id: at("certificates"),
      kid: at("keys"),
      sid: at("secrets"),
      x5t: x5t(version),
      cer: version.der.toString("base64"),
      ...described(vault, version),
      policy: {
        id: `${certificateId(vault, name)}/policy`,
        secret_props: { contentType: "application/x-pkcs12" },
        ...version.policy,
      },
      pending: { id: `${certificateId(vault, name)}/pending` },
    };
  },
  // What ARM shows of a certificate is its key.
  mirror: (asked, name) => asked.mirrorKey(name),
};

const create: Operation = async ({ request, vault, certificates, params, demand, mirrorKey, url }) => {
  demand(rights.certificates.create, params["name"]);
  const name = newName(params["name"]!);
  const { policy, attributes: given, tags } = await readBody(request, asked);
  const read = certificatePolicy.safeParse(policy);
  const other = read.error?.issues[0]?.path.join(".");
  if (!read.success)
    throw notServed(`${requestOf(request)} with policy.${other} other than of a certificate signed by itself`);
  // https://learn.microsoft.com/javascript/api/@azure/keyvault-certificates/lifetimeaction
  const mostDays = 27 * read.data.x509_props.validity_months;
  if (read.data.lifetime_actions.some(({ trigger }) => (trigger.days_before_expiry ?? 1) > mostDays))
    throw badParameter(`A lifetime action's days before expiry are 1 to ${mostDays} for this certificate.`);
  const pending = await certificates.create(name, read.data, { enabled: given?.enabled, tags: tags ?? undefined });
  mirrorKey(name);
  const query = `api-version=${url.searchParams.get("api-version")}&request_id=${pending.requestId}`;
  return Response.json(operation(vault, name, certificates.pending(name)), {
    status: 202,
    headers: { Location: `${certificateId(vault, name)}/pending?${query}`, "Retry-After": "10" },
  });
};

/** The first look finds it under way, as in Azure, where it takes some seconds. */
const getPending: Operation = ({ vault, certificates, params, demand }) => {
  const name = params["name"]!;
  demand(rights.certificates.get, name);
  const answer = Response.json(operation(vault, name, certificates.pending(name)));
  certificates.complete(name);
  return answer;
};

const update: Operation = async ({ request, vault, certificates, params, demand, mirrorKey }) => {
  demand(rights.certificates.update, params["name"]);
  const { object, version } = certificates.get(params["name"]!, params["version"]);
  const { attributes: given, tags } = await readBody(request, changed);
  if (given?.enabled != null) certificates.enable(version, object.name, given.enabled);
  if (tags) version.tags = tags;
  mirrorKey(object.name);
  return Response.json(kind.bundle(vault, object, version));
};

/** https://learn.microsoft.com/rest/api/keyvault/certificates/operation-groups */
export const certificateOperations: Readonly<Record<string, Operation>> = {
  "POST /certificates/{name}/create": create,
  "GET /certificates/{name}/pending": getPending,
  ...objectOperations(kind),
  "PATCH /certificates/{name}": update,
  "PATCH /certificates/{name}/{version}": update,
};

/** recorded: azure-sdk-for-js, keyvault-certificates */
function operation(
  vault: Resource,
  name: string,
  { requestId, csr, made }: { requestId: string; csr: string; made: unknown },
): Record<string, unknown> {
  return {
    id: `${certificateId(vault, name)}/pending`,
    issuer: { name: "Self" },
    csr,
    cancellation_requested: false,
    ...(made
      ? {
          status: "inProgress",
          status_details:
            "Pending certificate created. Certificate request is in progress. This may take some time based on the issuer " +
            "provider. Please check again later.",
        }
      : { status: "completed", target: certificateId(vault, name) }),
    request_id: requestId,
  };
}

const certificateId = (vault: Resource, name: string): string => idOf(vault, "certificates", name);
