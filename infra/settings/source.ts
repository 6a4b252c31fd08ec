import { shownAs } from "./settings-error";

/** The stack's raw configuration and the environment, as the settings are read from them. */
export interface Source {
  readonly project: string;
  readonly stack: string;
  /** Pulumi's configuration: `<namespace>:<name>` to text; lists and objects as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether Pulumi keeps a configuration key encrypted. */
  isEncrypted(key: string): boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Is told what is taken as yet and will be refused. */
  warn?(warning: string): void;
}

/** What the stack says of a setting. */
export function text(source: Source, name: string): string | undefined {
  return source.config[`${source.project}:${name}`];
}

/** The same as a problem may show it. */
export function shown(source: Source, name: string): string {
  return shownAs(text(source, name), source.isEncrypted(`${source.project}:${name}`));
}

/** A setting that is a list or an object, which Pulumi hands over as JSON. Text that is none is given back as it is, for the checks to refuse. */
export function readJson(source: Source, name: string): unknown {
  const given = text(source, name);
  if (given === undefined) return undefined;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}
