import { fixes } from "../../contract/known-errors/fixes";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "../../infra/yaml-file";
import { OpsError } from "../cli/ops-error";

/** A Pulumi project, and who asks. */
export interface PulumiProject {
  /** Where Pulumi.yaml is. */
  readonly folder: string;
  /** `bot-sign-in` */
  readonly project: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Where a project's states are looked for: what its folder and the environment say. */
export type ProjectPlace = Pick<PulumiProject, "folder" | "environment">;

/** What is read of a Pulumi.yaml: https://www.pulumi.com/docs/iac/concepts/projects/project-file/ */
interface ProjectFile {
  readonly name?: string;
  readonly backend?: { readonly url?: string } | null;
}

async function projectFile(folder: string): Promise<ProjectFile> {
  const text = await readFile(join(folder, "Pulumi.yaml"), "utf8").catch(() => "");
  return (text && (parseYaml("Pulumi.yaml", text) as ProjectFile | null)) || {};
}

/** Name of the Pulumi project in a folder; undefined where there is none. */
export async function projectIn(folder: string): Promise<string | undefined> {
  return (await projectFile(folder)).name;
}

/** Where the project in a folder says that its states are; undefined where it does not. */
export async function backendIn(folder: string): Promise<string | undefined> {
  return (await projectFile(folder)).backend?.url;
}

/** Name of the Pulumi project in a folder. Throws an OpsError `project-missing` where there is none. */
export async function projectOf(folder: string): Promise<string> {
  const name = await projectIn(folder);
  if (name !== undefined) return name;
  throw new OpsError("project-missing", "Here is no Pulumi project", fixes.inProject);
}

/** A stack file's settings by their full keys, `bot-sign-in:location`: a key without a namespace is the project's own. */
export function fullKeys(project: string, config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}
