import { entraTagsOf, type Deployment } from "../../infra/deployment/tags";
import { belongsTo } from "../azure/inventory/found";
import { hasOwnName } from "../azure/own-names";
import { nameOf, type StateResource } from "../pulumi/state";
import {
  applicationPartId,
  type ArmAddress,
  armAddress,
  entraTypes,
  type Standing,
} from "../pulumi/pending-operations";

/** A resource of ARM as it was found. */
export interface ArmResource extends ArmAddress {
  readonly tags: Readonly<Record<string, string>>;
  /** `Succeeded`, `Creating`, `Failed`; absent where the type has no such state. */
  readonly provisioningState?: string | undefined;
  /** Object id of the principal to which a role assignment gives a role; no other type has one. */
  readonly principalId?: string | undefined;
  /** Whether a resource group holds anything, tagged or not; no other type says it. */
  readonly full?: boolean;
}

/** An application of Entra as it was found. */
export interface EntraApplication {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly tags: readonly string[];
  readonly identifierUris: readonly string[];
  readonly preAuthorized: readonly string[];
  readonly passwords: readonly EntraPassword[];
}

export interface EntraPassword {
  readonly keyId: string;
  readonly displayName: string;
  /** ISO date and time. */
  readonly endDateTime: string;
}

export interface EntraServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly tags: readonly string[];
}

export interface EntraGrant {
  readonly id: string;
  readonly clientId: string;
  readonly resourceId: string;
}

/** What Azure holds, as far as it may be this stack's. */
export interface Found {
  /** Of each pending create that has a place in ARM, what is there; by its id in small letters. */
  readonly atPending: ReadonlyMap<string, ArmResource>;
  /** Everything of ARM that carries the stack's tags, resource groups included. */
  readonly tagged: readonly ArmResource[];
  /** Tagged applications and principals, and those that the state names. */
  readonly applications: readonly EntraApplication[];
  readonly servicePrincipals: readonly EntraServicePrincipal[];
  readonly grants: readonly EntraGrant[];
}

export type Step =
  | {
      readonly action: "import";
      readonly urn: string;
      readonly id: string;
      readonly what: string;
      readonly arm?: ArmAddress;
    }
  | { readonly action: "clear"; readonly urn: string; readonly what: string; readonly why: string }
  | { readonly action: "delete resource"; readonly address: ArmAddress; readonly why: string }
  | { readonly action: "delete application"; readonly id: string; readonly what: string; readonly why: string }
  | { readonly action: "delete service principal"; readonly id: string; readonly what: string; readonly why: string }
  | {
      readonly action: "remove password";
      readonly applicationId: string;
      readonly keyId: string;
      readonly what: string;
    };

/** Something that carries the stack's tags, or stands in its way, and is left alone. */
export interface Left {
  readonly what: string;
  readonly why: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly left: readonly Left[];
}

/**
 * Decides what becomes of what a killed deployment left: taken into the state, cleared, removed, or left to a person.
 * Nothing is removed that lacks the tags, that the state holds, or that somebody else's deployment may use.
 */
export function planFor(deployment: Deployment, standing: Standing, found: Found, subscriptionId: string): Plan {
  const draft = new PlanDraft(deployment, standing, found);
  for (const { type, resource } of standing.pending) {
    if (type === "creating") draft.halfMade(resource, armAddress(resource, subscriptionId));
    else draft.clear(resource, `${type} was cut off; the refresh reads what it came to`);
  }
  draft.strayApplications();
  draft.strayServicePrincipals();
  draft.strayResources();
  return { steps: draft.steps, left: draft.left };
}

const inNoState = "it stands in no state";

/** A plan in the making: what was taken or removed before decides about what comes after. */
class PlanDraft {
  readonly steps: Step[] = [];
  readonly left: Left[] = [];
  /** Ids in small letters: those that the state has, those that the plan takes into it, and those that are ours by either or by tags. */
  readonly #known: ReadonlySet<string>;
  readonly #taken = new Set<string>();
  readonly #own: ReadonlySet<string>;
  readonly #ourGroups: ReadonlySet<string>;
  /** Groups of what the state has. What is in them is known by its own tags; the groups themselves may be others'. */
  readonly #lived: ReadonlySet<string>;
  /** A state without anything is rather a lost one, or one in another backend, than a stack that owns nothing. */
  readonly #lost: boolean;

