import { plainType } from "../../infra/facts/azure-native";
import type { StateResource } from "../pulumi/state";
import { kindOf } from "../pulumi/type-name";
import { assumedUse, priceList } from "./prices";

/** What one resource costs a month. */
export interface CostPart {
  /** `App Service plan B1` */
  readonly what: string;
  /** US dollars, list price. */
  readonly monthly: number;
  /** What it is counted from. */
  readonly counted: string;
}

/** An estimate at list price; see {@link priceList} for its region and date. */
export interface Cost {
  readonly monthly: number;
  /** The dearest first. */
  readonly parts: readonly CostPart[];
  /** Resources of a size that has no price in the list. */
  readonly unknown: readonly string[];
}

type Pricing = (sku: string, capacity: number) => CostPart | undefined;

const pricings: Readonly<Record<string, Pricing>> = {
  "azure-native:web:AppServicePlan": (sku, capacity) => {
    const hour = Object.entries(priceList.planHour).find(([size]) => size === sku)?.[1];
    if (hour === undefined) return undefined;
    const counted = `${priceList.hoursOfMonth} hours${capacity > 1 ? ` of ${capacity} instances` : ""}`;
    return { what: `App Service plan ${sku}`, monthly: hour * priceList.hoursOfMonth * capacity, counted };
  },
  "azure-native:botservice:Bot": (sku) => {
    const price = Object.entries(priceList.botMessages).find(([size]) => size === sku)?.[1];
    if (price === undefined) return undefined;
    const monthly = (price * assumedUse.botMessages) / 1_000;
    return { what: `Azure Bot ${sku}`, monthly, counted: `${number(assumedUse.botMessages)} messages` };
  },
  "azure-native:keyvault:Vault": () => ({
    what: "Key Vault",
    monthly: (priceList.vaultOperations * assumedUse.vaultOperations) / 10_000,
    counted: `${number(assumedUse.vaultOperations)} operations`,
  }),
  "azure-native:storage:StorageAccount": (sku) => ({
    what: `storage account ${sku}`,
    monthly: priceList.storageGigabyte * assumedUse.storageGigabytes,
    counted: `${assumedUse.storageGigabytes} GB`,
  }),
  "azure-native:operationalinsights:Workspace": () => ({
    what: "log workspace",
    monthly: priceList.logGigabyte * assumedUse.logGigabytes,
    counted: `${assumedUse.logGigabytes} GB`,
  }),
};

/** What the resources of a state cost a month; those without a price of their own (identities, channels) cost nothing. */
export function costOf(resources: readonly StateResource[]): Cost {
  const parts: CostPart[] = [];
  const unknown: string[] = [];
  for (const { type, inputs, custom } of resources) {
    const pricing = custom ? pricings[plainType(type)] : undefined;
    if (!pricing) continue;
    const { name = "", capacity = 1 } = (inputs?.sku ?? {}) as { name?: string; capacity?: number };
    const part = pricing(name, capacity);
    if (part) parts.push({ ...part, monthly: cents(part.monthly) });
    else unknown.push(`${kindOf(type)} ${name}`);
  }
  parts.sort((one, other) => other.monthly - one.monthly);
  return { monthly: cents(parts.reduce((sum, { monthly }) => sum + monthly, 0)), parts, unknown };
}

/** `$12.71` */
export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** What to say below every estimate. */
export const estimateNote = `Cost: estimate for a whole month at list prices of ${priceList.region} on ${priceList.date}, in US dollars.`;

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
