import type { Access } from "../../infra/azure/access";
import { graphGet, withClientId } from "../../infra/azure/graph";
import { throughSignInApp } from "../../infra/connections/apis";
import { withSecretless } from "../../infra/settings/connections";
import type { Settings } from "../../infra/settings/settings";
import { mayNot, unlessRefused } from "../azure/unless-refused";
import type { Finding } from "./finding";

/**
 * A restriction of passwords or certificates: https://learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration,
 * .../keycredentialconfiguration
 */
interface CredentialRule {
  readonly restrictionType: string;
  readonly state?: string;
  readonly maxLifetime?: string | null;
  readonly restrictForAppsCreatedAfterDateTime?: string | null;
}

/** https://learn.microsoft.com/graph/api/resources/identifierurirestriction */
interface UriRule {
  readonly state?: string;
  readonly excludeAppsReceivingV2Tokens?: boolean;
  readonly restrictForAppsCreatedAfterDateTime?: string | null;
}

interface Restrictions {
  readonly passwordCredentials?: readonly CredentialRule[];
  readonly keyCredentials?: readonly CredentialRule[];
  readonly identifierUris?: Readonly<Record<string, UriRule | undefined>> | null;
}

/** What a tenant allows applications and users, as far as it could be read. */
export interface TenantPolicy {
  /** The restrictions of new applications; undefined where there are none. */
  readonly ofNewApps: Restrictions | undefined;
  /** Those of the sign-in application that is handed in. */
  readonly ofSignInApp: Restrictions | undefined;
  /** The policies under which users consent by themselves; undefined where they could not be read. */
  readonly userConsent: readonly string[] | undefined;
  /** Whether users without a role register applications; undefined where it could not be read. */
  readonly everybodyRegisters: boolean | undefined;
}

/** What of a stack's settings the tenant's policies are about. */
export type Judged = Pick<
  Settings,
  "identity" | "secretless" | "connections" | "secretLifetimeDays" | "singleSignOn" | "adminConsent" | "existing"
>;

/**
 * Reads the tenant's policies; undefined where the deployer may not: they want `Policy.Read.All`.
 * https://learn.microsoft.com/graph/api/tenantappmanagementpolicy-get, .../authorizationpolicy-get,
 * .../appmanagementpolicy-list-appliesto
 * @param signInApp client id of the application that is handed in
 */
export function readTenantPolicy(access: Access, signInApp: string | undefined): Promise<TenantPolicy | undefined> {
  return unlessRefused(policyOfTenant(access, signInApp), mayNot);
}

async function policyOfTenant(access: Access, signInApp: string | undefined): Promise<TenantPolicy> {
  const [standard, authorization, own] = await Promise.all([
    graphGet<{ isEnabled: boolean; applicationRestrictions?: Restrictions }>(
      access,
      "/policies/defaultAppManagementPolicy",
    ),
    graphGet<{
      defaultUserRolePermissions?: { permissionGrantPoliciesAssigned?: string[]; allowedToCreateApps?: boolean };
    }>(access, "/policies/authorizationPolicy"),
    signInApp === undefined ? undefined : policyOfApplication(access, signInApp),
  ]);
  const ofUsers = authorization?.defaultUserRolePermissions;
  const ofNewApps = standard?.isEnabled ? (standard.applicationRestrictions ?? {}) : undefined;
  return {
    ofNewApps,
    // An application's own policy takes the place of the tenant's, one that is switched off as well.
    ofSignInApp: own === undefined ? ofNewApps : own.isEnabled ? (own.restrictions ?? {}) : undefined,
    userConsent: ofUsers?.permissionGrantPoliciesAssigned,
    everybodyRegisters: ofUsers?.allowedToCreateApps,
  };
}

