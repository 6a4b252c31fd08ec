import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chooseSignIn, type Environment } from "../../infra/azure/credential";
import { isPublicCloud, publicCloudOnly } from "../../infra/facts/cloud";
import { OpsError } from "../cli/ops-error";

const run = promisify(execFile);

/**
 * Throws an {@link OpsError} where the Azure CLI signs in and is set to another cloud than the public one. What the
 * settings and the environment say of clouds is refused with the settings.
 */
export async function refuseOtherCloud(environment: Environment): Promise<void> {
  if (chooseSignIn(environment).method !== "azure cli") return;
  const options = { env: { ...environment }, timeout: 30_000 };
  // Where there is no CLI the sign-in says so.
  const said = await run("az", ["cloud", "show", "--query", "name", "--output", "tsv"], options).catch(() => undefined);
  const name = said?.stdout.trim();
  if (!name || isPublicCloud(name)) return;
  throw new OpsError(
    "other-cloud",
    `The Azure CLI is set to ${name}. ${publicCloudOnly}`,
    "az cloud set --name AzureCloud",
  );
}
