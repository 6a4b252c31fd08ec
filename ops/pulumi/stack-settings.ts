import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isPreviewStack } from "../../infra/settings/environment";
import { parseSettings, type Settings } from "../../infra/settings/settings";
import { nearest } from "../../infra/settings/nearest";
import { parseYaml } from "../../infra/yaml-file";
import { fullKeys, projectOf } from "./project";
import { OpsError } from "../cli/ops-error";

/** What preflight knows of a stack before it asks anybody. */
export interface StackSettings extends Settings {
  /** Name of the project in Pulumi.yaml. */
  readonly project: string;
}

/**
 * The settings of a stack, read from its file without Pulumi's CLI, so that no state and no passphrase is needed.
 * Throws an {@link OpsError} where there is no such file, and the SettingsError of wrong settings.
 * @param folder where Pulumi.yaml is
 */
export async function stackSettings(
  folder: string,
  stack: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<StackSettings> {
  const read = async (name: string): Promise<unknown> => {
    const file = `Pulumi.${name}.yaml`;
    const text = await readFile(join(folder, file), "utf8").catch(() => undefined);
    return text === undefined ? undefined : (parseYaml(file, text) ?? {});
  };
  // A preview's own file is there only where it was brought up.
  const said = (await read(stack)) ?? (isPreviewStack(stack) ? await read("preview") : undefined);
  if (said === undefined) throw await unknownStack(folder, stack);
  const project = await projectOf(folder);
  const config = fullKeys(project, (said as { config?: Record<string, unknown> | null }).config ?? {});
  const encrypted = new Set(Object.keys(config).filter((key) => isEncrypted(config[key])));
  const settings = parseSettings({
    project,
    stack,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(open(value)),
      ]),
    ),
    isEncrypted: (key) => encrypted.has(key),
    environment,
  });
  return { ...settings, project };
}

/** `pulumi config set --secret` leaves `{secure: <ciphertext>}`, alone or inside a list or an object. */
function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isEncrypted);
}

/** A value inside which texts that only Pulumi's CLI can read have another in their place. */
function open(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(open);
  if ("secure" in value) return "(encrypted)";
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, open(inner)]));
}

/** The refusal of a stack that has no file, with those that have one, and the one that is most like it. */
export async function unknownStack(folder: string, stack: string): Promise<OpsError> {
  const files = await readdir(folder).catch(() => []);
  // What all previews share is no stack.
  const stacks = files.flatMap((file) => /^Pulumi\.(?!preview\.)(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
  const meant = nearest(stack, stacks);
  return new OpsError(
    "stack-unknown",
    `There is no file Pulumi.${stack}.yaml; this project has the stacks ${stacks.join(", ") || "none"}`,
    meant === undefined ? `pulumi stack init ${stack}` : `Did you mean ${meant}?`,
  );
}
