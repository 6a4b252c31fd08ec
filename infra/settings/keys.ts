import { otherClouds, publicCloudOnly } from "../facts/cloud";
import { nearest } from "./nearest";
import { looksSecret, plainProviderSecrets } from "./plain-secrets";
import { type Problem, shownAs } from "./settings-error";
import { singleValues } from "./single-values";
import { type Source, shown } from "./source";

/** Settings that are an object or a list. */
const composed = ["connections", "chatPage", "code", "existing", "adopted", "tags", "appSettings", "teams"] as const;

export type Composed = (typeof composed)[number];

/** Every setting by its name. */
export const settingNames: readonly string[] = [...Object.keys(singleValues), ...composed];

/** What names another cloud than the public one. */
export function cloudsSaid({ config, environment }: Source): Problem[] {
  return otherClouds(config, environment).map(({ source, said }) => ({
    code: "other-cloud",
    setting: source,
    seen: shownAs(said, false),
    allowed: "public, or nothing",
    example: source.includes(":") ? `pulumi config rm ${source}` : `unset ${source}`,
    hint: publicCloudOnly,
  }));
}

/** What stands under the project's name and is no setting. */
export function unknownSettings(source: Source): Problem[] {
  const prefix = `${source.project}:`;
  const names = Object.keys(source.config)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return names
    .filter((name) => !settingNames.includes(name))
    .map((name) => {
      const clear = looksSecret(name) && !source.isEncrypted(prefix + name);
      const meant = nearest(name, settingNames);
      return {
        code: clear ? "plain-secret" : "unknown-setting",
        setting: name,
        seen: looksSecret(name) ? "a secret (not shown)" : shown(source, name),
        allowed: [...settingNames].sort().join(", "),
        example: meant ? `pulumi config set ${meant} ...` : `pulumi config rm ${name}`,
        hint: clear
          ? "No such setting exists, and it stands in clear in the stack file: remove it, renew the secret, and set secrets with pulumi config set --secret only."
          : meant
            ? `No such setting exists. Did you mean ${meant}?`
            : "No such setting exists.",
      } satisfies Problem;
    });
}

/** Namespaces of the packages that the program uses, and of Pulumi itself. */
const packages = ["azure-native", "azuread", "random", "pulumi"];

/**
 * Settings of this program under a namespace that nobody reads: a misspelt project, or another project's. What other
 * packages of a program of one's own are told stays theirs.
 */
export function misplacedSettings(source: Source): Problem[] {
  return Object.keys(source.config).flatMap((key) => {
    const [namespace = "", name = ""] = key.split(/:(.*)/s);
    if (namespace === source.project || packages.includes(namespace)) return [];
    if (!settingNames.includes(name) && nearest(namespace, [source.project]) === undefined) return [];
    const encrypted = source.isEncrypted(key);
    return [
      {
        code: "unknown-setting",
        setting: key,
        seen: looksSecret(name) ? "a secret (not shown)" : shownAs(source.config[key], encrypted),
        allowed: `settings of this program stand under ${source.project}`,
        example: `pulumi config rm ${key}, then pulumi config set ${name} ...`,
        hint: `Nothing reads the namespace ${namespace}.`,
      } satisfies Problem,
    ];
  });
}

/** Secrets of the providers that stand in clear. */
export function secretsInClear(source: Source): Problem[] {
  return plainProviderSecrets(source.config, (key) => source.isEncrypted(key)).map((key) => ({
    code: "plain-secret",
    setting: key,
    seen: "a secret (not shown)",
    allowed: "an encrypted value",
    example: `pulumi config set --secret ${key}`,
    hint: "It stands in clear in the stack file: renew it, then set it encrypted.",
  }));
}
