import type { Access } from "../../infra/azure/access";
import { graphList, withClientId } from "../../infra/azure/graph";
import { lookAhead, type Look } from "../../infra/azure/preconditions";
import { lastingTags } from "../../infra/deployment/tags";
import { ownName } from "../../infra/facts/names";
import { declaredUnasked, permissionTexts } from "../../infra/connections/apis";
import { addressesOf } from "../../infra/facts/residency";
import { isForbidden, unlessRefused } from "../azure/unless-refused";
import { type Finding, unreadable } from "./finding";
import type { StackSettings } from "../pulumi/stack-settings";

/**
 * Whether what the stack hands in is there and fit, and whether the names that it is going to give are free: the looks that
 * `pulumi up` itself begins with.
 */
export async function existingThings(access: Access, settings: StackSettings, stack: string): Promise<Finding[]> {
  const { project, subscriptionId, existing = {}, botHandle, residency, connections } = settings;
  const { tenantId, location, hostingSize } = settings;
  const own = ownName(project, stack);
  const looks = await lookAhead(access, {
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    tenantId,
    location,
    hostingSize,
    existing,
    ...(existing.resourceGroup === undefined ? { ownGroup: own } : {}),
    marks: lastingTags({ project, stack }),
    redirectAddress: addressesOf(residency).redirectAddress,
    permissions: permissionTexts(declaredUnasked(connections)),
    // The other names have random letters that the first deployment draws.
    names: botHandle === undefined ? {} : { bot: botHandle },
    resourceGroup: existing.resourceGroup ?? own,
  });
  return looks.map(findingOf);
}

function titleOf({ setting, what }: Look): string {
  if (setting === "location") return `Region: ${what} is the subscription's`;
  if (setting.startsWith("existing.")) return `Existing: ${what} can be used`;
  return `Name: ${what} is free, or this stack's own`;
}

function findingOf(look: Look): Finding {
  const { state, obstacle } = look;
  const title = titleOf(look);
  if (state === "fit") return { what: title, state: "held" };
  if (state === "unseen") return { what: title, state: "unsure", because: "you may not look" };
  return { what: title, state: "missing", because: obstacle?.found ?? "", fix: obstacle?.fix ?? "" };
}

/**
 * Object ids of the owners of an application, by its client id: none where the deployer may not look, for an owner may. Why, where
 * they are not known.
 */
export async function ownersOf(access: Access, clientId: string): Promise<readonly string[] | string> {
  const look = async (): Promise<readonly string[]> => {
    const [application] = await withClientId<{ id: string }>(access, "applications", clientId);
    if (!application) return [];
    return (await graphList<{ id: string }>(access, `/applications/${application.id}/owners`)).map(({ id }) => id);
  };
  return unlessRefused(look(), isForbidden).then(
    (owners) => owners ?? [],
    (error: unknown) => unreadable("its owners", error),
  );
}
