import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { connectionsKnown, secretsByReference } from "./app-settings";
import { marks, prodProtected, secretsEnd, vaultKept } from "./keeping";
import { policyOf, type Rule, type SaidEnvironment, stackPolicyOf, type StackRule } from "./rule";
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

/**
 * The pack.
 * @param now the time against which a secret's end is measured
 * @param said what the setting `environment` says; where it says nothing, the stack's name does
 */
export function policies(
  now: () => Date,
  said: SaidEnvironment = () => undefined,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  return [...rules(now).map((rule) => policyOf(rule, said)), ...stackRules.map(stackPolicyOf)];
}
