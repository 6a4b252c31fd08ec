import type { BotIdentityKind } from "../../infra/settings/environment";
import { covers } from "./roles";
import type { ExistingSettings } from "../../infra/settings/existing";

/** A step of a deployment, and what it needs at a scope. */
export interface Need {
  readonly what: string;
  readonly actions: readonly string[];
  readonly dataActions?: readonly string[];
  /** The built-in role that fixes it. */
  readonly fix: string;
}

const contributor = "Contributor";

/** What the program writes with ARM. https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations */
export const needs: readonly Need[] = [
  {
    what: "make the resource group",
    actions: ["Microsoft.Resources/subscriptions/resourceGroups/write"],
    fix: contributor,
  },
  {
    what: "make the bot, its connections and channels",
    actions: [
      "botServices/write",
      "botServices/connections/write",
      "botServices/channels/write",
      "botServices/channels/listchannelwithkeys/action",
    ].map((action) => `Microsoft.BotService/${action}`),
    fix: contributor,
  },
  {
    what: "make the web app",
    actions: ["serverfarms/write", "sites/write", "sites/config/write", "sites/publish/action"].map(
      (action) => `Microsoft.Web/${action}`,
    ),
    fix: contributor,
  },
  {
    what: "make the vault and its secrets",
    actions: ["Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/secrets/write"],
    fix: contributor,
  },
  {
    what: "make the managed identity and give it to the web app",
    actions: ["write", "assign/action"].map((action) => `Microsoft.ManagedIdentity/userAssignedIdentities/${action}`),
    fix: contributor,
  },
  {
    what: "make the storage of the turn state",
    actions: [
      "Microsoft.Storage/storageAccounts/write",
      "Microsoft.Storage/storageAccounts/blobServices/containers/write",
      "Microsoft.Storage/storageAccounts/managementPolicies/write",
    ],
    fix: contributor,
  },
  {
    what: "collect the logs",
    actions: ["Microsoft.OperationalInsights/workspaces/write", "Microsoft.Insights/diagnosticSettings/write"],
    fix: contributor,
  },
  {
    what: "give the managed identity its roles",
    actions: ["Microsoft.Authorization/roleAssignments/write"],
    fix: "Role Based Access Control Administrator",
  },
];

/** What is needed besides where the bot proves itself by a certificate: not even an owner reaches what a vault holds. */
export const certificateNeed: Need = {
  what: "make the bot's certificate in the vault",
  actions: [],
  dataActions: ["create/action", "read", "delete", "recover/action"].map(
    (action) => `Microsoft.KeyVault/vaults/certificates/${action}`,
  ),
  fix: "Key Vault Certificates Officer",
};

/** The built-in roles that together hold all that a deployment needs at its subscription. */
export function deployerRoles(identity: BotIdentityKind, existing: ExistingSettings = {}): readonly string[] {
  const inOwnVault = identity === "certificate" && existing.vault === undefined ? [certificateNeed] : [];
  return [...new Set([...needs, ...inOwnVault].map(({ fix }) => fix))];
}

/** Actions that only the making of a thing needs, which is not made where it is handed in. */
export const making: Readonly<Partial<Record<keyof ExistingSettings, readonly string[]>>> = {
  resourceGroup: ["Microsoft.Resources/subscriptions/resourceGroups/write"],
  vault: ["Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/secrets/write"],
  plan: ["Microsoft.Web/serverfarms/write"],
  workspace: ["Microsoft.OperationalInsights/workspaces/write"],
};

/** What is needed at a thing that is handed in, whatever group it is in. */
export const needsAt: Readonly<Partial<Record<keyof ExistingSettings, readonly Need[]>>> = {
  vault: [
    {
      what: "keep the bot's secrets in the vault",
      actions: ["Microsoft.KeyVault/vaults/secrets/write"],
      fix: "Key Vault Contributor",
    },
    {
      what: "let the managed identity read them there",
      actions: ["Microsoft.Authorization/roleAssignments/write"],
      fix: "Role Based Access Control Administrator",
    },
    {
      // A destroy takes them out again, and the next up brings them back from the bin.
      what: "take the bot's secrets out of the vault again",
      actions: [],
      dataActions: ["delete", "readMetadata/action", "recover/action"].map(
        (action) => `Microsoft.KeyVault/vaults/secrets/${action}`,
      ),
      fix: "Key Vault Secrets Officer",
    },
  ],
  plan: [
    {
      what: "put a web app on the plan",
      actions: ["Microsoft.Web/serverfarms/join/action"],
      fix: "Website Contributor",
    },
  ],
  workspace: [
    {
      what: "send logs to the workspace",
      actions: ["Microsoft.OperationalInsights/workspaces/sharedKeys/action"],
      fix: "Log Analytics Contributor",
    },
  ],
};

/**
 * The built-in roles that a deployment needs at what it was handed, besides {@link deployerRoles} at its own subscription:
 * those allow nothing inside a vault, and nothing in another subscription. Pure.
 */
export function rolesAtExisting(
  identity: BotIdentityKind,
  existing: ExistingSettings,
  subscriptionId: string,
): readonly { readonly role: string; readonly scope: string }[] {
  const within = `/subscriptions/${subscriptionId}`;
  return Object.entries(needsAt).flatMap(([setting, all]) => {
    const scope = existing[setting as keyof ExistingSettings];
    if (scope === undefined) return [];
    const more = setting === "vault" && identity === "certificate" ? [certificateNeed] : [];
    const lacking = [...all, ...more].filter(({ dataActions }) => dataActions !== undefined || !covers(within, scope));
    return [...new Set(lacking.map(({ fix }) => fix))].map((role) => ({ role, scope }));
  });
}
