import type { Tags } from "../deployment/tags";
import { type Problem, shownAs } from "./settings-error";
import { couldBeSecret, looksSecret } from "./plain-secrets";

/** Names that the program itself gives its tags. */
const ours = ["project", "stack", "component", "owner", "commit", "expires"];

/** What Azure allows: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations. */
const longestName = 128;
const longestValue = 256;
const most = 50 - ours.length;

const example = 'tags: { costCenter: "42" }';

/**
 * Reads tags of one's own, from a stack file or from the component's arguments.
 * @param encrypted whether Pulumi keeps the setting encrypted, which tags cannot be: everybody who sees a resource reads them
 */
export function readTags(value: unknown, encrypted: boolean): { tags: Tags | undefined; problems: Problem[] } {
  if (value === undefined) return { tags: undefined, problems: [] };
  const wrong = (setting: string, seen: unknown, allowed: string, more: Partial<Problem> = {}): Problem => ({
    code: "wrong-value",
    setting,
    seen: shownAs(seen, encrypted),
    allowed,
    example,
    ...more,
  });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { tags: undefined, problems: [wrong("tags", value, "an object of names and texts")] };
  }
  if (encrypted) {
    const hint = "Everybody who sees a resource reads its tags, and they stand in every bill.";
    return { tags: undefined, problems: [wrong("tags", value, "names and texts that are no secrets", { hint })] };
  }
  const entries = Object.entries(value);
  const problems = entries.flatMap(([name, text], at): Problem[] => {
    const setting = `tags.${name}`;
    if (ours.includes(name.toLowerCase())) {
      return [wrong(setting, text, `another name than ${ours.join(", ")}, which the program gives itself`)];
    }
    if (name.length === 0 || name.length > longestName || /[<>%&\\?/]/.test(name)) {
      return [wrong(setting, text, `a name of 1 to ${longestName} characters, none of < > % & \\ ? /`)];
    }
    if (entries.findIndex(([other]) => other.toLowerCase() === name.toLowerCase()) < at) {
      return [wrong(setting, text, "names that differ in more than case, by which Azure does not tell tags apart")];
    }
    if (!isScalar(text) || String(text).length > longestValue) {
      return [wrong(setting, text, `a text of at most ${longestValue} characters`)];
    }
    if (looksSecret(name) || couldBeSecret(String(text))) {
      const secret = { code: "plain-secret", seen: "a secret (not shown)" } as const;
      const hint =
        "Everybody who sees a resource reads its tags. If it is a secret, renew it: it stood in clear in a file.";
      return [wrong(setting, text, "a text that is no secret", { ...secret, hint })];
    }
    return [];
  });
  if (entries.length > most) problems.push(wrong("tags", entries.length, `at most ${most} of them`));
  return { tags: problems.length > 0 ? undefined : asTexts(value), problems };
}

/** What `pulumi config set --path tags.costCenter 42` makes of a text is a number. */
export function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** The same object with texts alone. */
export function asTexts(value: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
