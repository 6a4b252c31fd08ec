import { type CodePlan, planOf } from "../deployment/code";
import { ownName } from "../facts/names";
import { microsoftGraph } from "../facts/scopes";
import type { NamedConnection } from "../facts/sdks";
import type { ExistingKind } from "../deployment/existing";
import { at, type Inputs, type Resource, type SaidSettings, textsOf } from "./resource";
import type { Config } from "./exceptions";
import type { RuleName } from "./rules";
import { types } from "./types";

/** The inputs and outputs by which others name something of the set-up. */
const namedBy: Readonly<Record<string, readonly string[]>> = {
  [types.group]: ["resourceGroupName"],
  [types.vault]: ["vaultName"],
  [types.storage]: ["accountName"],
  [types.plan]: ["name"],
  [types.webApp]: ["name", "defaultHostName"],
  [types.workspace]: ["workspaceName"],
  [types.identity]: ["resourceName", "principalId", "clientId"],
  [types.bot]: ["resourceName"],
  [types.application]: ["clientId", "objectId"],
  [types.servicePrincipal]: ["clientId", "objectId"],
  [types.applicationPassword]: ["applicationId"],
  [types.roleAssignment]: ["principalId"],
  [types.vaultCertificate]: ["certificate"],
};

/** Where a resource says to which tenant it belongs. */
const tenantIn: Readonly<Record<string, string>> = {
  [types.vault]: "properties.tenantId",
  [types.bot]: "properties.msaAppTenantId",
};

/** The inputs and outputs that are the set-up's secrets. */
export const secretIn: Readonly<Record<string, readonly string[]>> = {
  [types.secret]: ["properties.value"],
  [types.connection]: ["properties.clientSecret"],
  [types.applicationPassword]: ["value"],
  [types.passwordProof]: ["password"],
  [types.randomPassword]: ["result"],
};

/**
 * What belongs to the set-up, as far as the program has said it: all below its components, all of its own types, and all
 * in a resource group that it made. What only lives beside it in the same program is nobody's business here.
 */
export class SetUp {
  readonly #members = new Map<string, Resource>();
  readonly #others = new Map<string, Resource>();
  /** By type, in small letters. */
  readonly #names = new Map<string, Set<string>>();
  /** Resource groups in which it lives, in small letters: made by it, or handed to it. */
  readonly #groups = new Set<string>();
  readonly #tenants = new Set<string>();
  readonly #secrets = new Set<string>();
  /** The rules' parts of the pack's configuration, of those that are switched on. */
  readonly configs = new Map<RuleName, Config>();
  readonly #tookUp = new Set<string>();
  #said: SaidSettings = {};

  /** Takes note of what the stack's file says. What is handed in is known by its names, as what is made. */
  hear(said: SaidSettings): void {
    this.#said = said;
    const { vault, signInApp, botApp, botIdentity } = said.existing ?? {};
    if (vault) this.#name(types.vault, vault.split("/").at(-1)!);
    for (const application of [signInApp, botApp]) if (application) this.#name(types.servicePrincipal, application);
    if (botIdentity) this.#name(types.identity, botIdentity.split("/").at(-1)!);
  }

  /** Id of what is handed in of a kind, in small letters; undefined where the set-up makes its own. */
  handedIn(kind: ExistingKind): string | undefined {
    return this.#said.existing?.[kind]?.toLowerCase();
  }

  /** Whether the bot was made by hand, and the stack's file names it. */
  get isAdopted(): boolean {
    return this.#said.adopted !== undefined;
  }

  /** Whether the stack's file has an app setting of that name. */
  saysAppSetting(name: string): boolean {
    return this.#said.appSettings?.includes(name) ?? false;
  }

  /** A bot of one's own that the stack's file brings, and what its code calls the connections by. */
  get code(): { readonly plan: CodePlan; readonly connections: readonly NamedConnection[] } | undefined {
    const { code, connections = [] } = this.#said;
    return code && { plan: planOf(code), connections };
  }

