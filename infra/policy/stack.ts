import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import type { ExistingKind } from "../deployment/existing";
import { plainType } from "../facts/azure-native";
import { entraServiceName, providerWithId } from "../connections/providers";
import { couldBeSecret, looksSecret } from "../settings/plain-secrets";
import { type Finding, findings } from "./check";
import { connectionsOf } from "./connections";
import { type Config, exceptionSchema } from "./exceptions";
import { at, type Inputs, plain, textsOf } from "./resource";
import { violationOf } from "./rule";
import type { RuleName } from "./rules";
import { secretIn, type SetUp } from "./set-up";
import { declaredIn, mayConsentTo, notAskedFor } from "./asked-permissions";
import { types } from "./types";

/** A resource as it stands when the program has said all that it has to say. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** What Azure answered, or in a preview what is known of it. */
  readonly outputs: Inputs;
  /** URNs of the resources that it is made after. */
  readonly dependsOn: readonly string[];
  /** By input, those of them that the input's value comes from. */
  readonly refersTo: Readonly<Record<string, readonly string[]>>;
}

/** The whole stack, and what is known of the set-up in it. */
export interface Stack {
  readonly resources: readonly StackResource[];
  readonly setUp: SetUp;
  readonly now: Date;
}

export interface StackFinding extends Finding {
  readonly resource: Pick<StackResource, "type" | "name" | "urn">;
  /**
   * The rule under which it is allowed, where that is one about single resources: whether that one sees it or this depends
   * on what the program registers first, and an exception must not.
   */
  readonly rule?: RuleName;
}

/** A rule about what a stack must have, and about what only the whole of it shows. */
export interface StackRule {
  readonly name: string;
  readonly description: string;
  check(stack: Stack): Iterable<StackFinding>;
}

/** What has to switch each of the two off: Azure makes every web app with both on. */
const publishingLogins = { [types.scmLogin]: "of its deployment service", [types.ftpLogin]: "of FTP" };

const basicAuthSwitchedOff: StackRule = {
  name: "basic-auth-switched-off",
  description: "Every web app has a resource for each publishing password that switches it off.",
  *check({ resources, setUp }) {
    for (const resource of membersOf(types.webApp, resources, setUp)) {
      for (const [login, of] of Object.entries(publishingLogins)) {
        if (follows(login, resource, resources)) continue;
        const sentence = `Nothing switches off the publishing password ${of}; give ${resource.name} a ${login} with allow: false.`;
        yield { resource, field: login, sentence };
      }
    }
  },
};

/** The sites of an adopted bot's channels belong to the pages that chat by them, and stay as they are. */
function hasOwnSites(setUp: SetUp): boolean {
  return !setUp.isAdopted;
}

/** What a thing is open or blind without, as a row each. */
const companions: readonly {
  readonly of: string;
  readonly type: string;
  /** What does as well. */
  readonly orElse?: string;
  readonly without: string;
  /** Whether it has to be there; always where it says nothing. */
  readonly when?: (setUp: SetUp) => boolean;
}[] = [
  {
    of: types.bot,
    type: types.directLineSite,
    without: "Direct Line stays open to every page of the web",
    when: hasOwnSites,
  },
  { of: types.bot, type: types.webChatSite, without: "Web Chat's default site stays open", when: hasOwnSites },
  { of: types.connection, type: types.connectionCheck, without: "nobody reads back what Bot Service made of it" },
  { of: types.storage, type: types.lifecycle, without: "what users asked for stays for ever" },
  { of: types.vault, type: types.diagnosticSetting, without: "nobody sees who read a secret" },
  {
    of: types.webApp,
    type: types.deployedCode,
    orElse: types.broughtCode,
    without: "whoever deploys it otherwise decides what runs",
  },
];

const nothingLeftOut: StackRule = {
  name: "nothing-left-out",
  description: "What closes, checks or records something is there with it.",
  *check({ resources, setUp }) {
    for (const { of, type, orElse = type, without, when = () => true } of companions) {
      if (!when(setUp)) continue;
      for (const resource of membersOf(of, resources, setUp)) {
        if ([type, orElse].some((one) => follows(one, resource, resources))) continue;
        yield { resource, field: type, sentence: `${resource.name} has no ${type}, and ${without}; give it one.` };
      }
    }
  },
};

/** What has to be the set-up's own, whoever writes it: by the value where it is known, else by where it comes from. */
const owned: readonly {
  readonly type: string;
  readonly field: string;
  readonly owner: readonly string[];
  readonly output: string;
  /** Of which of them it is asked; of all where it says nothing. */
  readonly when?: (inputs: Inputs | undefined) => boolean;
}[] = [
  { type: types.roleAssignment, field: "principalId", owner: [types.identity], output: "principalId" },
  {
    type: types.bot,
    field: "properties.msaAppId",
    owner: [types.application, types.servicePrincipal, types.identity],
    output: "clientId",
  },
  {
    type: types.connection,
    field: "properties.clientId",
    owner: [types.application, types.servicePrincipal],
    output: "clientId",
    // At another provider somebody has registered the application.
    when: (inputs) => providerWithId(String(at(inputs, "properties.serviceProviderId")))?.name === entraServiceName,
  },
  { type: types.applicationPassword, field: "applicationId", owner: [types.application], output: "objectId" },
  { type: types.applicationCertificate, field: "applicationId", owner: [types.application], output: "objectId" },
  { type: types.applicationCertificate, field: "value", owner: [types.vaultCertificate], output: "certificate" },
  { type: types.federatedCredential, field: "applicationId", owner: [types.application], output: "objectId" },
  { type: types.identifierUri, field: "applicationId", owner: [types.application], output: "objectId" },
  { type: types.preAuthorized, field: "applicationId", owner: [types.application], output: "objectId" },
];

