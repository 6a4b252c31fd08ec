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
export function planFor(
  deployment: Deployment,
  { resources, pending }: Standing,
  found: Found,
  subscriptionId: string,
): Plan {
  const steps: Step[] = [];
  const left: Left[] = [];
  const known = new Set(resources.flatMap(({ id }) => (id ? [id.toLowerCase()] : [])));
  const taken = new Set<string>();
  const take = (resource: StateResource, id: string, arm?: ArmAddress): void => {
    taken.add(id.toLowerCase());
    steps.push({ action: "import", urn: resource.urn, id, what: nameOf(resource), ...(arm ? { arm } : {}) });
  };
  const clear = (resource: StateResource, why: string): void => {
    steps.push({ action: "clear", urn: resource.urn, what: nameOf(resource), why });
  };
  const own = new Set([...known, ...found.tagged.map(({ id }) => id.toLowerCase())]);
  const ourGroups = new Set([...own].flatMap((id) => groupOf(id) ?? []).filter((group) => own.has(group)));
  // What is in them is known by its own tags; the groups themselves may be others'.
  const lived = new Set([...known].flatMap((id) => groupOf(id) ?? []));

  for (const { type, resource } of pending) {
    if (type !== "creating") {
      clear(resource, `${type} was cut off; the refresh reads what it came to`);
      continue;
    }
    const address = armAddress(resource, subscriptionId);
    if (address) pendingInArm(resource, address);
    else pendingInEntra(resource);
  }

  function pendingInArm(resource: StateResource, address: ArmAddress): void {
    const live = found.atPending.get(address.id.toLowerCase());
    if (!live) return clear(resource, "it was never made");
    if (!belongsTo(live.tags, deployment) && !isOurChild(resource, live)) {
      clear(resource, "what has its name is not this stack's");
      left.push({ what: address.id, why: "it has the name that the program wants and lacks this stack's tags" });
    } else if (live.provisioningState === "Failed") {
      clear(resource, "its creation failed in Azure");
      steps.push({ action: "delete resource", address, why: "its creation failed" });
      taken.add(address.id.toLowerCase());
    } else {
      take(resource, live.id, address);
    }
  }

  /**
   * Whether what can carry no tags is ours: what is in our own group, or part of a resource of ours in a group of others, or
   * our identity's role at a resource of others.
   */
  function isOurChild({ inputs = {} }: StateResource, { id, tags, principalId }: ArmResource): boolean {
    if (Object.keys(tags).length > 0 || groupOf(id) === id.toLowerCase()) return false;
    if (ourGroups.has(groupOf(id) ?? "")) return true;
    if (principalId !== undefined && principalId === inputs.principalId) return true;
    return [...own].some((one) => one !== groupOf(one) && id.toLowerCase().startsWith(`${one}/`));
  }

  function pendingInEntra(resource: StateResource): void {
    const { inputs = {} } = resource;
    const part = applicationPartId(resource);
    const wanted = [inputs.tags ?? []].flat().map(String);
    const application = (id: unknown): EntraApplication | undefined =>
      found.applications.find((one) => `/applications/${one.id}` === id);
    switch (resource.type) {
      case entraTypes.application: {
        // Two components of a stack may be called the same; their tags tell them apart.
        const candidates = orphans().filter(
          ({ displayName, tags }) =>
            displayName === inputs.displayName &&
            wanted.every((tag) => !tag.startsWith("component:") || tags.includes(tag)),
        );
        const [only] = candidates;
        // Of several nobody can say which is meant; none has a user yet, so all go and the next up makes one.
        if (only && candidates.length === 1) return take(resource, `/applications/${only.id}`);
        return clear(resource, only ? "there are several of it" : "it was never finished");
      }
      case entraTypes.servicePrincipal: {
        const live = found.servicePrincipals.find(({ appId }) => appId === inputs.clientId);
        if (live && carriesTags(live.tags, deployment)) return take(resource, `/servicePrincipals/${live.id}`);
        return clear(resource, live ? "it was there before" : "it was never made");
      }
      case entraTypes.password: {
        const owner = application(inputs.applicationId);
        const passwords = (owner?.passwords ?? []).filter(
          (password) => password.displayName === inputs.displayName && !inState(password.keyId),
        );
        // An application of others may hold passwords of other stacks: ours is called after the stack, and ends with its other secrets.
        const ours = carriesTags(owner?.tags ?? [], deployment);
        const sameEnd = ({ endDateTime }: EntraPassword): boolean =>
          Date.parse(endDateTime) === Date.parse(String(inputs.endDate));
        for (const { keyId } of passwords.filter((password) => ours || sameEnd(password))) {
          steps.push({
            action: "remove password",
            applicationId: owner!.id,
            keyId,
            what: `"${String(inputs.displayName)}" of ${owner!.displayName}`,
          });
        }
        return clear(resource, "Entra shows a password once, and nobody was there to read it");
      }
      case entraTypes.grant: {
        const live = found.grants.find(
          (grant) =>
            grant.clientId === inputs.servicePrincipalObjectId &&
            grant.resourceId === inputs.resourceServicePrincipalObjectId,
        );
        return live ? take(resource, live.id) : clear(resource, "it was never made");
      }
    }
    if (part && partIsThere(application(inputs.applicationId), inputs)) return take(resource, part);
    clear(resource, part ? "it was never made" : "it may be made twice");
  }

  function inState(keyId: string): boolean {
    return resources.some(({ type, id }) => type === entraTypes.password && id?.endsWith(`/${keyId}`) === true);
  }
  function orphans(): EntraApplication[] {
    return found.applications.filter(
      ({ id, tags }) =>
        carriesTags(tags, deployment) && !known.has(`/applications/${id}`) && !taken.has(`/applications/${id}`),
    );
  }

  // A state without anything is rather a lost one, or one in another backend, than a stack that owns nothing.
  const lost = pending.length === 0 && !resources.some(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  const leave = (what: string, why: string): void => void left.push({ what, why });
  const empty = "the state holds nothing at all, so this may be the wrong backend, or a lost state";

  for (const { id, displayName, createdDateTime, passwords } of orphans()) {
    const what = `${displayName} (made ${createdDateTime})`;
    if (lost) leave(`application ${what}`, empty);
    else if (passwords.length > 0) {
      leave(`application ${what}`, "it holds passwords, so another deployment of the same name may use it");
    } else steps.push({ action: "delete application", id, what, why: "it stands in no state" });
  }
  const leaving = new Set(orphans().map(({ appId }) => appId));
  for (const { id, appId, displayName, tags } of found.servicePrincipals) {
    const path = `/serviceprincipals/${id}`;
    if (!carriesTags(tags, deployment) || known.has(path) || taken.has(path) || leaving.has(appId)) continue;
    if (lost) leave(`service principal ${displayName}`, empty);
    else steps.push({ action: "delete service principal", id, what: displayName, why: "it stands in no state" });
  }

  // In a group of others the tags alone are no reason: a copy that somebody made carries them too.
  function isOursIn(home: string, { id, tags }: ArmResource): boolean {
    const [type, name] = [typeOf(id), id.split("/").at(-1) ?? ""];
    return lived.has(home) && hasOwnName(deployment, { type, name, tags });
  }

  const stray = found.tagged.filter(({ id, tags }) => {
    return belongsTo(tags, deployment) && !known.has(id.toLowerCase()) && !taken.has(id.toLowerCase());
  });
  for (const address of deepestFirst(stray)) {
    const home = groupOf(address.id) ?? "";
    const full = found.tagged.some(({ id }) => id !== address.id && groupOf(id) === home);
    if (lost) leave(address.id, empty);
    else if (home === address.id.toLowerCase() && full) leave(address.id, "it is a resource group that is not empty");
    else if (home !== address.id.toLowerCase() && !known.has(home) && !taken.has(home) && !isOursIn(home, address)) {
      leave(address.id, "its resource group is not this stack's");
    } else {
      const { id, apiVersion } = address;
      steps.push({ action: "delete resource", address: { id, apiVersion }, why: "it stands in no state" });
    }
  }
  return { steps, left };
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