  /** Takes note of a resource, and of what Azure has answered of it. */
  learn(resource: Resource, outputs: Inputs = {}): void {
    const { type, inputs, urn, project, stack } = resource;
    if (this.#names.size === 0) this.#name(types.group, ownName(project, stack));
    if (!this.#isMember(resource)) {
      this.#others.set(urn, resource);
      return;
    }
    this.#members.set(urn, resource);
    for (const value of (secretIn[type] ?? []).flatMap((path) => [at(inputs, path), at(outputs, path)])) {
      if (typeof value === "string" && value.length >= shortestSecret) this.#secrets.add(value);
    }
    const group = at(inputs, "resourceGroupName");
    if (typeof group === "string") this.#groups.add(group.toLowerCase());
    const tenant = at(inputs, tenantIn[type] ?? "");
    if (typeof tenant === "string") this.#tenants.add(tenant.toLowerCase());
    if (inputs["useExisting"] === true) return;
    for (const value of (namedBy[type] ?? []).flatMap((path) => [at(inputs, path), at(outputs, path)])) {
      if (typeof value === "string") this.#name(type, value.replace(/^\/applications\//, ""));
    }
  }

  #name(type: string, name: string): void {
    if (name === microsoftGraph || name === "") return;
    this.#names.set(type, (this.#names.get(type) ?? new Set()).add(name.toLowerCase()));
  }

  /** Names of the set-up's resources of a type, in small letters. */
  named(type: string): readonly string[] {
    return [...(this.#names.get(type) ?? [])];
  }

  /** The tenants that vault and bot say they belong to; more than one is a fault. */
  get tenants(): readonly string[] {
    return [...this.#tenants];
  }

  /** Whether the set-up lives in a resource group, by its name. */
  livesIn(group: string): boolean {
    return this.#groups.has(group.toLowerCase()) || this.named(types.group).includes(group.toLowerCase());
  }

  /** Takes note that a rule looks at a resource. */
  tookUp(rule: RuleName, urn: string): void {
    this.#tookUp.add(`${rule} ${urn}`);
  }

  /** Whether a rule has looked at a resource when the program registered it. */
  hasTakenUp(rule: RuleName, urn: string): boolean {
    return this.#tookUp.has(`${rule} ${urn}`);
  }

  /** Takes note of what Azure has answered of a resource that was learnt of. */
  learnOutputs(urn: string, outputs: Inputs): void {
    const resource = this.#members.get(urn) ?? this.#others.get(urn);
    if (resource) this.learn(resource, outputs);
  }

  /** What the program asked for, as it was last seen. */
  inputsOf(urn: string): Inputs | undefined {
    return (this.#members.get(urn) ?? this.#others.get(urn))?.inputs;
  }

  get members(): readonly Resource[] {
    return [...this.#members.values()];
  }

  get others(): readonly Resource[] {
    return [...this.#others.values()];
  }

  /** Whether a text holds one of the set-up's secrets in clear. */
  holdsSecret(text: string): boolean {
    return [...this.#secrets].some((secret) => text.includes(secret));
  }

  /** Whether the rules are about a resource: it belongs to the set-up, or reaches into it. */
  holds(resource: Resource): boolean {
    return this.#isMember(resource) || this.#namesMember(resource) || reachesFromAbove(resource);
  }

  #isMember({ urn, type, inputs }: Resource): boolean {
    if ((urn.split("::")[2] ?? "").includes("bot-sign-in:") || type.startsWith("bot-sign-in:")) return true;
    const group = at(inputs, "resourceGroupName");
    return typeof group === "string" && this.named(types.group).includes(group.toLowerCase());
  }

  #namesMember({ inputs }: Resource): boolean {
    const names = [...this.#names.values()].flatMap((some) => [...some]);
    return [...textsOf(inputs)].some(
      ({ text }) => this.holdsSecret(text) || names.some((name) => says(text.toLowerCase(), name)),
    );
  }
}

/** A shorter one could be in any text by chance. */
const shortestSecret = 8;

/** A shorter name is somebody else's word as well, and meant only where it stands as a part of an id. */
const distinctive = 12;

function says(text: string, name: string): boolean {
  if (name.length < distinctive) return text === name || text.split("/").includes(name);
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
    const [before, after] = [text.charAt(start - 1), text.charAt(start + name.length)];
    if (!/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}

/** Rights and deployments at a subscription, a management group or the tenant hold in every group below. */
function reachesFromAbove({ type, inputs }: Resource): boolean {
  if (/^azure-native:resources:.*At(Subscription|ManagementGroup|Tenant)/.test(type)) return true;
  if (!/^azure(-native)?:authorization[:/]/.test(type)) return false;
  return ["scope", "resourceId", "managementGroupId", "subscriptionId"].some((path) => {
    const scope = at(inputs, path);
    return typeof scope === "string" && !/\/resourceGroups\//i.test(scope);
  });
}
