import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { connectionsKnown, secretsByReference } from "./app-settings";
import { marks, prodProtected, secretsEnd, vaultKept } from "./keeping";
import { policyOf, type Rule, stackPolicyOf, type StackRule } from "./rule";
import { enhancedAuthentication, redirectAddresses, singleTenant } from "./sign-in";
import { basicAuthSwitchedOff, httpsOnly, noBasicAuth } from "./transport";

/** The rules about what a stack must have. */
export const stackRules: readonly StackRule[] = [basicAuthSwitchedOff];

/**
 * All rules about single resources, for one look at one stack: some remember what they saw of earlier resources.
 * @param now the time against which a secret's end is measured
 */
export function rules(now: () => Date): readonly Rule[] {
  return [
    secretsByReference,
    connectionsKnown(),
    httpsOnly,
    noBasicAuth,
    singleTenant,
    redirectAddresses(),
    enhancedAuthentication,
    vaultKept,
    secretsEnd(now),
    marks,
    prodProtected,
  ];
}

export function policies(now: () => Date): (ResourceValidationPolicy | StackValidationPolicy)[] {
  return [...rules(now).map(policyOf), ...stackRules.map(stackPolicyOf)];
}