  constructor(
    private readonly deployment: Deployment,
    private readonly standing: Standing,
    private readonly found: Found,
  ) {
    const { resources, pending } = standing;
    this.#known = new Set(resources.flatMap(({ id }) => (id ? [id.toLowerCase()] : [])));
    this.#own = new Set([...this.#known, ...found.tagged.map(({ id }) => id.toLowerCase())]);
    const groupsOf = (ids: ReadonlySet<string>): string[] => [...ids].flatMap((id) => groupOf(id) ?? []);
    this.#ourGroups = new Set(groupsOf(this.#own).filter((group) => this.#own.has(group)));
    this.#lived = new Set(groupsOf(this.#known));
    this.#lost = pending.length === 0 && !resources.some(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  }

  /** What was being made when the run was killed. */
  halfMade(resource: StateResource, address: ArmAddress | undefined): void {
    if (address) this.#halfMadeInArm(resource, address);
    else this.#halfMadeInEntra(resource);
  }

  clear(resource: StateResource, why: string): void {
    this.steps.push({ action: "clear", urn: resource.urn, what: nameOf(resource), why });
  }

  strayApplications(): void {
    for (const { id, displayName, createdDateTime, passwords } of this.#orphans()) {
      const what = `${displayName} (made ${createdDateTime})`;
      if (this.#lost) this.#leaveLost(`application ${what}`);
      else if (passwords.length > 0) {
        const why = "it holds passwords, so another deployment of the same name may use it";
        this.left.push({ what: `application ${what}`, why });
      } else this.steps.push({ action: "delete application", id, what, why: inNoState });
    }
  }

  /** Those of applications that go anyway go with them. */
  strayServicePrincipals(): void {
    const leaving = new Set(this.#orphans().map(({ appId }) => appId));
    for (const { id, appId, displayName, tags } of this.found.servicePrincipals) {
      if (!carriesTags(tags, this.deployment) || this.#isOurs(`/serviceprincipals/${id}`) || leaving.has(appId))
        continue;
      if (this.#lost) this.#leaveLost(`service principal ${displayName}`);
      else this.steps.push({ action: "delete service principal", id, what: displayName, why: inNoState });
    }
  }

  strayResources(): void {
    const { tagged } = this.found;
    const stray = tagged.filter(({ id, tags }) => belongsTo(tags, this.deployment) && !this.#isOurs(id.toLowerCase()));
    for (const resource of deepestFirst(stray)) {
      const { id, apiVersion } = resource;
      const home = groupOf(id) ?? "";
      const isGroup = home === id.toLowerCase();
      // What is in it goes with it, whosever it is.
      const full = resource.full === true || tagged.some((one) => one.id !== id && groupOf(one.id) === home);
      if (this.#lost) this.#leaveLost(id);
      else if (isGroup && full) this.left.push({ what: id, why: "it is a resource group that is not empty" });
      else if (!isGroup && !this.#isOurs(home) && !this.#isOursIn(home, resource)) {
        this.left.push({ what: id, why: "its resource group is not this stack's" });
      } else this.steps.push({ action: "delete resource", address: { id, apiVersion }, why: inNoState });
    }
  }

  #take(resource: StateResource, id: string, arm?: ArmAddress): void {
    this.#taken.add(id.toLowerCase());
    this.steps.push({ action: "import", urn: resource.urn, id, what: nameOf(resource), ...(arm ? { arm } : {}) });
  }

  #leaveLost(what: string): void {
    this.left.push({
      what,
      why: "the state holds nothing at all, so this may be the wrong backend, or a lost state",
    });
  }

  /** @param id in small letters */
  #isOurs(id: string): boolean {
    return this.#known.has(id) || this.#taken.has(id);
  }

  #halfMadeInArm(resource: StateResource, address: ArmAddress): void {
    const live = this.found.atPending.get(address.id.toLowerCase());
    if (!live) return this.clear(resource, "it was never made");
    if (!belongsTo(live.tags, this.deployment) && !this.#isOurChild(resource, live)) {
      this.clear(resource, "what has its name is not this stack's");
      this.left.push({ what: address.id, why: "it has the name that the program wants and lacks this stack's tags" });
    } else if (live.provisioningState === "Failed") {
      this.clear(resource, "its creation failed in Azure");
      this.steps.push({ action: "delete resource", address, why: "its creation failed" });
      this.#taken.add(address.id.toLowerCase());
    } else this.#take(resource, live.id, address);
  }

  /**
   * Whether what can carry no tags is ours: what is in our own group, or part of a resource of ours in a group of others, or
   * our identity's role at a resource of others.
   */
  #isOurChild({ inputs = {} }: StateResource, { id, tags, principalId }: ArmResource): boolean {
    if (Object.keys(tags).length > 0 || groupOf(id) === id.toLowerCase()) return false;
    if (this.#ourGroups.has(groupOf(id) ?? "")) return true;
    if (principalId !== undefined && principalId === inputs.principalId) return true;
    return [...this.#own].some((one) => one !== groupOf(one) && id.toLowerCase().startsWith(`${one}/`));
  }

  #halfMadeInEntra(resource: StateResource): void {
    const { type, inputs = {} } = resource;
    switch (type) {
      case entraTypes.application:
        return this.#halfMadeApplication(resource);
      case entraTypes.servicePrincipal: {
        const live = this.found.servicePrincipals.find(({ appId }) => appId === inputs.clientId);
        if (live && carriesTags(live.tags, this.deployment))
          return this.#take(resource, `/servicePrincipals/${live.id}`);
        return this.clear(resource, live ? "it was there before" : "it was never made");
      }
      case entraTypes.password:
        return this.#halfMadePassword(resource);
      case entraTypes.grant: {
        const live = this.found.grants.find(
          ({ clientId, resourceId }) =>
            clientId === inputs.servicePrincipalObjectId && resourceId === inputs.resourceServicePrincipalObjectId,
        );
        return live ? this.#take(resource, live.id) : this.clear(resource, "it was never made");
      }
    }
    const part = applicationPartId(resource);
    if (part && partIsThere(this.#application(inputs.applicationId), inputs)) return this.#take(resource, part);
    this.clear(resource, part ? "it was never made" : "it may be made twice");
  }

  #halfMadeApplication(resource: StateResource): void {
    const { inputs = {} } = resource;
    const wanted = [inputs.tags ?? []].flat().map(String);
    // Two components of a stack may be called the same; their tags tell them apart.
    const candidates = this.#orphans().filter(
      ({ displayName, tags }) =>
        displayName === inputs.displayName &&
        wanted.every((tag) => !tag.startsWith("component:") || tags.includes(tag)),
    );
    const [only] = candidates;
    // Of several nobody can say which is meant; none has a user yet, so all go and the next up makes one.
    if (only && candidates.length === 1) return this.#take(resource, `/applications/${only.id}`);
    this.clear(resource, only ? "there are several of it" : "it was never finished");
  }

  #halfMadePassword(resource: StateResource): void {
    const { inputs = {} } = resource;
    const owner = this.#application(inputs.applicationId);
    const passwords = (owner?.passwords ?? []).filter(
      ({ displayName, keyId }) => displayName === inputs.displayName && !this.#isInState(keyId),
    );
    // An application of others may hold passwords of other stacks: ours is called after the stack, and ends with its other secrets.
    const ours = carriesTags(owner?.tags ?? [], this.deployment);
    const sameEnd = ({ endDateTime }: EntraPassword): boolean =>
      Date.parse(endDateTime) === Date.parse(String(inputs.endDate));
    for (const { keyId } of passwords.filter((password) => ours || sameEnd(password))) {
      const what = `"${String(inputs.displayName)}" of ${owner!.displayName}`;
      this.steps.push({ action: "remove password", applicationId: owner!.id, keyId, what });
    }
    this.clear(resource, "Entra shows a password once, and nobody was there to read it");
  }

  #application(path: unknown): EntraApplication | undefined {
    return this.found.applications.find(({ id }) => `/applications/${id}` === path);
  }

  #isInState(keyId: string): boolean {
    return this.standing.resources.some(
      ({ type, id }) => type === entraTypes.password && id?.endsWith(`/${keyId}`) === true,
    );
  }

