import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Finding, findings } from "./check";
import { type Config, exceptionSchema, howToAllow, isAllowed } from "./exceptions";
import { type Resource, resourceOf, type Said } from "./resource";
import { type RuleName, ruleNames } from "./rules";
import type { SetUp } from "./set-up";

type Schema = NonNullable<ResourceValidationPolicy["configSchema"]>["properties"];

/** Settings that a rule has besides what it lets pass. */
const settings: Partial<Record<RuleName, Schema>> = {
  "secrets-end": { maximumDays: { type: "integer", minimum: 1, maximum: 730, default: 180 } },
};

/** A rule about single resources, as Pulumi's policy pack takes it. */
export function policyOf(rule: RuleName, setUp: SetUp, now: () => Date, said: Said): ResourceValidationPolicy {
  return {
    name: rule,
    description: ruleNames[rule],
    configSchema: { properties: { ...exceptionSchema, ...settings[rule] } },
    validateResource(args, report) {
      const resource = resourceOf(args, said);
      const config = args.getConfig<Config>();
      setUp.hear(said(resource.project));
      setUp.learn(resource);
      setUp.configs.set(rule, config);
      if (!setUp.holds(resource)) return;
      setUp.tookUp(rule, resource.urn);
      for (const finding of findings(rule, { resource, setUp, config, now: now() })) {
        const violation = violationOf(rule, resource, finding, config);
        if (violation !== undefined) report(violation);
      }
    },
  };
}

/** What a person reads of a finding, with how to allow it; undefined where it is allowed. */
export function violationOf(
  rule: string,
  { type, name }: Pick<Resource, "type" | "name">,
  { field, value, sentence }: Finding,
  { allow = [] }: Config,
): string | undefined {
  if (isAllowed(allow, { type, name }, field, value)) return undefined;
  // The narrowest exception.
  return `${sentence} ${howToAllow(rule, { type, name, field, ...(value === undefined ? {} : { value }) })}`;
}