async function policyOfApplication(
  access: Access,
  clientId: string,
): Promise<{ isEnabled: boolean; restrictions?: Restrictions } | undefined> {
  const [application] = await withClientId<{ id: string }>(access, "applications", clientId);
  if (!application) return undefined;
  const policies = await graphGet<{ value: { isEnabled: boolean; restrictions?: Restrictions }[] }>(
    access,
    `/applications/${application.id}/appManagementPolicies`,
  );
  return policies?.value[0];
}

const what = "Tenant: its policies allow this stack's passwords, addresses and consent";

/** What is said where they could not be read. */
export function policiesUnread(because: string): Finding {
  return { what, state: "unsure", because };
}

/** Holds a stack against the tenant's policies. Each finding names the setting that fits. Pure. */
export function judgeTenant(policy: TenantPolicy | undefined, settings: Judged, stack: string, now: Date): Finding[] {
  if (policy === undefined) {
    const fix =
      "Where the tenant forbids passwords of applications, the deployment says so only at its first write: give Policy.Read.All, or ask its administrator.";
    return [{ what, state: "unsure", because: "you may not read them: Policy.Read.All", fix }];
  }
  const found = [
    ...passwords(policy, settings, stack, now),
    ...certificates(policy, settings, stack, now),
    ...addresses(policy, settings, stack, now),
    ...consent(policy, settings, stack),
  ];
  return found.length > 0 ? found : [{ what, state: "held" }];
}

/** The passwords that the deployment gives, by the application that gets one, and the setting that does without it. */
function wanted(settings: Judged, stack: string): { of: "bot" | "sign-in"; without: string }[] {
  const { identity, secretless } = settings;
  const through = withSecretless(settings.connections, secretless).filter(throughSignInApp);
  return [
    ...(identity === "secret" ? [{ of: "bot", without: botWithout(stack) } as const] : []),
    ...(through.some((one) => !one.secretless)
      ? [{ of: "sign-in", without: `pulumi config set secretless true --stack ${stack}` } as const]
      : []),
  ];
}

function passwords(policy: TenantPolicy, settings: Judged, stack: string, now: Date): Finding[] {
  return wanted(settings, stack).flatMap(({ of, without }): Finding[] => {
    const handedIn = of === "sign-in" && settings.existing?.signInApp !== undefined;
    const rules = ((handedIn ? policy.ofSignInApp : policy.ofNewApps)?.passwordCredentials ?? []).filter(
      (rule) => rule.state !== "disabled" && inForce(rule, now),
    );
    const application = `the ${of === "bot" ? "bot's" : "sign-in"} application`;
    if (rules.some(({ restrictionType }) => restrictionType === "passwordAddition")) {
      return [
        {
          what: `Tenant: ${application} may have a password`,
          state: "missing",
          because: "the policy for applications forbids new ones (passwordAddition)",
          fix: without,
        },
      ];
    }
    const longest = Math.min(
      ...rules.filter((rule) => rule.restrictionType === "passwordLifetime").map((rule) => daysIn(rule.maxLifetime)),
    );
    if (settings.secretLifetimeDays <= longest) return [];
    return [
      {
        what: `Tenant: a password of ${application} may live ${settings.secretLifetimeDays} days`,
        state: "missing",
        because: `the policy for applications allows ${longest} (passwordLifetime)`,
        fix: `pulumi config set secretLifetimeDays ${longest} --stack ${stack}; or do without: ${without}`,
      },
    ];
  });
}

/** A new bot has nothing to renew as a managed identity; one that has users stays the same bot with a certificate. */
const botWithout = (stack: string): string =>
  `pulumi config set identity managed --stack ${stack}; or for a bot that has users already, who would lose it: pulumi config set identity certificate --stack ${stack}`;

