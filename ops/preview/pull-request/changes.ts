import { isPreviewStack } from "../../../infra/settings/environment";
import { sharedFile } from "../settings-file";
import { dependencyChanges } from "./dependency-changes";
import { counted, listed } from "./markdown";
import { type SettingsText, settingsChanges } from "./settings-changes";

/** A pull request beside the main branch, as git tells it. */
export interface Comparison {
  /** Paths of all files that differ. */
  readonly paths: readonly string[];
  /** Every stack's file of either side, by its name: `Pulumi.prod.yaml`. */
  readonly settings: Readonly<Record<string, SettingsText>>;
  /** package-lock.json. */
  readonly lock: SettingsText;
}

/** What a pull request changes, in sentences without their subject, as Markdown. */
export interface Changes {
  /** What a deployment would bring. */
  readonly deployed: readonly string[];
  /** What no deployment shows: tests, documents, tools. */
  readonly besides: readonly string[];
}

const lockFile = "package-lock.json";

/** What of the repository is deployed, or decides what is, by the beginnings of paths; the first that fits counts. */
const parts: readonly (readonly [path: RegExp, what: string])[] = [
  [/^bot\//, "the bot's code"],
  [/^contract\//, "the contract between the bot and the program"],
  [/^infra\/policy\//, "the policy pack"],
  [/^infra\//, "the program in infra/"],
  [/^Pulumi\.yaml$/, "Pulumi.yaml"],
  [/^tsconfig\.json$/, "tsconfig.json"],
];

const others: readonly (readonly [path: RegExp, what: string])[] = [
  [/^test\//, "tests"],
  [/^(docs\/|[^/]+\.md$)/, "documents"],
  [/^\.github\//, "workflows"],
  [/^(cli|ops)\//, "commands"],
  [/^local\//, "the local Azure"],
  [/./, "other files"],
];

/** Says what a pull request changes. Pure; the texts may be anybody's. */
export function changesOf({ paths, settings, lock }: Comparison): Changes {
  const dependencies = dependencyChanges(lock.before, lock.after);
  const code = paths.filter((path) => !(path in settings) && path !== lockFile && path !== "package.json");
  const deployed = groups(code, parts);
  const rest = code.filter((path) => !parts.some(([pattern]) => pattern.test(path)));
  return {
    deployed: [
      ...settingsOfAll(settings),
      ...deployed.map(([what, count]) => `changes ${what} (${counted(count, "file")})`),
      ...dependencies.deployed,
    ],
    besides: [
      ...groups(rest, others).map(([what, count]) => `${what} (${counted(count, "file")})`),
      ...(dependencies.tools.length > 0 ? [`tools (${counted(dependencies.tools.length, "package")})`] : []),
    ],
  };
}

/** A change that several environments share is said once, with their names; one that all share, without. */
function settingsOfAll(settings: Comparison["settings"]): string[] {
  const files = Object.keys(settings).sort();
  const said = new Map<string, string[]>();
  for (const file of files) {
    for (const change of settingsChanges(settings[file]!)) said.set(change, [...(said.get(change) ?? []), file]);
  }
  return [...said].map(([change, where]) => {
    if (where.length === files.length && files.length > 1) return `${change} (in every environment)`;
    return `${change} (${listed(where.map(environmentIn))})`;
  });
}

/** `Pulumi.preview.yaml` -> `previews` */
function environmentIn(file: string): string {
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? file;
  return file === sharedFile || isPreviewStack(stack) ? "previews" : stack;
}

function groups(paths: readonly string[], among: typeof parts): (readonly [what: string, count: number])[] {
  const partOf = (path: string): string | undefined => among.find(([pattern]) => pattern.test(path))?.[1];
  return among.flatMap(([, what]) => {
    const count = paths.filter((path) => partOf(path) === what).length;
    return count > 0 ? [[what, count] as const] : [];
  });
}

/** The changes as Markdown, a line for each. */
export function changesText({ deployed, besides }: Changes): string {
  const lines = deployed.length > 0 ? deployed.map((change) => `- ${change}`) : ["Changes nothing that is deployed."];
  return [...lines, ...(besides.length > 0 ? ["", `Besides: ${listed(besides)}.`] : [])].join("\n");
}
