import * as published from "../../contract/graph-permissions.json";
import { microsoftGraph } from "./scopes";

/** A delegated permission of an API, as the tenant's service principal of that API shows it. */
export interface Permission {
  readonly value: string;
  readonly id: string;
  /** Who may consent in a tenant without a policy of its own. */
  readonly consent: "user" | "administrator";
}

/**
 * Permissions of Microsoft Graph to which Microsoft's own policy lets nobody but an administrator consent, though their
 * type says that users may: https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies
 */
const managedByMicrosoft =
  /^(Mail\.(Read|ReadWrite|ReadBasic)|People\.Read|(Calendars|Chat|MailboxSettings)\..*|(Files|Sites)\..*\.All)$/;

/**
 * Who may consent to a permission in a tenant without a policy of its own.
 * @param type as the API publishes it: `User` or `Admin`
 */
export function consentTo(resourceAppId: string, value: string, type: string | undefined): Permission["consent"] {
  const managed = resourceAppId === microsoftGraph && managedByMicrosoft.test(value);
  return type === "Admin" || managed ? "administrator" : "user";
}

/**
 * Microsoft Graph's delegated permissions as they were published, the same in every tenant; `source` in the data says when.
 * It stands in where the deployer may not read the tenant's: one that has been published since is not in it.
 */
export const knownGraphPermissions: readonly Permission[] = Object.entries(
  published.delegated as unknown as Readonly<Record<string, readonly [id: string, type: "User" | "Admin"]>>,
).map(([value, [id, type]]) => ({ value, id, consent: consentTo(microsoftGraph, value, type) }));

/** Where an administrator consents for everyone in the tenant, once. */
export function adminConsentAddress(tenantId: string, signInAppId: string): string {
  return `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=${signInAppId}`;
}
