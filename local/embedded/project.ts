import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseYaml, YamlFileError } from "../../infra/yaml-file";
import { ProgramError } from "./error";

/** A project and one of its stacks, as their files describe them. */
export interface Project {
  readonly name: string;
  /** Folder or file of the program. */
  readonly main: string;
  /** Settings by full key (`project:key`); lists and objects as JSON, as Pulumi's CLI passes them. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Folders of the providers that the project brings along, by name. */
  readonly providers: Readonly<Record<string, string>>;
}

type Yaml = Record<string, unknown>;

const isMap = (value: unknown): value is Yaml => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`.
 * @param overrides settings that go before those of the files; a key without a namespace is the project's
 * @param secretOverrides those of them that are secret
 * @throws ProgramError `InvalidProject` naming the file or the setting
 */
export function readProject(
  root: string,
  stack: string,
  overrides: Readonly<Record<string, string>> = {},
  secretOverrides: readonly string[] = [],
): Project {
  const project = readYaml(join(root, "Pulumi.yaml"));
  const name = project.name;
  if (typeof name !== "string") throw new ProgramError("invalid-project", `${join(root, "Pulumi.yaml")} has no name`);
  const stackFile = `Pulumi.${stack}.yaml`;
  const settings = readYaml(join(root, stackFile)).config;

  const full = (key: string): string => (key.includes(":") ? key : `${name}:${key}`);
  const config: Record<string, string> = {};
  const secretKeys: string[] = secretOverrides.map(full);
  const encrypted = new Set<string>();
  for (const [key, declared] of Object.entries(isMap(project.config) ? project.config : {})) {
    const value = isMap(declared) ? (declared.value ?? declared.default) : declared;
    if (value !== undefined) config[full(key)] = text(value);
    if (isMap(declared) && declared.secret === true) secretKeys.push(full(key));
  }
  for (const [key, value] of Object.entries(isMap(settings) ? settings : {})) {
    if (holdsEncrypted(value)) encrypted.add(full(key));
    else config[full(key)] = text(value);
  }
  for (const [key, value] of Object.entries(overrides)) config[full(key)] = value;
  for (const key of encrypted) {
    if (config[key] === undefined) {
      throw new ProgramError(
        "invalid-project",
        `${key} in ${stackFile} is encrypted, and only Pulumi's CLI can read it: give its value to this run`,
      );
    }
    secretKeys.push(key);
  }
  const providers = providerFolders(root, project);
  return {
    name,
    providers,
    main: join(root, typeof project.main === "string" ? project.main : "."),
    config,
    secretKeys,
  };
}

/** https://www.pulumi.com/docs/iac/concepts/projects/project-file/#plugins-options */
function providerFolders(root: string, { plugins }: Yaml): Record<string, string> {
  const listed = isMap(plugins) && Array.isArray(plugins.providers) ? plugins.providers : [];
  return Object.fromEntries(
    listed.filter(isMap).map(({ name, path }) => [String(name), join(root, String(path))] as const),
  );
}

/**
 * What a stack's file holds of the project's own settings, by their short name; encrypted values as `{secure: ...}`.
 * @throws ProgramError `invalid-project` where there is no such file
 */
export function stackSettings(root: string, stack: string): Readonly<Record<string, unknown>> {
  const { name } = readYaml(join(root, "Pulumi.yaml"));
  const { config } = readYaml(join(root, `Pulumi.${stack}.yaml`));
  const own = Object.entries(isMap(config) ? config : {}).flatMap(([key, value]) => {
    const [namespace, short] = key.includes(":") ? key.split(":") : [name, key];
    return namespace === name ? [[String(short), value] as const] : [];
  });
  return Object.fromEntries(own);
}

/** True for what `pulumi config set --secret` leaves in a stack's file. */
export function isEncrypted(value: unknown): boolean {
  return isMap(value) && typeof value.secure === "string";
}

function readYaml(path: string): Yaml {
  if (!existsSync(path))
    throw new ProgramError("invalid-project", `There is no file ${basename(path)}${otherStacks(dirname(path))}`);
  try {
    const value = parseYaml(basename(path), readFileSync(path, "utf8"));
    return isMap(value) ? value : {};
  } catch (error) {
    throw error instanceof YamlFileError ? new ProgramError("invalid-project", error.message) : error;
  }
}

/** The stacks that have a file, for who named another. */
function otherStacks(folder: string): string {
  // What all previews share is no stack, and what npm run azure:up writes is none of the project's.
  const stacks = readdirSync(folder).flatMap(
    (file) => /^Pulumi\.(?!preview\.|local-)(.+)\.yaml$/.exec(file)?.[1] ?? [],
  );
  return stacks.length === 0 ? "." : `; this project has the stacks ${stacks.sort().join(", ")}.`;
}

/** `pulumi config set --secret` leaves `{secure: <ciphertext>}`, alone or inside a structured value. */
function holdsEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsEncrypted);
  if (!isMap(value)) return false;
  return isEncrypted(value) || Object.values(value).some(holdsEncrypted);
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}
