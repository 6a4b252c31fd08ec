import { randomBytes, randomUUID } from "node:crypto";
import type { Properties } from "../../../infra/provider/envelope";

/** Input that azure-native adds where it made up a random name: such a resource may exist beside its replacement. */
export const madeUpName = "__createBeforeDelete";

/** The input that names a resource: the last of its path, where the path ends in one. */
function nameInput(path: string): string | undefined {
  return /\{(\w+)\}$/.exec(path)?.[1];
}

/**
 * The name of a resource that the program leaves unnamed, by azure-native's rules: a UUID for a role assignment; the
 * logical name and eight random hex digits for what has no parent but its group; otherwise the logical name.
 * https://www.pulumi.com/docs/iac/concepts/resources/names/
 * @param before the inputs it had; a name once made up stays
 */
export function autoName(path: string, logicalName: string, inputs: Properties, before: Properties): Properties {
  const input = nameInput(path);
  if (!input || inputs[input] !== undefined) return {};
  const kept = before[input];
  if (path.includes("/roleAssignments/")) return { [input]: kept ?? randomUUID() };
  const ofProvider = path.split("/providers/").at(-1) ?? path;
  const names = [...ofProvider.matchAll(/\{\w+\}/g)].length;
  const random = names === 1 || !path.includes("/providers/");
  if (!random) return { [input]: kept ?? logicalName };
  return { [input]: kept ?? logicalName + randomBytes(4).toString("hex"), [madeUpName]: true };
}
