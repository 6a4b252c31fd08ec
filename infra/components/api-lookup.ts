import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { type Api, apisOf, type Judged, judgeScopes, type Looked } from "../connections/apis";
import type { ConnectionArgs } from "../connections/connection";
import { microsoftApiAt } from "../facts/microsoft-apis";
import { nearest } from "../settings/nearest";
import { consentTo } from "../facts/permissions";
import { kindOfResource } from "../facts/scopes";
import { SettingsError } from "../settings/settings-error";
import { stopWith } from "../stop";

/** What the tenant says of the connections' scopes. Where one cannot be, the program ends before anything is made. */
export async function judgedScopes(
  connections: readonly ConnectionArgs[],
  options: pulumi.InvokeOptions,
): Promise<Judged> {
  try {
    const judged = judgeScopes(connections, await lookUpApis(apisOf(connections), options));
    if (judged.problems.length === 0) return judged;
    return await stopWith(`${new SettingsError(judged.problems).message}\nNothing was created.`);
  } catch (error) {
    return stopWith(`The APIs of the scopes could not be looked up in the tenant: ${(error as Error).message}`);
  }
}

/**
 * Looks up APIs in the tenant of azuread: in a preview already, so that a scope which nobody could ever be given is refused
 * before anything is made. Application.ReadWrite.OwnedBy may read every service principal
 * (https://learn.microsoft.com/graph/api/serviceprincipal-get).
 * @param resources as `Scope.resource` names them
 * @returns what was found, by the same names
 * @throws whatever azuread throws but "not found" and 403
 */
export async function lookUpApis(
  resources: readonly string[],
  options: pulumi.InvokeOptions,
): Promise<Readonly<Record<string, Looked>>> {
  const looked = await Promise.all(
    resources.map(async (resource): Promise<[string, Looked]> => [resource, await lookUp(resource, options)]),
  );
  return Object.fromEntries(looked);
}

async function lookUp(resource: string, options: pulumi.InvokeOptions): Promise<Looked> {
  try {
    switch (kindOfResource(resource)) {
      case "id":
        return found(await azuread.getServicePrincipal({ clientId: resource }, options));
      case "address":
        return await atAddress(resource, options);
      case "name":
        return await named(resource, options);
    }
  } catch (error) {
    if (isRefused(error)) return { outcome: "refused" };
    if (isMissing(error)) return { outcome: "missing" };
    throw error;
  }
}

/** By what is cheapest to ask: an application of the tenant has its address to itself; all others are looked through. */
async function atAddress(address: string, options: pulumi.InvokeOptions): Promise<Looked> {
  const known = microsoftApiAt(address) ?? (await applicationAt(address, options));
  if (known) return found(await azuread.getServicePrincipal({ clientId: known }, options));
  const { servicePrincipals } = await azuread.getServicePrincipals({ returnAll: true }, options);
  const names = servicePrincipals.flatMap(({ clientId, servicePrincipalNames }) =>
    servicePrincipalNames.map((name) => ({ name: name.toLowerCase().replace(/\/+$/, ""), clientId })),
  );
  const one = names.find(({ name }) => name === address);
  if (one) return found(await azuread.getServicePrincipal({ clientId: one.clientId }, options));
  return {
    outcome: "missing",
    near: nearest(
      address,
      names.map(({ name }) => name).filter((name) => name.includes("://")),
    ),
  };
}

async function applicationAt(address: string, options: pulumi.InvokeOptions): Promise<string | undefined> {
  for (const identifierUri of [address, `${address}/`]) {
    try {
      return (await azuread.getApplication({ identifierUri }, options)).clientId;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

async function named(displayName: string, options: pulumi.InvokeOptions): Promise<Looked> {
  try {
    return found(await azuread.getServicePrincipal({ displayName }, options));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const { servicePrincipals } = await azuread.getServicePrincipals({ returnAll: true }, options);
    return {
      outcome: "missing",
      near: nearest(
        displayName,
        servicePrincipals.map((one) => one.displayName),
      ),
    };
  }
}

function found(principal: azuread.GetServicePrincipalResult): Looked {
  const { clientId, objectId, displayName, oauth2PermissionScopes } = principal;
  const permissions = oauth2PermissionScopes
    .filter(({ enabled }) => enabled)
    .map(({ id, value, type }) => ({ id, value, consent: consentTo(clientId, value, type) }));
  const api: Api = { clientId, objectId, displayName, permissions };
  return { outcome: "found", api };
}

// In terraform-provider-azuread's words: internal/services/serviceprincipals and .../applications, the data sources.
function isMissing(error: unknown): boolean {
  return /no (service principals?|applications?) (was |were )?found/i.test(String(error));
}

function isRefused(error: unknown): boolean {
  return /unexpected status 403|Authorization_RequestDenied/i.test(String(error));
}
