import type { Connection } from "../../contract/connection";
import { throughSignInApp } from "../connections/apis";
import { knownGraphPermissions } from "../facts/permissions";
import { everythingDeclared, kindOfResource, microsoftGraph, permissionsAskedFor, scopeOf } from "../facts/scopes";
import { at } from "./resource";

/** The delegated permissions that an application declares, by API. What is not known yet is left out. */
export function declaredIn(accesses: unknown): { readonly resourceAppId: string; readonly ids: readonly string[] }[] {
  return (Array.isArray(accesses) ? accesses : []).flatMap((access) => {
    const resourceAppId = at(access, "resourceAppId");
    const entries = at(access, "resourceAccesses");
    if (typeof resourceAppId !== "string" || !Array.isArray(entries)) return [];
    const ids = entries.map((entry) => at(entry, "id")).filter((id) => typeof id === "string");
    return [{ resourceAppId: resourceAppId.toLowerCase(), ids }];
  });
}

/**
 * Permissions of an API that are declared though no connection asks for them. Scopes have names and declarations have ids,
 * and only the tenant knows of all which belong together: where it cannot be told, they are counted.
 */
export function notAskedFor(
  connections: readonly Connection[],
  resourceAppId: string,
  ids: readonly string[],
): string[] {
  const asked = askedOf(connections, resourceAppId);
  if (asked === "everything") return [];
  const known = resourceAppId === microsoftGraph ? knownGraphPermissions : [];
  const nameless = asked.filter((value) => !known.some((one) => one.value === value)).length;
  const unknownIds = ids.filter((id) => !known.some((one) => one.id === id));
  return [
    ...ids.filter((id) => known.some((one) => one.id === id && !asked.includes(one.value))),
    ...unknownIds.slice(nameless),
  ];
}

/** Whether some connection asks for a permission of this name, or for all that are declared. */
export function mayConsentTo(connections: readonly Connection[], value: string): boolean {
  return connections
    .filter(throughSignInApp)
    .flatMap(({ scopes }) => scopes.map((text) => scopeOf(text)?.value))
    .some((asked) => asked === value || asked === everythingDeclared);
}

/** What connections ask of an API: by its client id, or by an address of which only the tenant knows whose it is. */
function askedOf(connections: readonly Connection[], resourceAppId: string): string[] | "everything" {
  const values: string[] = [];
  for (const connection of connections.filter(throughSignInApp)) {
    for (const [resource, asked] of permissionsAskedFor(connection)) {
      if (kindOfResource(resource) === "id" ? resource !== resourceAppId : resourceAppId === microsoftGraph) continue;
      const scopes = connection.scopes.map((text) => scopeOf(text)).filter((scope) => scope?.resource === resource);
      if (scopes.some((scope) => scope?.value === everythingDeclared)) return "everything";
      values.push(...asked);
    }
  }
  return values;
}
