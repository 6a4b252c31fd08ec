import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { isBusy } from "../../infra/azure/call";
import { scmOf } from "../../infra/code/push";
import { type Scm, scmClient } from "../../infra/code/scm";
import { type WebAppAddress, webAppId, webVersion } from "../../infra/code/web-app";
import { ownResource } from "../azure/own-resource";
import { deploying } from "../pulumi/deploying";
import type { StackSettings } from "../pulumi/stack-settings";
import { OpsError } from "../cli/ops-error";

/**
 * The web app that a stack deployed, found by its tags: neither state nor passphrase is needed.
 * Throws an OpsError where there is none, and an AzureCallError where Azure may not be read.
 */
export async function webAppOfStack(access: Access, settings: StackSettings, stack: string): Promise<WebAppAddress> {
  const { name, ...place } = await ownResource(access, settings, stack, "Microsoft.Web/sites", webVersion);
  if (name !== undefined) return { ...place, webAppName: name };
  const cause = `The stack ${stack} has no web app in ${place.resourceGroupName}`;
  throw new OpsError("nothing-deployed", cause, deploying(stack));
}

/**
 * Follows what a web app writes, and begins anew where App Service ends the stream: it does with each restart of the app.
 * @param hear takes the text as it comes
 * @param signal ends it
 * @throws AzureCallError where the stream is refused, or the service that gives it is away from the beginning
 */
export async function followConsole(
  access: Access,
  app: WebAppAddress,
  hear: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { host } = await scmOf(armClient(access), webAppId(app));
  const scm = scmClient(access, host);
  for (let followed = false; !signal.aborted;) {
    try {
      await once(scm, hear, signal);
      followed = true;
    } catch (error) {
      // The service that gives the stream restarts with the app.
      if (!followed || !(error instanceof AzureCallError) || !isAway(error)) throw error;
    }
    await access.wait(2_000, signal);
  }
}

function isAway({ code, status = 0 }: AzureCallError): boolean {
  return code === "unreachable" || isBusy({ status });
}

/** Follows one stream to its end. A connection that breaks is its end, too. */
async function once(scm: Pick<Scm, "logStream">, hear: (text: string) => void, signal: AbortSignal): Promise<void> {
  const answer = await scm.logStream(signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (!answer?.body) return;
  const decoder = new TextDecoder();
  try {
    for await (const bytes of answer.body) hear(decoder.decode(bytes, { stream: true }));
  } catch {
    return;
  }
}
