import { z } from "zod";
import { notServed, requestOf } from "../gap";
import type { Resource } from "../service";
import { rights } from "./access";
import { readBody } from "./body";
import { type Certificate, certificatePolicy, type CertificateVersion, x5t } from "./certificates";
import type { Operation } from "./asked";
import { badParameter, purgeProtected } from "./errors";
import { page } from "./paging";
import { recovery, retentionDays, vaultUri } from "./vaults";

const attributes = z.strictObject({ enabled: z.boolean().optional() });
const asked = z.strictObject({
  policy: z.record(z.string(), z.unknown()),
  attributes: attributes.nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});
const changed = z.strictObject({ attributes: attributes.nullish(), tags: z.record(z.string(), z.string()).nullish() });

const create: Operation = async ({ request, vault, certificates, params, demand, mirrorKey, url }) => {
  const name = params["name"]!;
  demand(rights.createCertificate, name);
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`);
  const { policy, attributes: given, tags } = await readBody(request, asked);
  const read = certificatePolicy.safeParse(policy);
  if (!read.success) {
    const { path } = read.error.issues[0]!;
    throw notServed(`${requestOf(request)} with policy.${path.join(".")} other than of a certificate signed by itself`);
  }
  const pending = await certificates.create(name, read.data, {
    enabled: given?.enabled,
    tags: tags ?? undefined,
  });
  mirrorKey(name);
  const query = `api-version=${url.searchParams.get("api-version")}&request_id=${pending.requestId}`;
  return Response.json(operation(vault, name, certificates.pending(name)), {
    status: 202,
    headers: { Location: `${idOf(vault, name)}/pending?${query}`, "Retry-After": "10" },
  });
};

/** The first look finds it under way, as in Azure, where it takes some seconds. */
const getPending: Operation = ({ vault, certificates, params, demand }) => {
  const name = params["name"]!;
  demand(rights.getCertificate, name);
  const answer = Response.json(operation(vault, name, certificates.pending(name)));
  certificates.complete(name);
  return answer;
};

const get: Operation = ({ vault, certificates, params, demand }) => {
  demand(rights.getCertificate, params["name"]);
  const { certificate, version } = certificates.get(params["name"]!, params["version"]);
  return Response.json(bundle(vault, certificate, version));
};

const list: Operation = ({ vault, certificates, demand, url }) => {
  demand(rights.listCertificates);
  return page(
    url,
    certificates.all().map(({ name, versions }) => ({ id: idOf(vault, name), ...described(vault, versions.at(-1)!) })),
  );
};

const listVersions: Operation = ({ vault, certificates, params, demand, url }) => {
  demand(rights.listCertificates, params["name"]);
  const { certificate } = certificates.get(params["name"]!);
  return page(
    url,
    certificate.versions.map((version) => ({
      id: `${idOf(vault, certificate.name)}/${version.version}`,
      ...described(vault, version),
    })),
  );
};

const update: Operation = async ({ request, vault, certificates, params, demand, mirrorKey }) => {
  demand(rights.updateCertificate, params["name"]);
  const { certificate, version } = certificates.get(params["name"]!, params["version"]);
  const { attributes: given, tags } = await readBody(request, changed);
  if (given?.enabled != null) certificates.enable(version, certificate.name, given.enabled);
  if (tags) version.tags = tags;
  mirrorKey(certificate.name);
  return Response.json(bundle(vault, certificate, version));
};

const remove: Operation = ({ vault, certificates, params, demand, mirrorKey }) => {
  demand(rights.deleteCertificate, params["name"]);
  const certificate = certificates.delete(params["name"]!);
  mirrorKey(certificate.name);
  return Response.json(deletedBundle(vault, certificate));
};

const listDeleted: Operation = ({ vault, certificates, demand, url }) => {
  demand(rights.listCertificates);
  return page(
    url,
    certificates.bin().map((one) => ({
      ...deletion(vault, one),
      id: idOf(vault, one.name),
      ...described(vault, one.versions.at(-1)!),
    })),
  );
};

const getDeleted: Operation = ({ vault, certificates, params, demand }) => {
  demand(rights.listCertificates, params["name"]);
  return Response.json(deletedBundle(vault, certificates.deleted(params["name"]!)));
};

const recover: Operation = ({ vault, certificates, params, demand, mirrorKey }) => {
  demand(rights.recoverCertificate, params["name"]);
  const certificate = certificates.recover(params["name"]!);
  mirrorKey(certificate.name);
  return Response.json(bundle(vault, certificate, certificate.versions.at(-1)!));
};

const purge: Operation = ({ vault, certificates, params, demand }) => {
  demand(rights.purgeCertificate, params["name"]);
  certificates.deleted(params["name"]!);
  if (vault.properties["enablePurgeProtection"] === true) throw purgeProtected();
  certificates.purge(params["name"]!);
  return new Response(null, { status: 204 });
};

/** https://learn.microsoft.com/rest/api/keyvault/certificates/operation-groups */
export const certificateOperations: Readonly<Record<string, Operation>> = {
  "POST /certificates/{name}/create": create,
  "GET /certificates": list,
  "GET /certificates/{name}/versions": listVersions,
  "GET /certificates/{name}/pending": getPending,
  "GET /certificates/{name}": get,
  "GET /certificates/{name}/{version}": get,
  "PATCH /certificates/{name}": update,
  "PATCH /certificates/{name}/{version}": update,
  "DELETE /certificates/{name}": remove,
  "GET /deletedcertificates": listDeleted,
  "GET /deletedcertificates/{name}": getDeleted,
  "POST /deletedcertificates/{name}/recover": recover,
  "DELETE /deletedcertificates/{name}": purge,
};

const idOf = (vault: Resource, name: string): string => `${vaultUri(vault.name)}certificates/${name}`;

/** recorded: azure-sdk-for-js, keyvault-certificates */
function operation(
  vault: Resource,
  name: string,
  { requestId, csr, made }: { requestId: string; csr: string; made: unknown },
): Record<string, unknown> {
  return {
    id: `${idOf(vault, name)}/pending`,
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
      : { status: "completed", target: idOf(vault, name) }),
    request_id: requestId,
  };
}

function described(vault: Resource, version: CertificateVersion): Record<string, unknown> {
  const { tags, attributes: given } = version;
  return {
    x5t: x5t(version),
    attributes: { ...given, ...recovery(vault) },
    subject: "",
    ...(tags ? { tags } : {}),
  };
}

function bundle(vault: Resource, { name }: Certificate, version: CertificateVersion): Record<string, unknown> {
  const { policy, tags, attributes: given, der } = version;
  const at = (what: string): string => `${vaultUri(vault.name)}${what}/${name}/${version.version}`;
  return {
    id: at("certificates"),
    kid: at("keys"),
    sid: at("secrets"),
    x5t: x5t(version),
    cer: der.toString("base64"),
    attributes: { ...given, ...recovery(vault) },
    policy: { id: `${idOf(vault, name)}/policy`, secret_props: { contentType: "application/x-pkcs12" }, ...policy },
    ...(tags ? { tags } : {}),
    pending: { id: `${idOf(vault, name)}/pending` },
  };
}

const deletedBundle = (vault: Resource, certificate: Certificate): Record<string, unknown> => ({
  ...deletion(vault, certificate),
  ...bundle(vault, certificate, certificate.versions.at(-1)!),
});

const deletion = (vault: Resource, { name, deletedAt }: Certificate): Record<string, unknown> => ({
  recoveryId: `${vaultUri(vault.name)}deletedcertificates/${name}`,
  deletedDate: deletedAt!,
  scheduledPurgeDate: deletedAt! + retentionDays(vault) * 24 * 3600,
});
