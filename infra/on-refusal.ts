import { setTimeout as wait } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { isAzureNative } from "./facts/azure-native";
import { takingDown } from "./deployment/taking-down";
import { fixOfError, waitBeforeNextTry } from "./azure/refusal";

/**
 * Option of a component for everything of azure-native and azuread in it: a refusal that passes is waited out, and any
 * other is followed by a warning that names what fixes it. Azure's own words name resource and cause and stay the error.
 * https://www.pulumi.com/docs/iac/concepts/options/hooks/
 * @param name of the component: a stack knows a hook by its name
 */
export function waitOutOrFix(name: string): pulumi.ResourceTransformation {
  if (!takesErrorHooks()) return () => undefined;
  const hook = new pulumi.ErrorHook(`${name}-azure-refusal`, async ({ name, type, failedOperation, errors }) => {
    const pause = waitBeforeNextTry(type, failedOperation, errors);
    if (pause !== undefined) {
      await wait(pause);
      return true;
    }
    const stack = pulumi.getStack();
    const fix = fixOfError(errors[0] ?? "", failedOperation, { stack, takeDown: takingDown(stack) });
    if (fix) await pulumi.log.warn(`${name} (${type}): ${fix}`);
    return false;
  });
  return ({ type, props, opts }) =>
    isAzureNative(type) || type.startsWith("azuread:")
      ? { props, opts: pulumi.mergeOptions(opts, { hooks: { onError: [hook] } }) }
      : undefined;
}

/** Pulumi's own mocks say that they take error hooks, and fail at the first one. */
function takesErrorHooks(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerErrorHook?: unknown } | undefined;
  return typeof monitor?.registerErrorHook === "function";
}
