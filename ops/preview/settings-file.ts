import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeWhole } from "../../infra/code/whole-file";
import { parseYaml } from "../../infra/yaml-file";
import type { State } from "../pulumi/state";
import { fullKeys } from "../pulumi/project";
import { OpsError } from "../cli/ops-error";

/** What a stack's file says: its settings, and how its secrets are encrypted. */
export interface SettingsFile {
  readonly config: Readonly<Record<string, unknown>>;
  /** `azurekeyvault://...`; absent where a passphrase opens the secrets. */
  readonly secretsprovider?: string;
  readonly encryptedkey?: string;
  readonly encryptionsalt?: string;
}

/** The lines of a stack's file that say how its secrets are encrypted. */
export type Encryption = Omit<SettingsFile, "config">;

/** The tags of one preview, which are settings of its stack. */
export interface PreviewTags {
  readonly owner?: string | undefined;
  readonly commit?: string | undefined;
  /** ISO date and time in UTC, whole seconds. */
  readonly expires: string;
}

/** The file of settings that all previews share. */
export const sharedFile = "Pulumi.preview.yaml";

/** Reads it. Throws an {@link OpsError} `settings-missing` where it is not there or cannot be read. */
export async function readShared(folder: string): Promise<SettingsFile> {
  const text = await readFile(join(folder, sharedFile), "utf8").catch(() => undefined);
  const fix = `Bring ${sharedFile} back: git checkout origin/HEAD -- ${sharedFile}`;
  if (text === undefined) throw new OpsError("settings-missing", `There is no ${sharedFile}`, fix);
  try {
    const { config, ...others } = (parseYaml(sharedFile, text) ?? {}) as Partial<SettingsFile>;
    return { ...others, config: config ?? {} };
  } catch (error) {
    const said = (error as Error).message.replace(/\. Correct that line\.$/, "");
    throw new OpsError("settings-missing", said, "Correct that line.");
  }
}

/** A preview's own file: the shared settings, its tags, and the encryption that its state already has. */
export function settingsOf(
  project: string,
  shared: SettingsFile,
  tags: PreviewTags | undefined,
  encryption: Encryption,
): SettingsFile {
  const own = Object.entries(tags ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[`${project}:${name}`, value as string] as const],
  );
  const { config, ...others } = shared;
  const ofState = Object.keys(encryption).length > 0 ? encryption : others;
  return { ...ofState, config: { ...fullKeys(project, config), ...Object.fromEntries(own) } };
}

/**
 * How a state's secrets are encrypted, in the words of a stack's file. With it a machine that never saw the file of a
 * stack can still work with it; empty where the backend keeps the key. Kinds: passphrase, cloud, service.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/secrets/cloud/manager.go
 */
export function encryptionOf(state: State): Encryption {
  const { secrets_providers } = state.deployment as {
    secrets_providers?: { type?: string; state?: { salt?: string; url?: string; encryptedkey?: string } };
  };
  const { type, state: said } = secrets_providers ?? {};
  if (type === "passphrase" && said?.salt) return { encryptionsalt: said.salt };
  if (type === "cloud" && said?.url) {
    return { secretsprovider: said.url, ...(said.encryptedkey ? { encryptedkey: said.encryptedkey } : {}) };
  }
  return {};
}

/** Writes a stack's file, so that whoever reads it meanwhile finds the old one or the new one. */
export async function writeSettings(folder: string, stack: string, settings: SettingsFile): Promise<void> {
  // Pulumi reads YAML 1.1, to which a bare date is a date, and a bare 0123456 or 12e4567 a number.
  const text = stringify(settings, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
  await writeWhole(join(folder, `Pulumi.${stack}.yaml`), text);
}
