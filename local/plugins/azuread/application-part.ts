import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import { setAt, valueAt } from "../property-path";
import type { Row } from "../row";
import type { Session } from "../session";
import { applicationObjectId } from "./application";
import { graph, graphGet } from "./graph";

/** A resource that is an entry of a list on an application. */
interface Part {
  readonly token: string;
  /** Segment of the id: `/applications/<object id>/<segment>/<key>` */
  readonly segment: string;
  /** Path of the list on Graph's application. */
  readonly list: string;
  /** What tells the entry from its siblings. */
  keyOf(entry: unknown): string;
  keyFrom(inputs: Properties): string;
  /** The key as it stands in the id, and back, where it may hold a slash. */
  readonly encode?: (key: string) => string;
  /** The entry as Graph keeps it. */
  entry(inputs: Properties): unknown;
  outputs(entry: unknown): Properties;
  readonly replaceOn: readonly string[];
  /** What has to be written before the entry may go: Entra refuses to remove a scope that is enabled. */
  disabled?(entry: unknown): unknown;
}

/**
 * Each write is GET, change, PATCH of the whole list, one at a time for each application: Graph has no address for a
 * single entry, and two writers would undo each other.
 */
function applicationPart(part: Part): Row {
  const idOf = (objectId: string, key: string): string =>
    `/applications/${objectId}/${part.segment}/${part.encode?.(key) ?? key}`;
  const isOf = (id: string, objectId: string, entry: unknown): boolean => idOf(objectId, part.keyOf(entry)) === id;

  const list = async (session: Session, objectId: string): Promise<unknown[] | undefined> => {
    const app = await graphGet(session, `/applications/${objectId}`);
    return app && ((valueAt(app, part.list) as unknown[] | undefined) ?? []);
  };

  const write = async (session: Session, objectId: string, entries: unknown[]): Promise<void> => {
    const body: Properties = {};
    setAt(body, part.list, entries);
    await graph(session, "PATCH", `/applications/${objectId}`, body);
  };

  /** Runs one write of the list, which is undefined where the application is gone. */
  const change = <T>(
    session: Session,
    objectId: string,
    work: (entries: unknown[] | undefined) => Promise<T>,
  ): Promise<T> => session.exclusively(`/applications/${objectId}`, async () => work(await list(session, objectId)));

  const existing = (entries: unknown[] | undefined, objectId: string): unknown[] => {
    if (entries) return entries;
    throw new PluginError("request-refused", `there is no application with object id ${objectId}`, 404);
  };

  return {
    token: part.token,
    replaceOn: part.replaceOn,

    create(session, inputs) {
      const objectId = applicationObjectId(inputs.applicationId);
      const id = idOf(objectId, part.keyFrom(inputs));
      return change(session, objectId, async (found) => {
        const entries = existing(found, objectId);
        if (entries.some((entry) => isOf(id, objectId, entry))) {
          throw new PluginError("already-exists", `${id} exists already`);
        }
        await write(session, objectId, [...entries, part.entry(inputs)]);
        return { id, outputs: { ...inputs, ...part.outputs(part.entry(inputs)) } };
      });
    },

    async read(session, id) {
      const objectId = applicationObjectId(id);
      const found = (await list(session, objectId))?.find((entry) => isOf(id, objectId, entry));
      if (found === undefined) return undefined;
      const outputs = { applicationId: `/applications/${objectId}`, ...part.outputs(found) };
      return { id, outputs, inputs: outputs };
    },

    update(session, id, inputs) {
      const objectId = applicationObjectId(id);
      return change(session, objectId, async (found) => {
        const entry = part.entry(inputs);
        const entries = existing(found, objectId).map((other) => (isOf(id, objectId, other) ? entry : other));
        await write(session, objectId, entries);
        return { ...inputs, ...part.outputs(entry) };
      });
    },

    delete(session, id) {
      const objectId = applicationObjectId(id);
      return change(session, objectId, async (entries = []) => {
        const others = entries.filter((entry) => !isOf(id, objectId, entry));
        if (others.length === entries.length) return;
        const { disabled } = part;
        const off = disabled && entries.map((entry) => (isOf(id, objectId, entry) ? disabled(entry) : entry));
        if (off && !isDeepStrictEqual(off, entries)) await write(session, objectId, off);
        await write(session, objectId, others);
      });
    },
  };
}

interface Scope extends Properties {
  readonly id: string;
}
interface PreAuthorized {
  readonly appId: string;
  readonly delegatedPermissionIds: readonly string[];
}

/** `azuread.ApplicationPermissionScope`: a scope that the application exposes. */
export const applicationPermissionScope = applicationPart({
  token: "azuread:index/applicationPermissionScope:ApplicationPermissionScope",
  segment: "permissionScopes",
  list: "api.oauth2PermissionScopes",
  keyOf: (entry) => (entry as Scope).id,
  keyFrom: (inputs) => String(inputs.scopeId),
  entry({ scopeId, applicationId: _application, type, ...texts }) {
    return { id: scopeId, isEnabled: true, type: type ?? "User", ...texts };
  },
  outputs(entry) {
    const { id, isEnabled: _enabled, ...texts } = entry as Scope;
    return { ...texts, scopeId: id };
  },
  replaceOn: ["applicationId", "scopeId"],
  disabled: (entry) => ({ ...(entry as Scope), isEnabled: false }),
});

/** `azuread.ApplicationPreAuthorized`: a client that may ask for scopes without the user's consent. */
export const applicationPreAuthorized = applicationPart({
  token: "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized",
  segment: "preAuthorizedApplications",
  list: "api.preAuthorizedApplications",
  keyOf: (entry) => (entry as PreAuthorized).appId,
  keyFrom: (inputs) => String(inputs.authorizedClientId),
  entry: ({ authorizedClientId, permissionIds }) => ({
    appId: authorizedClientId,
    delegatedPermissionIds: permissionIds,
  }),
  outputs(entry) {
    const { appId, delegatedPermissionIds } = entry as PreAuthorized;
    return { authorizedClientId: appId, permissionIds: delegatedPermissionIds };
  },
  replaceOn: ["applicationId", "authorizedClientId"],
});

/** `azuread.ApplicationIdentifierUri` */
export const applicationIdentifierUri = applicationPart({
  token: "azuread:index/applicationIdentifierUri:ApplicationIdentifierUri",
  segment: "identifierUris",
  list: "identifierUris",
  keyOf: (entry) => String(entry),
  keyFrom: (inputs) => String(inputs.identifierUri),
  encode: (uri) => Buffer.from(uri).toString("base64"),
  entry: ({ identifierUri }) => identifierUri,
  outputs: (entry) => ({ identifierUri: entry }),
  replaceOn: ["applicationId", "identifierUri"],
});
