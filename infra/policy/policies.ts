import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Said } from "./resource";
import { policyOf } from "./rule";
import { type RuleName, ruleNames } from "./rules";
import { SetUp } from "./set-up";
import { stackPolicyOf, stackRules } from "./stack";

/**
 * All policies, for one run of the engine: together they remember what they have seen of the set-up.
 * @param now the time against which a secret's end is measured
 * @param said what the stack's file says: its environment (else the stack's name does), what is handed in, app settings
 */
export function policies(
  now: () => Date,
  said: Said = () => ({}),
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const setUp = new SetUp();
  return [
    ...(Object.keys(ruleNames) as RuleName[]).map((rule) => policyOf(rule, setUp, now, said)),
    ...stackRules.map((rule) => stackPolicyOf(rule, setUp, now)),
  ];
}
