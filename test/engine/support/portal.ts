import type { LocalAzure } from "../../../local/azure/azure";
import type { Store } from "../../../local/azure/arm/store";
import type { DirectoryStore } from "../../../local/azure/entra/directory-store";
import { deployerToken } from "../../support/deployer-token";

const apiVersions: Readonly<Record<string, string>> = {
  "Microsoft.BotService": "2022-09-15",
  "Microsoft.Web": "2025-05-01",
  "Microsoft.KeyVault": "2024-11-01",
  "Microsoft.OperationalInsights": "2023-09-01",
  "Microsoft.Authorization": "2022-04-01",
  "Microsoft.Authorization/locks": "2020-05-01",
  "Microsoft.Storage": "2023-05-01",
  "Microsoft.ManagedIdentity": "2023-01-31",
};

/** A person with every right who changes things by hand, behind Pulumi's back. */
export class Portal {
  constructor(private readonly azure: LocalAzure) {}

  /** Asks ARM. `path` begins with `/subscriptions` or, for a resource's id, is that id and what follows. */
  async arm<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const [, namespace = "", type = ""] = [...path.matchAll(/\/providers\/([^/?]+)\/?([^/?]*)/g)].at(-1) ?? [];
    const version = apiVersions[`${namespace}/${type}`] ?? apiVersions[namespace] ?? "2021-04-01";
    return this.#ask(method, `https://management.azure.com${path}?api-version=${version}`, body);
  }

  /** Asks Microsoft Graph; `path` is below v1.0. */
  graph<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#ask(method, `https://graph.microsoft.com/v1.0${path}`, body);
  }

  /** Asks a vault or a storage account itself; gives the answer's text. */
  data(method: string, url: string, body?: unknown): Promise<string> {
    const audience = new URL(url).hostname.endsWith(".vault.azure.net") ? "vault.azure.net" : "storage.azure.com";
    return this.#text(method, url, body, `https://${audience}`);
  }

  async #ask<T>(method: string, url: string, body: unknown): Promise<T> {
    const text = await this.#text(method, url, body, new URL(url).origin);
    return (text ? JSON.parse(text) : {}) as T;
  }

  async #text(method: string, url: string, body: unknown, audience: string): Promise<string> {
    const token = await deployerToken(this.azure, audience, "portal");
    const answer = await this.azure.call("portal", url, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
    return text;
  }
}

/** Ids of all that lives in ARM and Entra, hidden children and grants included; the record of deleted sites left out. */
export function everythingIn(azure: LocalAzure): string[] {
  const directory = azure.directory as unknown as DirectoryStore;
  return [
    ...(azure.resources as Store)
      .all()
      .map(({ id }) => id)
      .filter((id) => !id.includes("/deletedSites/")),
    ...[...directory.applications.keys()].map((id) => `/applications/${id}`),
    ...[...directory.servicePrincipals.keys()].map((id) => `/servicePrincipals/${id}`),
    ...[...directory.oauth2PermissionGrants.keys()].map((id) => `/oauth2PermissionGrants/${id}`),
    ...[...directory.appRoleAssignments.keys()].map((id) => `/appRoleAssignments/${id}`),
  ].sort();
}

/** What Azure keeps of deleted things, by kind. */
export async function softDeleted(azure: LocalAzure): Promise<Record<string, string[]>> {
  const portal = new Portal(azure);
  const subscription = `/subscriptions/${azure.tenant.subscriptionId}`;
  type Names = { value: { name?: string; displayName?: string; properties?: { deletedSiteName?: string } }[] };
  const names = ({ value }: Names): string[] =>
    value.map((one) => one.properties?.deletedSiteName ?? one.displayName ?? one.name ?? "").sort();
  return {
    vaults: names(await portal.arm<Names>("GET", `${subscription}/providers/Microsoft.KeyVault/deletedVaults`)),
    sites: names(
      await portal.arm<Names>("GET", `${subscription}/providers/Microsoft.Web/locations/westeurope/deletedSites`),
    ),
    workspaces: names(
      await portal.arm<Names>("GET", `${subscription}/providers/Microsoft.OperationalInsights/deletedWorkspaces`),
    ),
    accounts: names(await portal.arm<Names>("GET", `${subscription}/providers/Microsoft.Storage/deletedAccounts`)),
    applications: names(await portal.graph<Names>("GET", "/directory/deletedItems/microsoft.graph.application")),
    principals: names(await portal.graph<Names>("GET", "/directory/deletedItems/microsoft.graph.servicePrincipal")),
  };
}
