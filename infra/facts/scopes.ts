import { entra, type Skill } from "../../contract/connection";
import type { ConnectionArgs } from "../connections/connection";
import { guid } from "../settings/value-types";

/** Client id of Microsoft Graph, the same in every tenant. */
export const microsoftGraph = "00000003-0000-0000-c000-000000000000";

/** Scopes of OpenID Connect itself, which go with the permissions of any resource. Graph's service principal has their ids. */
export const openIdScopes: readonly string[] = ["openid", "profile", "email", "offline_access"];

/** All permissions that the application declares: https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope */
export const everythingDeclared = ".default";

/** A delegated permission as a scope asks Entra for it. */
export interface Scope {
  /** The API, as {@link resourceKey} writes it; undefined for the scopes of OpenID Connect. */
  readonly resource: string | undefined;
  /** The API as the scope writes it. */
  readonly written: string;
  readonly value: string;
}

/**
 * Reads a scope of Entra: `Mail.Read` is Microsoft Graph's, `<API>/<permission>` another API's, by its address
 * (`https://database.windows.net/`), its client id or the name by which the tenant knows it (`Azure Databricks`). Gives
 * undefined where it can be none.
 */
export function scopeOf(text: string): Scope | undefined {
  if (openIdScopes.includes(text)) return { resource: undefined, written: "", value: text };
  const slash = text.lastIndexOf("/");
  const [written, value] = slash < 0 ? ["", text] : [text.slice(0, slash), text.slice(slash + 1)];
  if (!/^[A-Za-z0-9._:-]+$/.test(value)) return undefined;
  if (slash < 0) return { resource: microsoftGraph, written: "https://graph.microsoft.com", value };
  // Of an address without a permission, https://graph.microsoft.com, only the scheme would be left.
  if (written.trim() !== written || /^[a-z][a-z0-9+.-]*:\/*$/i.test(written) || written === "") return undefined;
  return { resource: resourceKey(written), written, value };
}

/** One form for all ways to write an API: small letters, without slash at the end, its client id where that is in it. */
function resourceKey(written: string): string {
  const name = written.toLowerCase().replace(/\/+$/, "");
  const id = name.replace(/^api:\/\//, "");
  if (guid.read(id)) return id;
  return name === "https://graph.microsoft.com" || name === "microsoft graph" ? microsoftGraph : name;
}

/** How an API is named that {@link resourceKey} has read. */
export function kindOfResource(resource: string): "id" | "address" | "name" {
  if (guid.read(resource)) return "id";
  return /^[a-z][a-z0-9+.-]*:\/\//.test(resource) ? "address" : "name";
}

/** Whether the provider of a connection takes scopes as Entra's v2 endpoint does. */
export function takesEntraScopes(provider: string): boolean {
  return [entra, "Aadv2WithFic", "Aadv2WithCerts"].includes(provider);
}

/** A connection's delegated permissions by API: what its scopes ask for, and what it says that `.default` stands for. */
export function permissionsAskedFor(
  connection: Pick<ConnectionArgs, "scopes" | "permissions">,
): ReadonlyMap<string, readonly string[]> {
  const asked = new Map<string, string[]>();
  for (const text of connection.scopes) {
    const { resource = microsoftGraph, value } = scopeOf(text) ?? {};
    const values = value === everythingDeclared ? (connection.permissions ?? []) : value ? [value] : [];
    asked.set(resource, [...new Set([...(asked.get(resource) ?? []), ...values])]);
  }
  return asked;
}

/** What a skill does with a token, and may not do without: a missing scope would only show when a user is refused. */
interface SkillNeeds {
  /** Providers whose tokens the skill's service takes; undefined where anybody's may do. */
  readonly providers?: readonly string[];
  /** One of each, the least of them first. */
  readonly scopes: readonly (readonly string[])[];
  /** Whether the address of the service has to be said. */
  readonly api?: boolean;
}

export const skillNeeds: Readonly<Record<Skill, SkillNeeds>> = {
  // https://learn.microsoft.com/graph/permissions-reference
  mail: {
    providers: [entra, "Aadv2WithFic", "Aadv2WithCerts"],
    scopes: [
      ["User.Read", "User.ReadWrite", "User.Read.All", "User.ReadWrite.All"],
      ["Mail.Read", "Mail.ReadWrite"],
      ["Mail.Send"],
    ],
  },
  // Reading who somebody is takes no scope, an issue does: https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
  github: { providers: ["github", "oauth2", "oauth2generic"], scopes: [["repo", "public_repo"]] },
  orders: { scopes: [], api: true },
};
