import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Finding, findings } from "./check";
import { type Exception, exceptionSchema, howToAllow, isAllowed } from "./exceptions";
import { type Resource, resourceOf, type SaidEnvironment } from "./resource";
import { type RuleName, ruleNames } from "./rules";
import type { SetUp } from "./set-up";

type Schema = NonNullable<ResourceValidationPolicy["configSchema"]>["properties"];

/** Settings that a rule has besides what it lets pass. */
const settings: Partial<Record<RuleName, Schema>> = {
  "secrets-end": { maximumDays: { type: "integer", minimum: 1, maximum: 730, default: 180 } },
};

/** A rule about single resources, as Pulumi's policy pack takes it. */
export function policyOf(
  rule: RuleName,
  setUp: SetUp,
  now: () => Date,
  said: SaidEnvironment,
): ResourceValidationPolicy {
  return {
    name: rule,
    description: ruleNames[rule],
    configSchema: { properties: { ...exceptionSchema, ...settings[rule] } },
    validateResource(args, report) {
      const resource = resourceOf(args, said);
      setUp.learn(resource);
      if (!setUp.holds(resource)) return;
      setUp.judged.add(resource.urn);
      const config = args.getConfig<Record<string, unknown>>();
      for (const sentence of violations(rule, { resource, setUp, config, now: now() })) report(sentence);
    },
  };
}

/** What is wrong and not allowed, each with how to allow it. */
export function* violations(rule: RuleName, context: Parameters<typeof findings>[1]): Iterable<string> {
  const { resource, config } = context;
  for (const finding of findings(rule, context)) {
    if (isAllowed((config["allow"] ?? []) as Exception[], resource, finding.field, finding.value)) continue;
    yield `${finding.sentence} ${howToAllow(rule, exceptionOf(resource, finding))}`;
  }
}

/** The narrowest exception that lets a finding pass. */
function exceptionOf({ type, name }: Resource, { field, value }: Finding): Exception {
  return { type, name, field, ...(value === undefined ? {} : { value }) };
}
