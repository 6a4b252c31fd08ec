import { randomUUID } from "node:crypto";
import { z } from "zod";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import type { DirectoryStore } from "../entra/directory-store";
import { groupsOf, newGroup, shownGroup, type Group } from "../entra/group";
import { notServed } from "../gap";
import { each } from "../members";
import { demandOneOf, isAdministrator, type Caller } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { directoryObject } from "./directory-objects";
import { found } from "./directory-entities";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { findPerson } from "./people";
import { checkBody, readBody, referencedId } from "./request-body";

const options = { type: "group", context: "groups" };
const objects = { type: "directoryObject", context: "directoryObjects" };

const mayWrite = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const mayRead = [...mayWrite, "Group.Read.All", "GroupMember.Read.All", "Directory.Read.All"];

const change = z
  .strictObject({
    displayName: z.string().min(1).max(256),
    description: z.string().max(1024).nullable(),
    mailNickname: z.string().min(1).max(64),
    mailEnabled: z.boolean(),
    securityEnabled: z.boolean(),
    groupTypes: z.array(z.string()),
    isAssignableToRole: z.boolean().nullable(),
    visibility: z.string().nullable(),
  })
  .partial();
const newBody = change.required(each(true as const, "displayName mailNickname mailEnabled securityEnabled"));
const asked = z.strictObject({ groupIds: z.array(z.string()).max(20) });

/**
 * Security groups, by which roles are given to several at once. Groups with mail of their own are not served.
 * https://learn.microsoft.com/graph/api/resources/group; recorded: azure-cli test_group_scenario
 */
export function groupRoutes(graph: Graph): GraphRoutes {
  const { azure, directory } = graph;
  return {
    "GET /groups": ({ url, caller }) => {
      demandOneOf(caller, mayRead);
      return answerCollection(url, [...directory.groups.values()].map(shownGroup), options);
    },
    "POST /groups": async ({ request, url, caller }) => {
      demandOneOf(caller, mayWrite);
      const body = await readBody(request);
      const given = checkBody(newBody, body, "Group");
      refuseMail(given);
      const createdDateTime = wholeSeconds(azure.clock.now());
      const { displayName, mailNickname, ...rest } = given;
      const members = bound(directory, body["members@odata.bind"]);
      const group = newGroup({ ...rest, id: randomUUID(), displayName, mailNickname, createdDateTime, members });
      directory.groups.set(group.id, group);
      directory.owners.set(group.id, new Set(bound(directory, body["owners@odata.bind"]).concat(madeBy(caller))));
      return answerEntity(url, shownGroup(group), { ...options, tenantId: directory.tenant.tenantId }, 201);
    },
    "GET /groups/{id}": ({ url, params, caller }) => {
      demandOneOf(caller, mayRead);
      return answerEntity(url, shownGroup(findGroup(directory, params["id"] as string)), options);
    },
    "PATCH /groups/{id}": async (call) => {
      const group = groupToChange(directory, call);
      const given = checkBody(change, await readBody(call.request), "Group");
      refuseMail(given);
      Object.assign(group, given);
      return noContent();
    },
    "DELETE /groups/{id}": (call) => {
      const { id } = groupToChange(directory, call);
      directory.groups.delete(id);
      directory.owners.delete(id);
      return noContent();
    },
    ...referencesOf(directory, "members"),
    ...referencesOf(directory, "owners"),
    ...membershipRoutes(directory),
  };
}

const findGroup = (directory: DirectoryStore, id: string): Group => found(directory.groups.get(id.toLowerCase()), id);

/** A person who does not administer the directory changes only the groups that he owns. */
function groupToChange(directory: DirectoryStore, { params, caller }: GraphCall): Group {
  demandOneOf(caller, mayWrite);
  const group = findGroup(directory, params["id"] as string);
  const owns = directory.owners.get(group.id)?.has(caller.claims.oid);
  if (caller.person && !isAdministrator(caller) && !owns) throw refusals.privileges();
  return group;
}

/** Who makes a group without administering the directory owns it: https://learn.microsoft.com/graph/api/group-post-groups */
function madeBy(caller: Caller): string[] {
  return caller.person && !isAdministrator(caller) ? [caller.person.objectId] : [];
}

function refuseMail({ mailEnabled, groupTypes, securityEnabled }: z.infer<typeof change>): void {
  if (mailEnabled || groupTypes?.length || securityEnabled === false) {
    throw notServed("groups other than security groups without mail", "Microsoft Graph does");
  }
}

function bound(directory: DirectoryStore, addresses: unknown): string[] {
  return [addresses ?? []].flat().map((address) => existing(directory, referencedId(address)));
}

function existing(directory: DirectoryStore, id: string): string {
  if (!directoryObject(directory, id)) throw refusals.notFound(id);
  return id.toLowerCase();
}

function referencesOf(directory: DirectoryStore, name: "members" | "owners"): GraphRoutes {
  const idsOf = (group: Group): string[] =>
    name === "members" ? group.members : [...(directory.owners.get(group.id) ?? [])];
  const keep = (group: Group, ids: readonly string[]): void => {
    if (name === "members") group.members = [...ids];
    else directory.owners.set(group.id, new Set(ids));
  };
  return {
    [`GET /groups/{id}/${name}`]: ({ url, params, caller }) => {
      demandOneOf(caller, mayRead);
      const ids = idsOf(findGroup(directory, params["id"] as string));
      return answerCollection(
        url,
        ids.flatMap((id): Record<string, unknown>[] => [directoryObject(directory, id) ?? []].flat()),
        objects,
      );
    },
    [`POST /groups/{id}/${name}/$ref`]: async (call) => {
      const group = groupToChange(directory, call);
      const added = existing(directory, referencedId((await readBody(call.request))["@odata.id"]));
      if (idsOf(group).includes(added)) throw refusals.referenceExists(name);
      keep(group, [...idsOf(group), added]);
      return noContent();
    },
    [`DELETE /groups/{id}/${name}/{object}/$ref`]: (call) => {
      const group = groupToChange(directory, call);
      const gone = (call.params["object"] as string).toLowerCase();
      if (!idsOf(group).includes(gone)) throw refusals.notFound(gone);
      keep(
        group,
        idsOf(group).filter((id) => id !== gone),
      );
      return noContent();
    },
  };
}

/** What an object is in, asked from its own side: always with the groups above. */
function membershipRoutes(directory: DirectoryStore): GraphRoutes {
  const above = (collection: string, id: string): string[] => {
    const objectId = collection === "users" ? findPerson(directory, id).objectId : existing(directory, id);
    return [...groupsOf(directory.groups.values(), objectId)];
  };
  const ids = (value: readonly string[]): Response =>
    Response.json({ "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)", value });
  const rows = ["users", "servicePrincipals", "groups", "directoryObjects"].map((collection): GraphRoutes => ({
    [`POST /${collection}/{id}/checkMemberGroups`]: async ({ request, params, caller }) => {
      demandOneOf(caller, mayRead);
      const { groupIds } = checkBody(asked, await readBody(request), "DirectoryObject");
      const of = above(collection, params["id"] as string);
      return ids(groupIds.filter((id) => of.includes(id.toLowerCase())));
    },
    [`POST /${collection}/{id}/getMemberGroups`]: ({ params, caller }) => {
      demandOneOf(caller, mayRead);
      return ids(above(collection, params["id"] as string));
    },
  }));
  return Object.assign({}, ...rows) as GraphRoutes;
}
