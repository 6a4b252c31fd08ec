import { randomUUID } from "node:crypto";
import type { LocalAzure } from "./azure";
import { quotaTiers } from "./app-service/quota";
import type { Restrictions } from "./entra/tenant-policies";
import { named } from "./switches";

/** A policy of a tenant or a subscription that a deployment can meet, set up by its name. */
export interface SeededPolicy {
  /** As `--policy` names it. */
  readonly name: string;
  /** What Azure does then. */
  readonly effect: string;
  apply(azure: LocalAzure): void;
}

/** One that restricts every application's credentials or identifier URIs. */
const restricted = (name: string, effect: string, change: Partial<Restrictions>): SeededPolicy => ({
  name,
  effect,
  apply({ entra: { policies } }) {
    const applicationRestrictions = { ...policies.default.applicationRestrictions, ...change };
    policies.default = { ...policies.default, isEnabled: true, applicationRestrictions };
  },
});
const always = { state: "enabled", restrictForAppsCreatedAfterDateTime: null } as const;

/** The policies that can be set up. Whatever offends is refused in Azure's words. */
export const seededPolicies: readonly SeededPolicy[] = [
  restricted("no-passwords", "Entra gives no application a password (CredentialTypeNotAllowedAsPerAppPolicy).", {
    passwordCredentials: [{ ...always, restrictionType: "passwordAddition", maxLifetime: null }],
  }),
  restricted(
    "short-passwords",
    "Entra gives no password that lives longer than 90 days (CredentialInvalidLifetimeAsPerAppPolicy).",
    {
      passwordCredentials: [{ ...always, restrictionType: "passwordLifetime", maxLifetime: "P90D" }],
    },
  ),
  restricted(
    "short-certificates",
    "Entra takes no certificate that lives longer than 90 days (CredentialInvalidLifetimeAsPerAppPolicy).",
    {
      keyCredentials: [{ ...always, restrictionType: "asymmetricKeyLifetime", maxLifetime: "P90D" }],
    },
  ),
  restricted(
    "plain-identifier-uris",
    "Entra takes no identifier URI but api://<app id>, for single sign-on neither (HostNameNotOnVerifiedDomain).",
    {
      identifierUris: { nonDefaultUriAddition: { ...always, excludeAppsReceivingV2Tokens: false } },
    },
  ),
  {
    name: "no-user-consent",
    effect: "Nobody but an administrator consents to anything (AADSTS90094).",
    apply: ({ entra }: LocalAzure): void => {
      entra.policies.authorization = { ...entra.policies.authorization, permissionGrantPoliciesAssigned: [] };
    },
  },
  {
    name: "no-basic-plans",
    effect:
      "The subscription has no quota for App Service's tiers Free, Shared and Basic (SubscriptionIsOverQuotaForSku).",
    apply: ({ appServiceQuota }: LocalAzure): void => {
      for (const tier of quotaTiers.slice(0, 3)) appServiceQuota.set(tier, 0);
    },
  },
  {
    name: "allowed-locations",
    effect: "An Azure Policy denies whatever is in another region than northeurope (RequestDisallowedByPolicy).",
    apply: ({ resources, tenant }: LocalAzure): void => {
      const scope = `/subscriptions/${tenant.subscriptionId}`;
      const definition = `${scope}/providers/Microsoft.Authorization/policyDefinitions/allowed-locations`;
      resources.set({
        id: definition,
        name: "allowed-locations",
        type: "Microsoft.Authorization/policyDefinitions",
        properties: {
          displayName: "Allowed locations",
          policyType: "Custom",
          mode: "Indexed",
          parameters: { listOfAllowedLocations: { type: "Array" } },
          policyRule: {
            if: {
              allOf: [
                { field: "location", notIn: "[parameters('listOfAllowedLocations')]" },
                { field: "location", notEquals: "global" },
                { field: "location", exists: "true" },
              ],
            },
            then: { effect: "deny" },
          },
        },
      });
      resources.set({
        id: `${scope}/providers/Microsoft.Authorization/policyAssignments/regions`,
        name: "regions",
        type: "Microsoft.Authorization/policyAssignments",
        properties: {
          displayName: "Regions of this company",
          policyDefinitionId: definition,
          scope,
          enforcementMode: "Default",
          parameters: { listOfAllowedLocations: { value: ["northeurope"] } },
        },
      });
    },
  },
  {
    name: "read-only-lock",
    effect: "A lock lets nobody write in the subscription (ScopeLocked).",
    apply: ({ resources, tenant }: LocalAzure): void => {
      const name = `frozen-${randomUUID().slice(0, 8)}`;
      resources.set({
        id: `/subscriptions/${tenant.subscriptionId}/providers/Microsoft.Authorization/locks/${name}`,
        name,
        type: "Microsoft.Authorization/locks",
        properties: { level: "ReadOnly", notes: "Nothing is changed before the audit." },
      });
    },
  },
];

/**
 * Sets a policy up by its name.
 * @throws CommandError which names those that there are
 */
export function applyPolicy(azure: LocalAzure, name: string): void {
  named(seededPolicies, "policy", name).apply(azure);
}
