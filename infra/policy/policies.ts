import type { ResourceValidationPolicy } from "@pulumi/policy";
import { connectionsKnown, secretsByReference } from "./app-settings";
import { marks, prodProtected, secretsEnd, vaultKept } from "./keeping";
import { policyOf, type Rule } from "./rule";
import { enhancedAuthentication, redirectAddresses, singleTenant } from "./sign-in";
import { httpsOnly, noBasicAuth } from "./transport";

/**
 * All rules, for one look at one stack: some remember what they saw of earlier resources.
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

export function policies(now: () => Date): ResourceValidationPolicy[] {
  return rules(now).map(policyOf);
}
