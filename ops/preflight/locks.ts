import { shellWord } from "../../cli/shell-word";
import { covers } from "../azure/roles";
import { isForbidden, unlessRefused } from "../azure/unless-refused";
import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import type { Finding } from "./finding";

/** A lock of Azure Resource Manager. */
export interface Lock {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly level: string; readonly notes?: string | null };
}

const locksVersion = "2020-05-01";

/**
 * The locks at the scope of a deployment, above it and below it; undefined where the deployer may not see them.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export function readLocks(access: Access, scope: string): Promise<Lock[] | undefined> {
  const id = `${scope}/providers/Microsoft.Authorization/locks`;
  return unlessRefused(armClient(access).list<Lock>(id, locksVersion), isForbidden);
}

/**
 * Whether a lock keeps the deployment from writing. Pure.
 * @param scope the stack's resource group, or the subscription where there is none yet
 * @param handedIn ids of what the deployment writes into besides
 */
export function judgeLocks(locks: readonly Lock[] | undefined, scope: string, handedIn: readonly string[]): Finding[] {
  const what = "Azure: no lock keeps the deployment from writing";
  if (locks === undefined) return [{ what, state: "unsure", because: "you may not see the locks" }];
  const written = [scope, ...handedIn];
  const found = locks.flatMap((lock): Finding[] => {
    const at = lock.id.slice(0, lock.id.toLowerCase().lastIndexOf("/providers/"));
    const above = written.some((one) => covers(at, one));
    // A lock on something in the stack's group holds whatever the stack has there.
    if (!above && !(isGroup(scope) && covers(scope, at))) return [];
    const { level, notes } = lock.properties;
    const fix = `az lock delete --ids ${shellWord(lock.id)}`;
    const said = notes ? `, ${JSON.stringify(notes)}` : "";
    if (level === "ReadOnly") {
      const because = `the lock ${lock.name} at ${at} is ReadOnly${said}`;
      return [
        { what, state: "missing", because, fix: `${fix}; or deploy into another subscription or resource group` },
      ];
    }
    if (!isGroup(scope)) return [];
    const because = `the lock ${lock.name} at ${at} is ${level}${said}`;
    return [{ what: "Azure: no lock keeps pulumi from replacing or destroying", state: "unsure", because, fix }];
  });
  return found.length > 0 ? found : [{ what, state: "held" }];
}

const isGroup = (scope: string): boolean => /\/resourceGroups\//i.test(scope);