const ownIdentity: StackRule = {
  name: "own-identity",
  description: "Rights, bot and connections are given to the set-up's own identity and applications.",
  *check({ resources, setUp }) {
    for (const { type, field, owner, output, when = () => true } of owned) {
      const owners = owner.flatMap((one) => membersOf(one, resources, setUp));
      const known = owners.map((one) => at(one.outputs, output)).filter((value) => typeof value === "string");
      for (const resource of membersOf(type, resources, setUp)) {
        const inputs = setUp.inputsOf(resource.urn);
        if (!when(inputs)) continue;
        const value = at(inputs, field);
        const from = resource.refersTo[field.split(".")[0]!] ?? [];
        const own =
          typeof value === "string" && known.length > 0
            ? known.includes(value.replace(/^\/applications\//, ""))
            : owners.some(({ urn }) => from.includes(urn));
        if (own || isOfHandedIn(resource, value, setUp)) continue;
        yield {
          resource,
          field,
          sentence: `${field} is not that of ${owner.join(" or ")} of the set-up; refer to it.`,
        };
      }
    }
  },
};

const permissionsAsked: StackRule = {
  name: "permissions-asked-for",
  description: "Applications declare, and administrators consent to, what the connections ask for and nothing else.",
  *check({ resources, setUp }) {
    const connections = connectionsOf(setUp);
    // As long as no web app says what the bot asks for.
    if (connections === undefined) return;
    for (const resource of membersOf(types.application, resources, setUp)) {
      const field = "requiredResourceAccesses";
      for (const { resourceAppId, ids } of declaredIn(at(setUp.inputsOf(resource.urn), field))) {
        const surplus = notAskedFor(connections, resourceAppId, ids);
        if (surplus.length === 0) continue;
        const sentence = `${field} has ${surplus.join(", ")} of ${resourceAppId}, which no connection asks for; leave it out.`;
        yield { resource, field, sentence };
      }
    }
    for (const resource of membersOf(types.grant, resources, setUp)) {
      const claims = at(setUp.inputsOf(resource.urn), "claimValues");
      for (const value of Array.isArray(claims) ? claims : []) {
        if (typeof value !== "string" || mayConsentTo(connections, value)) continue;
        const sentence = `claimValues has ${value}, which no connection asks for; leave it out.`;
        yield { resource, field: "claimValues", value, sentence };
      }
    }
  },
};

/**
 * Whether it is the handed-in applications' or identity's: bot and connection by the id, two passwords of each, whose object id the
 * pack does not know, by the component below which they stand.
 */
function isOfHandedIn({ type, urn }: StackResource, value: unknown, setUp: SetUp): boolean {
  const isIt = (kind: ExistingKind, id: unknown): boolean =>
    setUp.handedIn(kind) !== undefined && String(id).toLowerCase() === setUp.handedIn(kind);
  if (type === types.connection) return isIt("signInApp", value);
  if (type === types.bot) {
    return isIt("botApp", value) || isIt("botIdentity", at(setUp.inputsOf(urn), "properties.msaAppMSIResourceId"));
  }
  if (type !== types.applicationPassword && type !== types.federatedCredential) return false;
  const below = components.find(({ component }) => urn.includes(`${component}$`));
  if (below === undefined || setUp.handedIn(below.kind) === undefined) return false;
  const passwords = setUp.members.filter(
    (one) => one.type === types.applicationPassword && one.urn.includes(`${below.component}$`),
  );
  return type === types.federatedCredential ? below.kind === "signInApp" : passwords.length <= 2;
}

/** The components that look at what is handed in. */
const components: readonly { readonly component: string; readonly kind: ExistingKind }[] = [
  { component: "bot-sign-in:infra:ExistingSignInApp", kind: "signInApp" },
  { component: "bot-sign-in:infra:ExistingBotApp", kind: "botApp" },
];

/** Where something of a password may go on to: into the vault, the connection, and what is kept of the password itself. */
const keepsSecrets = new Set<string>(Object.keys(secretIn));

const secretsStay: StackRule = {
  name: "secrets-stay",
  description: "Passwords go into the vault and the connections, and nowhere else: no tag, no setting, no output.",
  *check({ resources, setUp }) {
    const members = new Set(setUp.members.map(({ urn }) => urn));
    const kept = new Set(
      resources.filter(({ urn }) => members.has(urn)).flatMap(({ refersTo }) => Object.values(refersTo).flat()),
    );
    const secret = new Map(
      resources
        .filter(({ type }) => type === types.applicationPassword || type === types.randomPassword)
        .filter(({ urn }) => members.has(urn) || kept.has(urn))
        .map(({ urn, name }) => [urn, name] as const),
    );
    for (const resource of resources) {
      if (resource.type === "pulumi:pulumi:Stack") {
        yield* secretOutputs(resource, setUp);
        continue;
      }
      yield* secretInputs(resource, setUp);
      if (keepsSecrets.has(resource.type)) continue;
      for (const [field, from] of Object.entries(resource.refersTo)) {
        const password = from.map((urn) => secret.get(urn)).find((name) => name !== undefined);
        if (password === undefined) continue;
        yield { resource, field, sentence: `${field} is made of the password ${password}; refer to it in the vault.` };
      }
    }
  },
};

function* secretInputs(resource: StackResource, setUp: SetUp): Iterable<StackFinding> {
  for (const { path, text } of textsOf(setUp.inputsOf(resource.urn))) {
    if (secretIn[resource.type]?.includes(path) || !setUp.holdsSecret(text)) continue;
    const sentence = `${path} holds one of the set-up's secrets in clear; keep it in the vault alone.`;
    yield { resource, rule: "secrets-by-reference", field: path, sentence };
  }
}

function* secretOutputs(resource: StackResource, setUp: SetUp): Iterable<StackFinding> {
  for (const [field, value] of Object.entries(resource.outputs)) {
    const held = [...textsOf(value)].some(({ text }) => setUp.holdsSecret(text) || couldBeSecret(text));
    if (!held && !(looksSecret(field) && typeof value === "string")) continue;
    yield { resource, field, sentence: `The output ${field} holds a secret, or what looks like one; leave it out.` };
  }
}

/** What others refer to when they reach into the set-up. Random letters and dates are only values. */
const reachable = new Set<string>([
  types.group,
  types.vault,
  types.secret,
  types.storage,
  types.container,
  types.identity,
  types.webApp,
  types.bot,
  types.connection,
  types.channel,
  types.application,
  types.servicePrincipal,
  types.applicationPassword,
]);

const reachesIn: StackRule = {
  name: "reaches-in",
  description: "What reaches into the set-up keeps to the same lists, whichever way it refers to it.",
  *check({ resources, setUp, now }) {
    const inside = new Set(setUp.members.filter(({ type }) => reachable.has(type)).map(({ urn }) => urn));
    for (const other of setUp.others) {
      const resource = resources.find(({ urn }) => urn === other.urn);
      if (!resource) continue;
      const refers = Object.values(resource.refersTo).some((from) => from.some((urn) => inside.has(urn)));
      if (!refers && !setUp.holds(other)) continue;
      for (const [rule, config] of setUp.configs) {
        if (setUp.hasTakenUp(rule, other.urn)) continue;
        for (const finding of findings(rule, { resource: other, setUp, config, now })) {
          yield { ...finding, resource, rule };
        }
      }
    }
  },
};

export const stackRules: readonly StackRule[] = [
  basicAuthSwitchedOff,
  nothingLeftOut,
  ownIdentity,
  permissionsAsked,
  secretsStay,
  reachesIn,
];

function membersOf(type: string, resources: readonly StackResource[], setUp: SetUp): StackResource[] {
  const members = new Set(setUp.members.map(({ urn }) => urn));
  return resources.filter((resource) => resource.type === type && members.has(resource.urn));
}

function follows(type: string, { urn }: StackResource, resources: readonly StackResource[]): boolean {
  return resources.some((other) => other.type === type && other.dependsOn.includes(urn));
}

/** A rule about the whole stack as Pulumi's policy pack takes it. */
export function stackPolicyOf(rule: StackRule, setUp: SetUp, now: () => Date): StackValidationPolicy {
  return {
    name: rule.name,
    description: rule.description,
    configSchema: { properties: exceptionSchema },
    validateStack({ resources, getConfig }, report) {
      const seen = resources.map((one) => seenIn(one));
      for (const { urn, outputs } of seen) setUp.learnOutputs(urn, outputs);
      for (const finding of rule.check({ resources: seen, setUp, now: now() })) {
        const { resource, rule: other } = finding;
        const config = other === undefined ? getConfig<Config>() : (setUp.configs.get(other) ?? {});
        const violation = violationOf(other ?? rule.name, resource, finding, config);
        if (violation !== undefined) report(violation, resource.urn);
      }
    },
  };
}

function seenIn({ type, name, urn, props, dependencies, propertyDependencies }: PolicyResource): StackResource {
  const outputs = plain(props) as Inputs;
  return {
    type: plainType(type),
    name,
    urn,
    outputs,
    dependsOn: dependencies.map((one) => one.urn),
    refersTo: Object.fromEntries(
      Object.entries(propertyDependencies).map(([input, from]) => [input, from.map((one) => one.urn)]),
    ),
  };
}
