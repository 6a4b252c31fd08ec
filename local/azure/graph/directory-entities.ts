import { checkMayWrite, demandOneOf, readApplications } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";

/** What the requests about applications and about service principals differ in. */
interface Entities<Entity> {
  readonly collection: "applications" | "servicePrincipals";
  readonly all: ReadonlyMap<string, Entity>;
  byAppId(appId: string): Entity | undefined;
  /** @param alone whether it is answered by itself, and not in a list */
  show(url: URL, entity: Entity, alone: boolean): Record<string, unknown>;
  /** Gives what the creation is answered with. */
  create(call: GraphCall): Promise<Record<string, unknown>>;
  change(entity: Entity, request: Request): Promise<void>;
  delete(entity: Entity): void;
}

/** Listing and creating, and reading, changing and deleting by object id or by client id. */
export function entityRoutes<Entity extends { readonly id: string }>(
  { directory }: Graph,
  entities: Entities<Entity>,
): GraphRoutes {
  const { collection, all } = entities;
  const options = { type: collection.slice(0, -1), context: collection };
  const one = (key: string, find: (call: GraphCall) => Entity): GraphRoutes => ({
    [`GET /${collection}${key}`]: (call) => {
      const entity = find(call);
      demandOneOf(call.caller, readApplications);
      return answerEntity(call.url, entities.show(call.url, entity, true), options);
    },
    [`PATCH /${collection}${key}`]: async (call) => {
      const entity = find(call);
      checkMayWrite(call.caller, directory, entity.id);
      await entities.change(entity, call.request);
      return noContent();
    },
    [`DELETE /${collection}${key}`]: (call) => {
      const entity = find(call);
      checkMayWrite(call.caller, directory, entity.id);
      entities.delete(entity);
      return noContent();
    },
  });
  return {
    [`GET /${collection}`]: ({ url, caller }) => {
      demandOneOf(caller, readApplications);
      const shown = [...all.values()].map((entity) => entities.show(url, entity, false));
      return answerCollection(url, shown, options);
    },
    [`POST /${collection}`]: async (call) =>
      answerEntity(call.url, await entities.create(call), { ...options, tenantId: directory.tenant.tenantId }, 201),
    ...one("(appId='{appId}')", ({ params: { appId = "" } }) => found(entities.byAppId(appId), appId)),
    ...one("/{id}", ({ params: { id = "" } }) => found(all.get(id.toLowerCase()), id)),
  };
}

/** What was looked for by this id. Throws `Request_ResourceNotFound` where there is none. */
export function found<Entity>(entity: Entity | undefined, id: string): Entity {
  if (entity === undefined) throw refusals.notFound(id);
  return entity;
}
