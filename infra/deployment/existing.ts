import type { Input } from "@pulumi/pulumi";

/** What is there already and is handed in: it is used, and neither changed nor deleted. */
export interface Existing {
  /** Name of a resource group in the subscription of the deployment. */
  readonly resourceGroup?: Input<string>;
  /** ARM id of a Key Vault that asks for roles (RBAC). The bot's secrets are kept in it under names of their own. */
  readonly vault?: Input<string>;
  /** ARM id of an App Service plan for Linux in the location of the deployment. */
  readonly plan?: Input<string>;
  /** ARM id of a Log Analytics workspace. */
  readonly workspace?: Input<string>;
  /** Client id of the application through which users sign in. It gets a password; all else of it is only looked at. */
  readonly signInApp?: Input<string>;
  /** Client id of the application that the bot is. It gets passwords; all else of it is only looked at. */
  readonly botApp?: Input<string>;
  /** ARM id of the managed identity that the bot is, in place of an application. */
  readonly botIdentity?: Input<string>;
  /** Where a bot that is hosted elsewhere takes activities; then no web app, no turn state and no code is made. */
  readonly endpoint?: Input<string>;
}

export const existingKinds = [
  "resourceGroup",
  "vault",
  "plan",
  "workspace",
  "signInApp",
  "botApp",
  "botIdentity",
  "endpoint",
] as const;
export type ExistingKind = (typeof existingKinds)[number];

export const idTypes = {
  vault: "Microsoft.KeyVault/vaults",
  plan: "Microsoft.Web/serverfarms",
  workspace: "Microsoft.OperationalInsights/workspaces",
  botIdentity: "Microsoft.ManagedIdentity/userAssignedIdentities",
} as const;
export type ExistingById = keyof typeof idTypes;

/** The parts of an ARM id of that kind. Throws a RangeError that says which form was expected. */
export function partsOf(kind: ExistingById, id: string): { resourceGroupName: string; name: string } {
  const [, resourceGroupName, provider, type, name] =
    /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)$/i.exec(id) ?? [];
  if (!resourceGroupName || !name || `${provider}/${type}`.toLowerCase() !== idTypes[kind].toLowerCase()) {
    throw new RangeError(
      `existing.${kind} is ${JSON.stringify(id)}. Give its ARM id: ` +
        `/subscriptions/<id>/resourceGroups/<group>/providers/${idTypes[kind]}/<name>`,
    );
  }
  return { resourceGroupName, name };
}

/** What an existing sign-in app shows of itself, as azuread reads it. */
export interface FoundApplication {
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** Ids of the delegated permissions that it asks for, of every API. */
  readonly permissionIds: readonly string[];
}

/**
 * What an existing sign-in app lacks, in one sentence each; empty where users can sign in through it.
 * @param wanted the redirect address, and the ids of the permissions by what they are called, see `permissionTexts`
 */
export function lackingOf(
  found: FoundApplication,
  wanted: { readonly redirectAddress: string; readonly permissions: Readonly<Record<string, string>> },
): string[] {
  const missing = Object.entries(wanted.permissions).filter(([, id]) => !found.permissionIds.includes(id));
  return [
    ...(found.redirectUris.includes(wanted.redirectAddress)
      ? []
      : [`its redirect addresses lack ${wanted.redirectAddress} (Authentication, Web)`]),
    ...(missing.length === 0
      ? []
      : [`it does not ask for ${missing.map(([called]) => called).join(", ")} (API permissions)`]),
  ];
}
