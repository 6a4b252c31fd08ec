import { z } from "zod";
import type { Resource } from "../../service";
import { apiVersionsOf } from "../api-versions";
import type { Core } from "../core";
import { scopeLocked } from "../errors";
import type { ResourceType } from "../resource-type";
import { covers } from "../roles";

export const lockType = "Microsoft.Authorization/locks";

/** https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
export const locks: ResourceType = {
  type: lockType,
  level: "scope",
  apiVersions: apiVersionsOf(lockType),
  methods: ["DELETE"],
  body: z.strictObject({
    properties: z.strictObject({
      level: z.enum(["CanNotDelete", "ReadOnly", "NotSpecified"]),
      notes: z.string().max(512).nullish(),
      owners: z.array(z.object({ applicationId: z.string() })).nullish(),
    }),
  }),
  list: ({ azure }, scope) => {
    const related = (at: string): boolean => covers(at, scope) || covers(scope, at);
    return azure.resources.list(lockType).filter((lock) => related(scopeOfLock(lock)));
  },
};

/**
 * Refuses a write, an action or a deletion that a lock forbids: one at the scope or above it, and for a deletion one below
 * it, too. Throws `ScopeLocked`.
 * @param verb what is done to the scope; an action counts as a write
 */
export function refuseLocked(core: Core, scope: string, verb: "write" | "delete"): void {
  const found = core.store.list(lockType).filter((lock) => {
    const at = scopeOfLock(lock);
    const level = String(lock.properties["level"]);
    if (verb === "write") return level === "ReadOnly" && covers(at, scope);
    return covers(at, scope) || covers(scope, at);
  });
  if (found.length > 0) throw scopeLocked(scope, verb, found.map(scopeOfLock));
}

const scopeOfLock = ({ id }: Resource): string => id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));
