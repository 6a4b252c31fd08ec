import type { DirectoryStore } from "../entra/directory-store";
import { findApplication } from "./applications";
import { checkMayWrite, demandOneOf, readApplications } from "./caller";
import { answerCollection } from "./collection";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { usuallyShown } from "./people";
import { readBody, referencedId } from "./request-body";
import { findServicePrincipal } from "./service-principals";

/** `/applications/{id}/owners` and `/servicePrincipals/{id}/owners`. */
export function ownerRoutes({ directory }: Graph): GraphRoutes {
  return {
    ...ownersOf(directory, "applications", ({ params }) => findApplication(directory, params["id"] as string).id),
    ...ownersOf(
      directory,
      "servicePrincipals",
      ({ params }) => findServicePrincipal(directory, params["id"] as string).id,
    ),
  };
}

function ownersOf(directory: DirectoryStore, collection: string, find: (call: GraphCall) => string): GraphRoutes {
  return {
    [`GET /${collection}/{id}/owners`]: (call) => {
      demandOneOf(call.caller, readApplications);
      const owners = [...(directory.owners.get(find(call)) ?? [])].map((id) => directoryObject(directory, id));
      return answerCollection(call.url, owners, { type: "directoryObject", context: "directoryObjects" });
    },
    [`POST /${collection}/{id}/owners/$ref`]: async (call) => {
      const id = find(call);
      checkMayWrite(call.caller, directory, id);
      const owner = referencedId((await readBody(call.request))["@odata.id"]);
      directoryObject(directory, owner);
      const owners = directory.owners.get(id) ?? new Set();
      if (owners.has(owner)) throw refusals.referenceExists("owners");
      directory.owners.set(id, owners.add(owner));
      return noContent();
    },
    [`DELETE /${collection}/{id}/owners/{owner}/$ref`]: (call) => {
      const id = find(call);
      checkMayWrite(call.caller, directory, id);
      const owner = call.params["owner"] as string;
      if (!directory.owners.get(id)?.delete(owner)) throw refusals.notFound(owner);
      return noContent();
    },
  };
}

/** A person or service principal as a list of mixed objects shows it. Throws `Request_ResourceNotFound`. */
function directoryObject(directory: DirectoryStore, id: string): Record<string, unknown> {
  const person = directory.people.find(({ objectId }) => objectId === id);
  if (person) return { "@odata.type": "#microsoft.graph.user", ...usuallyShown(person) };
  const { appId, displayName } = findServicePrincipal(directory, id);
  return { "@odata.type": "#microsoft.graph.servicePrincipal", id, appId, displayName };
}
