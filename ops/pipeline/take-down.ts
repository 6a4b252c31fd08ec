import { shellWord } from "../../cli/shell-word";
import type { Part } from "./part";
import { applicationName, environmentName, namesOf } from "./plan/names";
import { type Assignment, type FoundIdentity, type FoundPipeline, type Resource, versions } from "./read";
import { environmentMadeTag, idsOf, madeHere, type WantedIdentity, type WantedPipeline } from "./wanted";

/** What else is at the places that a pipeline shares with others, and what its own state holds. */
export interface Neighbours {
  /** Stacks in the container; undefined where whoever asks may not look. */
  readonly stacks: readonly string[] | undefined;
  /** Other containers of the account, and other keys of the vault. */
  readonly containers: readonly string[];
  readonly keys: readonly string[];
  /** Ids of all else that is in the group. */
  readonly inGroup: readonly string[];
  /** Who has which roles in the subscriptions of the custom roles, this pipeline's identities included. */
  readonly assignments: readonly Assignment[];
}

/** What of a pipeline goes, and what stays, with the reason. Only what this command made goes. Pure. */
export function planTakeDown(wanted: WantedPipeline, found: FoundPipeline, neighbours: Neighbours): readonly Part[] {
  return [
    ...wanted.identities.flatMap((identity) =>
      identityGoes(wanted.repository, identity, found.identities.get(identity.name)),
    ),
    ...customRolesGo(wanted, found, neighbours),
    ...stateGoes(wanted, found, neighbours),
  ];
}

function identityGoes(repository: string, identity: WantedIdentity, has: FoundIdentity | undefined): Part[] {
  const { name, tag, variables } = identity;
  const { application, assignments = [], environment } = has ?? {};
  if (!application) {
    const isUsed = Object.entries(variables).some(([one, value]) => environment?.variables.get(one) === value);
    const why = "the application of its jobs is gone, by which it is known who made it";
    const fix = `gh api --method DELETE repos/${repository}/environments/${encodeURIComponent(name)}`;
    return isUsed ? [{ ...stays("GitHub", environmentName(name), why), waits: true, fix }] : [];
  }
  const what = applicationName(name);
  if (!application.tags.includes(tag)) {
    return [stays("Entra", what, `${application.appId} was made by hand: it stays, with all that it was given`)];
  }
  const roles = assignments.map((one): Part => ({
    where: "Azure",
    what: `role assignment of ${name} at ${one.properties.scope}`,
    found: "there",
    step: { do: "remove", id: one.id, apiVersion: versions.role },
  }));
  const before = [
    ...environmentGoes(identity, application.appId, application.tags.includes(environmentMadeTag), environment),
    ...roles,
  ];
  // Only by the application the next run knows what of them was made here, and whose they were.
  return [
    ...before,
    {
      where: "Entra",
      what,
      found: "there",
      after: goingIn(before),
      step: { do: "remove application", id: application.id },
    },
  ];
}

function environmentGoes(
  { name, variables }: WantedIdentity,
  appId: string,
  isMade: boolean,
  environment: FoundIdentity["environment"],
): Part[] {
  if (!environment) return [];
  const own: Readonly<Record<string, string>> = { AZURE_CLIENT_ID: appId, ...variables };
  const others = [...environment.variables.keys()].filter((one) => !(one in own));
  const holds = [
    ...(others.length > 0 ? [`the variables ${others.join(", ")}`] : []),
    ...(environment.secrets > 0 ? [`${environment.secrets} secrets`] : []),
  ];
  if (isMade && holds.length === 0) {
    return [
      {
        where: "GitHub",
        what: environmentName(name),
        found: "there",
        step: { do: "remove environment", identity: name },
      },
    ];
  }
  const why = isMade ? `it holds ${holds.join(" and ")}, which nobody made here` : "it was there before";
  return [
    ...Object.entries(own)
      .filter(([variable, value]) => environment.variables.get(variable) === value)
      .map(([variable]): Part => ({
        where: "GitHub",
        what: `${variable} of ${name}`,
        found: "there",
        step: { do: "remove variable", identity: name, name: variable },
      })),
    stays("GitHub", environmentName(name), why),
  ];
}

