import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { OpsError } from "../cli/ops-error";
import { backendIn, type ProjectPlace } from "./project";

/**
 * Where Pulumi keeps its states, in the order in which Pulumi asks: PULUMI_BACKEND_URL, the project's Pulumi.yaml, the last
 * `pulumi login`. Undefined where nobody says.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/workspace/project.go (ProjectBackend)
 */
async function backendOf({ folder, environment }: ProjectPlace): Promise<string | undefined> {
  const home = environment.PULUMI_HOME ?? join(homeOf(environment), ".pulumi");
  return environment.PULUMI_BACKEND_URL || (await backendIn(folder)) || (await lastLogin(home));
}

/** Throws an OpsError `backend-missing` where the file is none of Pulumi's, as Pulumi itself then refuses to work. */
async function lastLogin(pulumiHome: string): Promise<string | undefined> {
  const file = join(pulumiHome, "credentials.json");
  const text = await readFile(file, "utf8").catch(() => "{}");
  try {
    return (JSON.parse(text) as { current?: string }).current;
  } catch {
    const fix = "Take the file away, and sign in again: pulumi login <where the states are>.";
    throw new OpsError("backend-missing", `${file}, where pulumi login keeps the backend, is no JSON`, fix);
  }
}

function homeOf({ HOME }: NodeJS.ProcessEnv): string {
  return HOME ?? homedir();
}

/** The folder in which Pulumi keeps a project's states; undefined for every other backend. */
export async function stateFolder(project: ProjectPlace): Promise<string | undefined> {
  const backend = await backendOf(project);
  if (!backend?.startsWith("file://")) return undefined;
  const address = backend.split("?")[0] ?? "";
  if (address.startsWith("file:///")) return fileURLToPath(new URL(address));
  const path = decodeURIComponent(address.slice("file://".length));
  // As Pulumi reads it: the home folder, else from the project on.
  return path.startsWith("~") ? join(homeOf(project.environment), path.slice(1)) : resolve(project.folder, path);
}

/** A place in Blob Storage. */
export interface StateContainer {
  /** `https://<account>.blob.core.windows.net/<container>` */
  readonly address: string;
  /** What the names of all blobs begin with: nothing, or `team/`. */
  readonly prefix: string;
}

/**
 * The blob container in which Pulumi keeps its states, where it is reached by an identity; undefined for every other backend,
 * and where a key or a signature opens it. `azblob://<container>[/<prefix>]?storage_account=<name>`
 * https://www.pulumi.com/docs/iac/concepts/state-and-backends/#azure-blob-storage
 */
export async function stateContainer(project: ProjectPlace): Promise<StateContainer | undefined> {
  const backend = await backendOf(project);
  if (!backend?.startsWith("azblob://")) return undefined;
  const { AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_CONNECTION_STRING } = project.environment;
  if (AZURE_STORAGE_KEY || AZURE_STORAGE_SAS_TOKEN || AZURE_STORAGE_CONNECTION_STRING) return undefined;
  const { hostname: container, pathname, searchParams } = new URL(backend);
  const account = searchParams.get("storage_account") ?? project.environment.AZURE_STORAGE_ACCOUNT;
  if (!account) return undefined;
  const domain = searchParams.get("domain") ?? project.environment.AZURE_STORAGE_DOMAIN ?? "blob.core.windows.net";
  const prefix = pathname.replace(/^\/+|\/+$/g, "");
  return { address: `https://${account}.${domain}/${container}`, prefix: prefix ? `${prefix}/` : "" };
}
