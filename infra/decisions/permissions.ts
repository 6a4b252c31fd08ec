import type { Connection, Skill } from "../../contract/connection";

/** Client id of Microsoft Graph, the same in every tenant. */
export const microsoftGraph = "00000003-0000-0000-c000-000000000000";

interface Permission {
  /** Id of Graph's delegated permission, the same in every tenant: https://learn.microsoft.com/graph/permissions-reference. */
  readonly id: string;
  /**
   * Who may consent in a tenant without a policy of its own:
   * https://learn.microsoft.com/entra/identity/enterprise-apps/configure-user-consent.
   */
  readonly consent: "user" | "administrator";
}

/** Graph's delegated permissions that a connection may ask for, as Graph spells them. */
export const graphPermissions: Readonly<Record<string, Permission>> = {
  openid: { id: "37f7f235-527c-4136-accd-4a02d197296e", consent: "user" },
  profile: { id: "14dad69e-099b-42c9-810b-d002981feec1", consent: "user" },
  email: { id: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", consent: "user" },
  offline_access: { id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", consent: "user" },
  "User.Read": { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", consent: "user" },
  "User.ReadBasic.All": { id: "b340eb25-3456-403f-be2f-af7a0d370277", consent: "user" },
  "Files.Read": { id: "10465720-29dd-4523-a11a-6a75c743c9d9", consent: "user" },
  "Mail.Send": { id: "e383f46e-2787-4529-855e-0e479a3ffac0", consent: "user" },
  "Mail.Read": { id: "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", consent: "administrator" },
  "Mail.ReadBasic": { id: "a4b8392a-d8d1-4954-a029-8e668a39a170", consent: "administrator" },
  "Mail.ReadWrite": { id: "024d486e-b451-40bb-833d-3e66d98c5c73", consent: "administrator" },
  "Calendars.Read": { id: "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42", consent: "administrator" },
  "Calendars.ReadWrite": { id: "1ec239c2-d7c9-4623-a91a-a9775856bb36", consent: "administrator" },
};

/** What a skill does at Graph and may not do without: a missing scope would only show when a user is refused. */
export const skillScopes: Readonly<Record<Skill, readonly string[]>> = {
  mail: ["User.Read", "Mail.Read", "Mail.Send"],
  github: [],
  orders: [],
};

/** Every scope of the connections, once, in the order of first mention. */
export function scopesOf(connections: readonly Connection[]): string[] {
  return [...new Set(connections.flatMap((connection) => connection.scopes))];
}

/** Ids of the delegated permissions of these scopes, as the sign-in app declares them. Throws a RangeError on an unknown scope. */
export function permissionIds(scopes: readonly string[]): string[] {
  return scopes.map((scope) => {
    const permission = graphPermissions[scope];
    if (!permission)
      throw new RangeError(`Microsoft Graph has no delegated permission ${scope} in this program's table`);
    return permission.id;
  });
}

/** The same ids, by scope. */
export function permissionsOf(scopes: readonly string[]): Record<string, string> {
  return Object.fromEntries(permissionIds(scopes).map((id, at) => [scopes[at]!, id]));
}

/**
 * The scopes to which only an administrator can consent under Microsoft's default policy. A sign-in asks for all scopes
 * in one request, so one of these stops every user with "Need admin approval".
 */
export function scopesForAdministrator(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => graphPermissions[scope]?.consent === "administrator");
}

/** Where an administrator consents for everyone in the tenant, once. */
export function adminConsentAddress(tenantId: string, signInAppId: string): string {
  return `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=${signInAppId}`;
}
