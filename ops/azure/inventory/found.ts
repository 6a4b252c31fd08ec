import type { Deployment, Tags } from "../../../infra/deployment/tags";

/** What a preview leaves in Azure and Entra, in the order in which a receipt shows it; the title is the receipt's. */
export const itemKinds = {
  "resource group": "Resource group",
  resource: "Resources in it",
  "resource elsewhere": "Tagged resources elsewhere",
  "secret elsewhere": "Tagged secrets in vaults elsewhere",
  "password elsewhere": "Passwords at applications of others",
  "role assignment": "Role assignments outside the group",
  deployment: "Deployment records of the subscription",
  application: "Applications",
  "service principal": "Service principals",
  grant: "Permission grants",
  "deleted application": "Deleted applications (30 days in Entra's bin)",
  "deleted service principal": "Deleted service principals (30 days in Entra's bin)",
  "deleted vault": "Deleted vaults, with their secrets",
  "deleted workspace": "Deleted log workspaces (14 days)",
  "deleted web app": "Deleted web apps (30 days)",
  "deleted storage account": "Deleted storage accounts (14 days)",
} as const;

export type ItemKind = keyof typeof itemKinds;

/** What works and costs, in contrast to what lies in a bin or in a history. */
export const livingKinds: readonly ItemKind[] = ["resource group", "resource", "application", "service principal"];

/** One thing that Azure or Entra holds. */
export interface InventoryItem {
  readonly kind: ItemKind;
  /** ARM's id, or the object id in Entra. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** The tags that it carries itself; none where Azure keeps none of such a thing. */
  readonly tags: Tags;
  /** `Microsoft.KeyVault/vaults`; ARM's alone. */
  readonly type?: string | undefined;
  readonly location?: string | undefined;
  /** Name of the resource group that it is in, or was. */
  readonly group?: string | undefined;
  /** ARM id that a deleted thing had; those in bins alone. */
  readonly was?: string | undefined;
  /** Client id; Entra's alone. */
  readonly appId?: string | undefined;
  /** The principal of a grant. */
  readonly principal?: string | undefined;
  /** When Azure forgets it by itself: ISO date and time. */
  readonly until?: string | undefined;
  /** Nobody can remove it before that. */
  readonly kept?: boolean;
}

/** What was found, and what could not be asked. */
export interface Found {
  readonly items: readonly InventoryItem[];
  /** Kinds that Azure did not tell, with its words. They count as left, because nobody knows. */
  readonly untold: readonly { readonly kind: ItemKind; readonly why: string }[];
  /** Object ids of every principal that was ever seen: grants and role assignments are found by them alone. */
  readonly principals: readonly string[];
  /** ARM ids, in small letters, of every tagged resource that was ever seen outside the stack's own groups. */
  readonly elsewhere: readonly string[];
  /** ARM ids of the vaults elsewhere in which it has a role or a secret. */
  readonly vaults: readonly string[];
  /** Names of the resource groups that are its own, whether there is one or not. */
  readonly groups: readonly string[];
}

/** Where nothing was looked for yet. */
export const nothingFound: Found = {
  items: [],
  untold: [],
  principals: [],
  elsewhere: [],
  vaults: [],
  groups: [],
};

/** Whether tags say that something belongs to a stack. */
export function belongsTo(tags: Tags, { project, stack }: Deployment): boolean {
  return tags["project"] === project && tags["stack"] === stack;
}

/** ARM id of the vault in the id of what is in or on it. */
export function vaultOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.keyvault\/vaults\/[^/]+/i.exec(id)?.[0];
}

/** Name of the resource group in an ARM id. */
export function groupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(id)?.[1];
}

/** Whether one of these is the same name. */
export function among(names: readonly string[], name: string | undefined): boolean {
  return names.some((one) => same(one, name));
}

/** Names and ids of Azure are the same in any case. */
export function same(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}
