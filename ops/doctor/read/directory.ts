import { createHash, X509Certificate } from "node:crypto";
import { graphGet, graphList, withClientId } from "../../../infra/azure/graph";
import type { Api, App, Application, FederatedCredential, Grant, Principal } from "../set-up/entra";
import { isMissing, type Read, valueOf } from "../set-up/read-value";
import type { Reader } from "./reader";
import { odataText } from "../../../infra/azure/odata";

const readers = "Microsoft Graph's permission Application.Read.All reads it.";

/** Reads an application of Entra and its service principal, as the tenant of the caller knows them. */
export async function readApp(reader: Reader, clientId: string): Promise<App> {
  const what = `the application ${clientId}`;
  const { access } = reader;
  const [application, principal] = await Promise.all([
    reader.read(
      what,
      clientId,
      async () => (await withClientId<Application>(access, "applications", clientId))[0],
      readers,
    ),
    reader.read(
      `the service principal of ${clientId}`,
      clientId,
      async () => (await withClientId<Principal>(access, "servicePrincipals", clientId))[0],
      readers,
    ),
  ]);
  const there = valueOf(application);
  const [deleted, federated] = await Promise.all([
    isMissing(application)
      ? reader.read(`whether ${what} is in the recycle bin`, clientId, () => inBin(reader, clientId), readers)
      : { value: undefined },
    there
      ? reader.read(`the federated credentials of ${what}`, clientId, () => federatedOf(reader, there.id), readers)
      : { value: [] },
  ]);
  return { clientId, application, principal, deleted, federated };
}

async function inBin({ access }: Reader, clientId: string): Promise<{ id: string; since: string } | undefined> {
  const path = "/directory/deletedItems/microsoft.graph.application?$top=999&$select=id,appId,deletedDateTime";
  const bin = await graphList<{ id: string; appId: string; deletedDateTime: string }>(access, path);
  const found = bin.find(({ appId }) => appId.toLowerCase() === clientId.toLowerCase());
  return found && { id: found.id, since: found.deletedDateTime };
}

function federatedOf({ access }: Reader, objectId: string): Promise<readonly FederatedCredential[]> {
  return graphList(access, `/applications/${objectId}/federatedIdentityCredentials`);
}

/**
 * Thumbprints of the certificates that an application knows: base64url of each one's SHA-256. The certificates themselves are given
 * only where the property is selected. https://learn.microsoft.com/graph/api/resources/keycredential
 */
export function readKnownCertificates(reader: Reader, objectId: string): Promise<Read<readonly string[]>> {
  return reader.read(
    `the certificates of the application ${objectId}`,
    objectId,
    async () => {
      type Answer = { readonly keyCredentials?: readonly { readonly key?: string | null }[] };
      const found = await graphGet<Answer>(reader.access, `/applications/${objectId}?$select=keyCredentials`);
      return (found?.keyCredentials ?? []).flatMap(({ key }) => (key ? [thumbprintOf(key)] : []));
    },
    readers,
  );
}

/** @param key base64 of the certificate as it was given to Entra: DER, or PEM */
function thumbprintOf(key: string): string {
  const given = Buffer.from(key, "base64");
  try {
    return createHash("sha256").update(new X509Certificate(given).raw).digest("base64url");
  } catch {
    return "of no certificate";
  }
}

/**
 * What people have consented to. Whoever deploys need not be able to read it.
 * https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
 */
export function readGrants(reader: Reader, clientId: string, principalId: string): Promise<Read<readonly Grant[]>> {
  return reader.read(
    `the consent that was given to ${clientId}`,
    clientId,
    () => graphList(reader.access, `/servicePrincipals/${principalId}/oauth2PermissionGrants`),
    "Microsoft Graph's permission DelegatedPermissionGrant.Read.All reads it.",
  );
}

/**
 * The service principal of an API in the tenant.
 * @param name its client id, an address of it or its display name, as a scope writes it
 */
export function readApi(reader: Reader, name: string): Promise<Read<Api | undefined>> {
  return reader.read(
    `the API ${name}`,
    name,
    async () => {
      if (/^[0-9a-f-]{36}$/i.test(name)) return (await withClientId<Api>(reader.access, "servicePrincipals", name))[0];
      for (const filter of [
        `servicePrincipalNames/any(name:name eq ${odataText(name)})`,
        `servicePrincipalNames/any(name:name eq ${odataText(`${name}/`)})`,
        `displayName eq ${odataText(name)}`,
      ]) {
        const query = new URLSearchParams({ $filter: filter });
        const [found] = await graphList<Api>(reader.access, `/servicePrincipals?${query}`);
        if (found) return found;
      }
      return undefined;
    },
    readers,
  );
}
