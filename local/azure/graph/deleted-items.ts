import { day } from "../../../contract/time";
import type { DeletedItem, DirectoryStore } from "../entra/directory-store";
import { checkMayWrite, demandOneOf, readDeletedItems } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { found } from "./directory-entities";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";

/**
 * What was deleted in the last 30 days and still counts against quotas: applications and service principals.
 * https://learn.microsoft.com/graph/api/resources/directory
 */
export function deletedItemRoutes({ azure, directory }: Graph): GraphRoutes {
  const find = ({ params }: GraphCall): DeletedItem => {
    forgetOld(directory, azure.clock.now());
    const id = params["id"] as string;
    return found(directory.deletedItems.get(id.toLowerCase()), id);
  };
  const list = (kind: DeletedItem["kind"]) => (call: GraphCall) => {
    demandOneOf(call.caller, readDeletedItems);
    forgetOld(directory, azure.clock.now());
    const items = [...directory.deletedItems.values()].filter((deleted) => deleted.kind === kind);
    return answerCollection(
      call.url,
      items.map(({ item }) => ({ ...item })),
      { type: kind, context: "directoryObjects" },
    );
  };
  return {
    "GET /directory/deletedItems/microsoft.graph.application": list("application"),
    "GET /directory/deletedItems/microsoft.graph.servicePrincipal": list("servicePrincipal"),
    "GET /directory/deletedItems/graph.application": list("application"),
    "GET /directory/deletedItems/graph.servicePrincipal": list("servicePrincipal"),
    "GET /directory/deletedItems/{id}": (call) => {
      demandOneOf(call.caller, readDeletedItems);
      const { kind, item } = find(call);
      const shown = { "@odata.type": `#microsoft.graph.${kind}`, ...item };
      return answerEntity(call.url, shown, { type: kind, context: "directoryObjects" });
    },
    "DELETE /directory/deletedItems/{id}": (call) => {
      const { item } = find(call);
      checkMayWrite(call.caller, directory, item.id);
      purge(directory, item.id);
      return noContent();
    },
    "POST /directory/deletedItems/{id}/restore": (call) => {
      const deleted = find(call);
      checkMayWrite(call.caller, directory, deleted.item.id);
      restore(directory, deleted);
      const shown = { "@odata.type": `#microsoft.graph.${deleted.kind}`, ...deleted.item, deletedDateTime: null };
      return answerEntity(call.url, shown, { type: deleted.kind, context: "directoryObjects" });
    },
  };
}

function restore(directory: DirectoryStore, deleted: DeletedItem): void {
  if (deleted.kind === "application") {
    directory.applications.set(deleted.item.id, { ...deleted.item, deletedDateTime: null });
  } else {
    const { appId } = deleted.item;
    if (!directory.applicationByAppId(appId)) throw refusals.noBackingApplication(appId);
    if (directory.servicePrincipalByAppId(appId)) throw refusals.servicePrincipalExists(appId);
    directory.servicePrincipals.set(deleted.item.id, { ...deleted.item, deletedDateTime: null });
  }
  directory.deletedItems.delete(deleted.item.id);
}

function purge(directory: DirectoryStore, id: string): void {
  directory.deletedItems.delete(id);
  directory.owners.delete(id);
  directory.federatedIdentityCredentials.delete(id);
}

/** The bin empties itself after 30 days. */
function forgetOld(directory: DirectoryStore, now: Date): void {
  const oldest = now.getTime() - 30 * day;
  for (const [id, { item }] of directory.deletedItems) {
    if (Date.parse(item.deletedDateTime as string) < oldest) purge(directory, id);
  }
}
