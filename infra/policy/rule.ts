import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type Environment, environmentOf, environments } from "../decisions/environment";

/** A resource as a rule sees it: what the program asked for, before anything is created. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  /** Pulumi's project and stack. */
  readonly project: string;
  readonly stack: string;
  /** `prod` also where nobody says what the stack is: the strictest rules are for it. */
  readonly environment: Environment;
  readonly protect: boolean;
  /**
   * The value at a path such as `siteConfig.minTlsVersion`; undefined where there is none. In the preview of a first
   * deployment some values are not known yet: reading one makes Pulumi skip the rule until it is.
   */
  at(path: string): unknown;
}

/** Azure's types, as Pulumi calls them, that the rules are about. */
export const types = {
  webApp: "azure-native:web:WebApp",
  scmLogin: "azure-native:web:WebAppScmAllowed",
  ftpLogin: "azure-native:web:WebAppFtpAllowed",
  storage: "azure-native:storage:StorageAccount",
  vault: "azure-native:keyvault:Vault",
  secret: "azure-native:keyvault:Secret",
  bot: "azure-native:botservice:Bot",
  connection: "azure-native:botservice:BotConnection",
  channel: "azure-native:botservice:Channel",
  directLineSite: "bot-sign-in:index:DirectLineSite",
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  applicationPassword: "azuread:index/applicationPassword:ApplicationPassword",
} as const;

/** What a rule finds wrong with a resource: one sentence each, with the cure. */
export type Check = (resource: Resource, config: Readonly<Record<string, unknown>>) => Iterable<string>;

export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly configSchema?: ResourceValidationPolicy["configSchema"];
  readonly check: Check;
}

/** What a project's setting `environment` says, as Pulumi hands it to a policy pack. */
export type SaidEnvironment = (project: string) => string | undefined;

/** A rule as Pulumi's policy pack takes it. */
export function policyOf({ check, ...rule }: Rule, said: SaidEnvironment): ResourceValidationPolicy {
  return {
    ...rule,
    validateResource(args: ResourceValidationArgs, report: ReportViolation) {
      const config = rule.configSchema ? args.getConfig<Record<string, unknown>>() : {};
      for (const violation of check(resourceOf(args, said), config)) report(violation);
    },
  };
}

/** A resource as a rule about the whole stack sees it, when the program has said all that it has to say. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URNs of the resources that it is made after. */
  readonly dependsOn: readonly string[];
}

/** A rule about what a stack must have; it gives what is wrong with which resource. */
export interface StackRule {
  readonly name: string;
  readonly description: string;
  check(resources: readonly StackResource[]): Iterable<{ readonly urn: string; readonly violation: string }>;
}

/** A rule about the whole stack as Pulumi's policy pack takes it. */
export function stackPolicyOf({ check, ...rule }: StackRule): StackValidationPolicy {
  return {
    ...rule,
    validateStack({ resources }, report) {
      const seen = resources.map(({ type, name, urn, dependencies }) => {
        return { type, name, urn, dependsOn: dependencies.map((one) => one.urn) };
      });
      for (const { urn, violation } of check(seen)) report(violation, urn);
    },
  };
}

function resourceOf({ type, name, urn, props, opts }: ResourceValidationArgs, said: SaidEnvironment): Resource {
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  const environment = environmentOf(
    stack,
    environments.find((one) => one === said(project)),
  );
  return {
    type,
    name,
    project,
    stack,
    environment: typeof environment === "string" ? environment : "prod",
    protect: opts.protect,
    at: (path) => path.split(".").reduce<unknown>(inner, props),
  };
}

function inner(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** What is wrong with properties that must have one value. */
export function* mustBe(resource: Resource, wanted: Readonly<Record<string, readonly unknown[]>>): Iterable<string> {
  for (const [path, allowed] of Object.entries(wanted)) {
    const seen = resource.at(path);
    if (!allowed.includes(seen)) {
      yield `${path} is ${JSON.stringify(seen) ?? "not set"}; set it to ${allowed.map((value) => JSON.stringify(value)).join(" or ")}.`;
    }
  }
}
