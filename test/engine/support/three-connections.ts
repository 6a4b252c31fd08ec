import { localSecrets } from "../../../local/local-secrets";
import { stackSettings } from "../../../local/embedded/project";
import type { LocalAzure } from "../../../local/azure/azure";
import { root } from "../../support/deployed";
import type { Stack } from "./stack";

const example = "three-services";

/**
 * Gives a stack the connections of the example of three services. Their secrets are those of the local providers, and
 * Pulumi keeps them encrypted.
 */
export async function threeConnections(azure: LocalAzure, stack: Stack): Promise<void> {
  await stack.set({ connections: stackSettings(root, example).connections });
  for (const { path, value } of localSecrets(root, example, azure.oauthClients)) {
    await stack.mustRun("config", ["set", "--stack", stack.name, "--secret", "--path", `bot-sign-in:${path}`, value]);
  }
}
