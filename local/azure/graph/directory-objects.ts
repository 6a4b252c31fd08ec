import { z } from "zod";
import { signedIn, usuallyShown } from "./people";
import { found } from "./directory-entities";
import { refusals } from "./errors";
import { answerCollection, answerEntity } from "./collection";
import { isAdministrator, readDirectory, demandOneOf } from "./caller";
import { noContent, type Graph, type GraphRoutes } from "./graph-call";
import { checkBody, readBody } from "./request-body";
import type { DirectoryStore, DirectoryRoleAssignment } from "../entra/directory-store";
import { shownGroup } from "../entra/group";
import { newId } from "../secrets";

const options = { type: "directoryObject", context: "directoryObjects" };
const assignments = { type: "unifiedRoleAssignment", context: "roleManagement/directory/roleAssignments" };

const byIds = z.strictObject({ ids: z.array(z.string()).max(1000), types: z.array(z.string()).nullish() });
const newAssignment = z.strictObject({
  principalId: z.string(),
  roleDefinitionId: z.guid(),
  directoryScopeId: z.literal("/"),
});

/** Whatever has an object id, and who holds which of the directory's own roles. */
export function directoryObjectRoutes({ directory }: Graph): GraphRoutes {
  return {
    // https://learn.microsoft.com/graph/api/directoryobject-getbyids
    "POST /directoryObjects/getByIds": async ({ request, url, caller }) => {
      demandOneOf(caller, readDirectory);
      const { ids, types } = checkBody(byIds, await readBody(request), "DirectoryObject");
      const found = ids
        .flatMap((id): Record<string, unknown>[] => [directoryObject(directory, id) ?? []].flat())
        .filter(
          (object) => !types?.length || types.some((type) => object["@odata.type"] === `#microsoft.graph.${type}`),
        );
      return answerCollection(url, found, options);
    },
    "GET /directoryObjects/{id}": ({ url, params, caller }) => {
      demandOneOf(caller, readDirectory);
      const id = params["id"] as string;
      return answerEntity(url, found(directoryObject(directory, id), id), options);
    },
    "GET /me/ownedObjects": ({ url, caller }) => {
      const { objectId } = signedIn(caller);
      const owned = [...directory.owners].flatMap(([id, owners]): Record<string, unknown>[] =>
        owners.has(objectId) ? [directoryObject(directory, id) ?? []].flat() : [],
      );
      return answerCollection(url, owned, options);
    },
    // https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments
    "GET /roleManagement/directory/roleAssignments": ({ url, caller }) => {
      demandOneOf(caller, readDirectory);
      return answerCollection(url, [...directory.roleAssignments.values()].map(shown), assignments);
    },
    "POST /roleManagement/directory/roleAssignments": async ({ request, url, caller }) => {
      if (!isAdministrator(caller)) throw refusals.privileges();
      const given = checkBody(newAssignment, await readBody(request), "UnifiedRoleAssignment");
      if (!directoryObject(directory, given.principalId)) throw refusals.notFound(given.principalId);
      const twin = [...directory.roleAssignments.values()].find(
        (one) => one.principalId === given.principalId && one.roleDefinitionId === given.roleDefinitionId,
      );
      if (twin) throw refusals.roleAssignmentExists();
      const assignment = { id: newId(32, "base64url"), ...given };
      directory.roleAssignments.set(assignment.id, assignment);
      return answerEntity(url, shown(assignment), assignments, 201);
    },
    "DELETE /roleManagement/directory/roleAssignments/{id}": ({ params, caller }) => {
      if (!isAdministrator(caller)) throw refusals.privileges();
      if (!directory.roleAssignments.delete(params["id"] as string)) throw refusals.notFound(params["id"] as string);
      return noContent();
    },
  };
}

const shown = (assignment: DirectoryRoleAssignment): Record<string, unknown> => ({ ...assignment });

/** Whatever has this object id, as a list of mixed objects shows it; undefined where nothing has. */
export function directoryObject(directory: DirectoryStore, given: string): Record<string, unknown> | undefined {
  const id = given.toLowerCase();
  const person = directory.people.find(({ objectId }) => objectId === id);
  if (person) return { "@odata.type": "#microsoft.graph.user", ...usuallyShown(person) };
  const principal = directory.servicePrincipals.get(id);
  if (principal) return { "@odata.type": "#microsoft.graph.servicePrincipal", ...principal };
  const group = directory.groups.get(id);
  if (group) return { "@odata.type": "#microsoft.graph.group", ...shownGroup(group) };
  const application = directory.applications.get(id);
  return application && { "@odata.type": "#microsoft.graph.application", ...application };
}