/** The bot's certificate is one that the vault signs by itself, and lives as long as secrets do. */
function certificates(policy: TenantPolicy, settings: Judged, stack: string, now: Date): Finding[] {
  if (settings.identity !== "certificate") return [];
  const rules = (policy.ofNewApps?.keyCredentials ?? []).filter(
    (rule) => rule.state !== "disabled" && inForce(rule, now),
  );
  const managed = `pulumi config set identity managed --stack ${stack}`;
  if (rules.some(({ restrictionType }) => restrictionType === "trustedCertificateAuthority")) {
    return [
      {
        what: "Tenant: the bot's application may have a certificate that is signed by itself",
        state: "missing",
        because: "the policy for applications trusts those of some authorities alone (trustedCertificateAuthority)",
        fix: managed,
      },
    ];
  }
  const longest = Math.min(
    ...rules.filter((rule) => rule.restrictionType === "asymmetricKeyLifetime").map((rule) => daysIn(rule.maxLifetime)),
  );
  if (settings.secretLifetimeDays <= longest) return [];
  return [
    {
      what: `Tenant: the bot's certificate may live ${settings.secretLifetimeDays} days`,
      state: "missing",
      because: `the policy for applications allows ${longest} (asymmetricKeyLifetime)`,
      fix: `pulumi config set secretLifetimeDays ${longest} --stack ${stack}; or do without: ${managed}`,
    },
  ];
}

/** Single sign-on gives the sign-in application `api://botid-<bot>`, which is neither of the two forms that always pass. */
function addresses(policy: TenantPolicy, settings: Judged, stack: string, now: Date): Finding[] {
  if (!settings.singleSignOn || !settings.connections.some(throughSignInApp)) return [];
  const handedIn = settings.existing?.signInApp !== undefined;
  const rules = Object.entries((handedIn ? policy.ofSignInApp : policy.ofNewApps)?.identifierUris ?? {});
  const [forbidding] = rules.filter(
    // The program's applications take tokens of version 2.
    ([, rule]) => rule && rule.state !== "disabled" && !rule.excludeAppsReceivingV2Tokens && inForce(rule, now),
  );
  if (!forbidding) return [];
  return [
    {
      what: "Tenant: the sign-in application may have the address of single sign-on, api://botid-<bot>",
      state: "missing",
      because: `the policy for applications forbids it (identifierUris.${forbidding[0]})`,
      fix: `pulumi config set singleSignOn false --stack ${stack}; or its administrator lets applications pass that receive v2 tokens (excludeAppsReceivingV2Tokens)`,
    },
  ];
}

function consent({ userConsent }: TenantPolicy, settings: Judged, stack: string): Finding[] {
  const asks = settings.connections.some(throughSignInApp) && !settings.adminConsent;
  if (!asks || userConsent === undefined) return [];
  const forThemselves = userConsent.filter((policy) => /^ManagePermissionGrantsForSelf\./i.test(policy));
  if (forThemselves.some((policy) => !/\.microsoft-user-default-low$/i.test(policy))) return [];
  return [
    {
      what: "Tenant: users may consent to what the connections ask for",
      // It may have been given already, and the deployment itself goes on.
      state: "unsure",
      because:
        forThemselves.length === 0
          ? "nobody but an administrator consents in this tenant: without him users meet Need admin approval"
          : "users consent by themselves only to permissions that an administrator has classified as low",
      fix: `pulumi config set adminConsent true --stack ${stack}; or an administrator opens the address that pulumi up prints`,
    },
  ];
}

function inForce(
  { restrictForAppsCreatedAfterDateTime: since }: Pick<CredentialRule, "restrictForAppsCreatedAfterDateTime">,
  now: Date,
): boolean {
  return !since || Date.parse(since) <= now.getTime();
}

/** Days in an ISO 8601 duration: `P90D`, `P1Y`, `P3M`. Endless where there is none, or one of another form. */
export function daysIn(duration: string | null | undefined): number {
  const found = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T[\dHMS.]+)?$/.exec(duration ?? "");
  if (!found) return Number.POSITIVE_INFINITY;
  const [years = 0, months = 0, weeks = 0, days = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return years * 365 + months * 30 + weeks * 7 + days;
}