  /** Applications of ours that neither the state has nor the plan takes into it. */
  #orphans(): EntraApplication[] {
    return this.found.applications.filter(
      ({ id, tags }) => carriesTags(tags, this.deployment) && !this.#isOurs(`/applications/${id}`),
    );
  }

  /** In a group of others the tags alone are no reason: a copy that somebody made carries them too. */
  #isOursIn(home: string, { id, tags }: ArmResource): boolean {
    const [type, name] = [typeOf(id), id.split("/").at(-1) ?? ""];
    return this.#lived.has(home) && hasOwnName(this.deployment, { type, name, tags });
  }
}

function partIsThere(application: EntraApplication | undefined, inputs: Record<string, unknown>): boolean {
  if (!application) return false;
  return (
    application.identifierUris.includes(String(inputs.identifierUri)) ||
    application.preAuthorized.includes(String(inputs.authorizedClientId))
  );
}

/** Whether tags of Entra say that something belongs to a stack. */
function carriesTags(tags: readonly string[], { project, stack }: Deployment): boolean {
  return entraTagsOf({ project, stack }).every((tag) => tags.includes(tag));
}

/** `/subscriptions/s/resourcegroups/g` of an id, in small letters. */
function groupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/.exec(id.toLowerCase())?.[0];
}

/** `Microsoft.Web/sites` of a resource's id. */
function typeOf(id: string): string | undefined {
  return /\/providers\/([^/]+\/[^/]+)\/[^/]+$/i.exec(id)?.[1];
}

function deepestFirst(resources: readonly ArmResource[]): ArmResource[] {
  const depth = ({ id }: ArmResource): number => id.split("/").length;
  return [...resources].sort((one, other) => depth(other) - depth(one));
}

/** A step as people read it. */
export function sentenceOf(step: Step): string {
  switch (step.action) {
    case "import":
      return `take into the state: ${step.what} (${step.id})`;
    case "clear":
      return `strike from the pending operations: ${step.what} (${step.why})`;
    case "delete resource":
      return `delete: ${step.address.id} (${step.why})`;
    case "delete application":
    case "delete service principal":
      return `${step.action}: ${step.what} (${step.why})`;
    case "remove password":
      return `remove password: ${step.what}`;
  }
}
