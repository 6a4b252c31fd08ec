import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeWhole } from "../../infra/code/whole-file";
import { isPreviewStack } from "../../infra/settings/environment";
import { parseSettings } from "../../infra/settings/settings";
import { parseYaml } from "../../infra/yaml-file";
import { OpsError } from "../cli/ops-error";
import type { Adoption } from "./decide";

/** Names of the files that an adoption writes for a stack. */
export function filesOf(stack: string): { readonly settings: string; readonly imports: string } {
  return { settings: `Pulumi.${stack}.yaml`, imports: `adopt.${stack}.json` };
}

/** Throws an OpsError on a name that no stack has, and on a preview's, which anybody may take down. */
export function checkStackName(stack: string): void {
  // https://www.pulumi.com/docs/iac/concepts/stacks/#stack-name
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(stack)) {
    throw new OpsError("wrong-name", `${JSON.stringify(stack)} is no stack's name`, "Use A-Z a-z 0-9 _ . -");
  }
  if (isPreviewStack(stack)) {
    throw new OpsError(
      "wrong-name",
      `${stack} is a preview's name, and previews are taken down`,
      "Name another stack.",
    );
  }
}

/** The settings by their full keys, as a stack's file holds them. */
export function configOf(
  { settings }: Pick<Adoption, "settings">,
  project: string,
  subscriptionId: string,
): Record<string, unknown> {
  return {
    "azure-native:subscriptionId": subscriptionId,
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${project}:${name}`, value])),
  };
}

/** Throws the SettingsError of settings that the program would not take: then nothing is written. */
export function checkSettings(config: Readonly<Record<string, unknown>>, project: string, stack: string): void {
  parseSettings({
    project,
    stack,
    environment: {},
    isEncrypted: () => false,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
  });
}

/**
 * Writes a stack's settings and the file of imports. What `pulumi stack init` left in the settings' file stays.
 * Throws an OpsError where one of both is there already, with settings in it, and may not be overwritten.
 */
export async function writeAdoption(
  folder: string,
  stack: string,
  { config, imports, overwrite }: { config: object; imports: Adoption["imports"]; overwrite: boolean },
): Promise<void> {
  const files = filesOf(stack);
  const before = await readFile(join(folder, files.settings), "utf8").catch(() => undefined);
  const { config: said, ...encryption } = (parseYaml(files.settings, before ?? "") ?? {}) as Record<string, unknown>;
  if (said !== undefined && said !== null && Object.keys(said).length > 0 && !overwrite) {
    throw new OpsError(
      "settings-wrong",
      `${files.settings} is there already, with settings in it`,
      "Name another stack (--stack), or say --overwrite: its settings are then replaced.",
    );
  }
  // Pulumi reads YAML 1.1, to which a bare date is a date, and a bare 0123456 or 12e4567 a number.
  const text = stringify({ ...encryption, config }, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
  const heading = "# Written by npm run adopt after what was made by hand. docs/adopt.md says what each of it does.\n";
  await writeWhole(join(folder, files.settings), heading + text);
  await writeWhole(join(folder, files.imports), `${JSON.stringify(imports, null, 2)}\n`);
}