/** A role goes when nobody but this pipeline's own identities has it. */
function customRolesGo(
  { customRoles, identities }: WantedPipeline,
  found: FoundPipeline,
  neighbours: Neighbours,
): Part[] {
  const going = new Set(
    identities.flatMap(({ name, tag }) => {
      const { application, principalId } = found.identities.get(name) ?? {};
      return application?.tags.includes(tag) && principalId !== undefined ? [principalId] : [];
    }),
  );
  return customRoles.flatMap(({ name }): Part[] => {
    const role = found.roles.get(name.toLowerCase());
    if (!role) return [];
    const what = `role ${name}`;
    if (!role.properties.description?.includes(madeHere)) return [stays("Azure", what, "it was made by hand")];
    const definition = role.id.split("/").at(-1)!.toLowerCase();
    const othersAssignments = neighbours.assignments.filter(
      ({ properties: { roleDefinitionId, principalId } }) =>
        roleDefinitionId.toLowerCase().endsWith(`/${definition}`) && !going.has(principalId),
    );
    if (othersAssignments.length > 0) return [stays("Azure", what, "others have it, such as other stacks' pipelines")];
    return [{ where: "Azure", what, found: "there", step: { do: "remove", id: role.id, apiVersion: versions.role } }];
  });
}

function stateGoes({ project, place, level }: WantedPipeline, found: FoundPipeline, neighbours: Neighbours): Part[] {
  const ids = idsOf(place, level);
  const names = namesOf(place, level);
  const { group, account, vault, container, key } = found;
  const ours = (resource: Resource | undefined): boolean => resource?.tags?.pipeline === project;
  const going = (what: string, id: string, apiVersion: string): Part => ({
    where: "Azure",
    what,
    found: "there",
    // What one of them is in takes it along.
    after: goingIn(parts),
    step: { do: "remove", id, apiVersion },
  });
  const { stacks, containers, keys, inGroup } = neighbours;
  const parts: Part[] = [];
  const inUse = container !== undefined && (stacks === undefined || stacks.length > 0);
  if (stacks === undefined && container) {
    const fix = `az role assignment create --assignee "$(az ad signed-in-user show --query id --output tsv)" --role "Storage Blob Data Reader" --scope ${shellWord(ids.container)}`;
    parts.push({ ...stays("Azure", names.container, "you may not see whether stacks are in it"), waits: true, fix });
  } else if (container && stacks!.length > 0) {
    const why = `it holds the state of ${stacks!.join(", ")}: pulumi destroy and pulumi stack rm each, then run this again`;
    parts.push({ ...stays("Azure", names.container, why), waits: true });
  } else if (container && !ours(account)) {
    parts.push(stays("Azure", names.container, `${names.account} was made by hand`));
  } else if (container) parts.push(going(names.container, ids.container, versions.storage));

  if (account) {
    if (inUse || containers.length > 0) {
      const why = inUse ? "its state stays" : `other containers are in it: ${containers.join(", ")}`;
      parts.push(stays("Azure", names.account, why));
    } else if (!ours(account)) parts.push(stays("Azure", names.account, "it was made by hand"));
    else parts.push(going(names.account, ids.account, versions.storage));
  }
  if (vault) {
    if (inUse || keys.length > 0 || !ours(vault)) {
      // Nothing in the management plane takes a key away, and without it no copy of the state can be opened.
      if (key) {
        const fix = inUse ? {} : { fix: `az keyvault key delete --vault-name ${place.vault} --name ${level}` };
        parts.push({
          ...stays("Azure", names.key, "it alone opens the secrets of the state and of its copies"),
          ...fix,
        });
      }
      const why = inUse
        ? "its key stays"
        : keys.length > 0
          ? `other keys are in it: ${keys.join(", ")}`
          : "it was made by hand";
      parts.push(stays("Azure", names.vault, why));
    } else parts.push(going(names.vault, ids.vault, versions.vault));
  }
  if (group) {
    const left = parts.some(({ what, step }) => step === undefined && (what === names.account || what === names.vault));
    if (left || inGroup.length > 0) parts.push(stays("Azure", names.group, "something stays in it"));
    else if (!ours(group)) parts.push(stays("Azure", names.group, "it was made by hand"));
    else parts.push(going(names.group, ids.group, versions.group));
  }
  return parts;
}

/** What is taken away of some parts. */
const goingIn = (parts: readonly Part[]): string[] => parts.flatMap(({ what, step }) => (step ? [what] : []));

const stays = (where: Part["where"], what: string, because: string): Part => ({ where, what, found: "stays", because });
