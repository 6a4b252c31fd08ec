import { day } from "../../../contract/time";
import { type Application, certificateIn, type KeyCredential } from "../entra/application";
import type { WantedSecret } from "../entra/client-secrets";
import type { DirectoryStore } from "../entra/directory-store";
import type { IdentifierUriRestriction, PasswordRestriction } from "../entra/tenant-policies";
import { refusals } from "./errors";

/**
 * Refuses a password that the tenant's policy, or the application's own, does not allow: none at all, or none that lives so
 * long. https://learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies
 * @param application it is for; undefined for a service principal
 */
export function refusePassword(
  directory: DirectoryStore,
  application: Application | undefined,
  wanted: WantedSecret,
  now: Date,
): void {
  const policy = directory.policies.of(application?.id);
  const { default: tenant } = directory.policies;
  const rules = application
    ? (policy?.restrictions.passwordCredentials ?? [])
    : tenant.isEnabled
      ? tenant.servicePrincipalRestrictions.passwordCredentials
      : [];
  const id = policy?.id ?? tenant.id;
  for (const rule of rules) {
    if (rule.state !== "enabled" || isOlder(application, rule)) continue;
    if (rule.restrictionType === "passwordAddition") throw refusals.credentialType(id);
    if (rule.restrictionType === "passwordLifetime" && lifeOf(wanted, now) > daysIn(rule.maxLifetime) * day)
      throw refusals.credentialLifetime(id);
  }
}

/**
 * Refuses a certificate that the policy in force does not allow: one that lives too long, or, where only those of some
 * authorities are trusted, one that is signed by itself.
 */
export function refuseCertificate(
  directory: DirectoryStore,
  application: Application,
  { key, startDateTime, endDateTime }: KeyCredential,
): void {
  const policy = directory.policies.of(application.id);
  for (const rule of policy?.restrictions.keyCredentials ?? []) {
    if (rule.state !== "enabled" || isOlder(application, rule)) continue;
    const life = Date.parse(endDateTime) - Date.parse(startDateTime);
    if (rule.restrictionType === "asymmetricKeyLifetime" && life > daysIn(rule.maxLifetime) * day)
      throw refusals.credentialLifetime(policy!.id);
    const { issuer, subject } = certificateIn(key!);
    // assumed: the words; Microsoft publishes the rule alone.
    if (rule.restrictionType === "trustedCertificateAuthority" && issuer === subject)
      throw refusals.credentialType(policy!.id);
  }
}

/** Milliseconds that a password is wanted for; Entra gives two years where nobody says. */
function lifeOf({ startDateTime, endDateTime }: WantedSecret, now: Date): number {
  const start = startDateTime === undefined ? now.getTime() : Date.parse(startDateTime);
  return endDateTime === undefined ? 2 * 365 * day : Date.parse(endDateTime) - start;
}

/** Days in an ISO 8601 duration of whole days, weeks, months or years: `P90D`. Endless where there is none. */
function daysIn(duration: string | null): number {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?$/.exec(duration ?? "");
  if (!found) return Number.POSITIVE_INFINITY;
  const [years = 0, months = 0, weeks = 0, days = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return years * 365 + months * 30 + weeks * 7 + days;
}

/** Refuses an identifier URI that the policy in force does not allow. */
export function refuseIdentifierUri(directory: DirectoryStore, application: Application, uri: string): void {
  const policy = directory.policies.of(application.id);
  const rules = policy?.restrictions.identifierUris ?? {};
  const { appId } = application;
  const { tenantId } = directory.tenant;
  const isDefault = [`api://${appId}`, `api://${tenantId}/${appId}`].includes(uri);
  const unique = [appId, tenantId, directory.tenant.domain].some((part) => uri.includes(part));
  if (holdsFor(application, rules.nonDefaultUriAddition) && !isDefault) throw refusals.hostNotVerified(uri);
  if (holdsFor(application, rules.uriAdditionWithoutUniqueTenantIdentifier) && !unique)
    throw refusals.hostNotVerified(uri);
}

function holdsFor(application: Application, rule: IdentifierUriRestriction | undefined): boolean {
  if (rule?.state !== "enabled" || isOlder(application, rule)) return false;
  return !(rule.excludeAppsReceivingV2Tokens && application.api.requestedAccessTokenVersion === 2);
}

function isOlder(
  application: Application | undefined,
  { restrictForAppsCreatedAfterDateTime: since }: Pick<PasswordRestriction, "restrictForAppsCreatedAfterDateTime">,
): boolean {
  return since !== null && application !== undefined && application.createdDateTime < since;
}
