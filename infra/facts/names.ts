import { createHash } from "node:crypto";

/** Length of the random suffix that {@link globalName} takes. */
export const suffixLength = 8;

/** What a kind of globally unique name allows: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules. */
const globalKinds = {
  vault: { max: 24, dashes: true },
  storageAccount: { max: 24, dashes: false },
  webApp: { max: 40, dashes: true },
  bot: { max: 42, dashes: true },
} as const;

export type GlobalKind = keyof typeof globalKinds;

/**
 * What names begin with: the project, and the component where it is not called as the project is. Two components of one
 * stack then have different names everywhere in Azure.
 */
export function namedAfter(project: string, component: string): string {
  return component === project ? project : `${project}/${component}`;
}

/**
 * Name of the resource group and of all that has to be unique only within it or within the tenant. Project and stack
 * as far as they fit, then six digits of their hash, so that two long stack names never meet. At most 40 characters of
 * `a-z 0-9 -`, beginning with a letter: the plan's limit, the tightest of these.
 */
export function ownName(project: string, stack: string): string {
  const hash = createHash("sha256").update(`${project}/${stack}`).digest("hex").slice(0, 6);
  return compose(project, stack, hash, 40, true);
}

/**
 * Name of a resource that no one else in the world may have.
 * @param suffix `suffixLength` random characters of `a-z 0-9`, kept in the stack's state: the same stack of another
 * tenant, or one made again while its old vault is in the recycle bin, gets another
 */
export function globalName(kind: GlobalKind, project: string, stack: string, suffix: string): string {
  const { max, dashes } = globalKinds[kind];
  return compose(project, stack, suffix, max, dashes);
}

/** Whether a name is one that {@link globalName} gives for this project and stack, whatever its suffix. */
export function isGlobalName(kind: GlobalKind, project: string, stack: string, name: string): boolean {
  const suffix = name.slice(-suffixLength);
  return (
    /^[a-z0-9]+$/.test(suffix) && suffix.length === suffixLength && name === globalName(kind, project, stack, suffix)
  );
}

/**
 * What users read on the sign-in and consent pages: `Mail bot (dev)`. Entra takes 120 characters; of a stack name that
 * is too long the beginning stays, because it is the part that people chose.
 */
export function signInName(displayName: string, stack: string): string {
  const room = 120 - displayName.length - " ()".length;
  return `${displayName} (${stack.length > room ? `${stack.slice(0, room - 1)}…` : stack})`;
}

function compose(project: string, stack: string, tail: string, max: number, dashes: boolean): string {
  const words = `${project}-${stack}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "");
  const plain = dashes ? words : words.replaceAll("-", "");
  const head = (plain || "bot").slice(0, max - tail.length - (dashes ? 1 : 0)).replace(/-+$/, "");
  return dashes ? `${head}-${tail}` : `${head}${tail}`;
}
