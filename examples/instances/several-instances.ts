import type { ResourceTransform } from "@pulumi/pulumi";

/**
 * Runs the bot on several machines of its App Service plan. It keeps what it must remember in its storage account, so
 * that any of them can answer any message.
 * @param count from 1 to what the plan's tier allows: 3 for Basic, 10 for Standard, 30 for Premium
 */
export function severalInstances(count: number): ResourceTransform {
  return ({ type, props, opts }) =>
    type === "azure-native:web:AppServicePlan"
      ? { props: { ...props, sku: { ...(props["sku"] as object), capacity: count } }, opts }
      : undefined;
}
