import { plainType } from "../../infra/facts/azure-native";
import { OpsError } from "../cli/ops-error";
import type { StateResource } from "./state";

/** What may be in a vault of others, which may be in another subscription. */
const elsewhere = ["azure-native:keyvault:Secret", "azure-native:authorization:RoleAssignment"];

/** The subscription that a state's resources are in, or that the environment names. Throws an OpsError where neither tells. */
export function subscriptionOf(
  resources: readonly Pick<StateResource, "id" | "type">[],
  { ARM_SUBSCRIPTION_ID, AZURE_SUBSCRIPTION_ID }: Readonly<Record<string, string | undefined>>,
): string {
  const own = resources.filter(({ type }) => !elsewhere.includes(plainType(type)));
  const inState = own.map(({ id }) => /^\/subscriptions\/([^/]+)/.exec(id ?? "")?.[1]).find(Boolean);
  const subscription = inState ?? (ARM_SUBSCRIPTION_ID || AZURE_SUBSCRIPTION_ID);
  if (subscription) return subscription;
  throw subscriptionUnknown("No subscription is named");
}

/** The error of whoever has not said a subscription, with the command that names the one of the Azure CLI. */
export function subscriptionUnknown(cause: string): OpsError {
  const fix = 'export ARM_SUBSCRIPTION_ID="$(az account show --query id --output tsv)"';
  return new OpsError("subscription-unknown", cause, fix);
}
