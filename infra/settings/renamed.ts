/**
 * A setting that has got another name. Under its old one it is taken, with a warning that says the new one, in the release
 * that renames it and in the next minor release; from then on it is refused as any unknown one. An old name is never given to
 * something else.
 */
export interface RenamedSetting {
  readonly now: string;
  /** The release in which this row goes, and the old name with it: `0.4.0`. */
  readonly refusedFrom: string;
}

/** By old name. None at present. */
export const renamedSettings: Readonly<Record<string, RenamedSetting>> = {};

/** A configuration in which every setting stands under its present name, and what to tell whoever wrote old ones. */
export interface Present {
  readonly config: Readonly<Record<string, string>>;
  /** The old key of each that was found under one, by its present key: encryption is kept by key. */
  readonly before: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/**
 * Puts settings under their present names. Where both names are said the present one counts, and the old one stays where it
 * is: it is refused as unknown, because nobody knows which of the two was meant.
 * @param project whose namespace the settings stand in
 */
export function underPresentNames(
  config: Readonly<Record<string, string>>,
  project: string,
  renamed: Readonly<Record<string, RenamedSetting>> = renamedSettings,
): Present {
  const before = new Map<string, string>();
  const warnings: string[] = [];
  const entries = Object.entries(config).map(([key, value]): [string, string] => {
    const name = key.startsWith(`${project}:`) ? key.slice(project.length + 1) : "";
    const row = Object.hasOwn(renamed, name) ? renamed[name] : undefined;
    const present = row && `${project}:${row.now}`;
    if (!row || !present || present in config) return [key, value];
    before.set(present, key);
    warnings.push(
      `The setting ${name} is called ${row.now} now. From version ${row.refusedFrom} on the old name is refused: ` +
        `pulumi config rm ${name}, then pulumi config set ${row.now} ...`,
    );
    return [present, value];
  });
  return { config: Object.fromEntries(entries), before, warnings };
}
