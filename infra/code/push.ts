import { minute } from "../../contract/time";
import { readFile } from "node:fs/promises";
import type { Health } from "../../contract/app-settings";
import { type Access, deployerAccess, until } from "../azure/access";
import { type Arm, armClient, shortId } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { type Evidence, healthPage } from "./evidence";
import { reportsHash } from "./health";
import { scmClient } from "./scm";
import { referencesResolved } from "./secret-references";
import { type WebApp, type WebAppAddress, scmHost, webAppId, webVersion } from "./web-app";

/** A package and the web app that is to run it. */
export interface Pushed extends WebAppAddress {
  readonly zipPath: string;
}

/** What to push, and where to. */
export interface Push extends Pushed {
  /** Hash that the app must report afterwards. */
  readonly hash: string;
  /** The app's own health page. */
  readonly healthUrl: string;
}

/** Pushes in all; one can be killed by a restart of the deployment service under it. */
const pushes = 3;
/** How long the platform may take from taking the package to running it. */
const runsWithin = 15 * minute;

const failed = new Set(["BuildFailed", "BuildAborted", "RuntimeFailed", "TimedOut"]);
/** States from which on the new code may already answer. */
const extracted = new Set([
  "BuildSuccessful",
  "PostBuildRestartRequired",
  "StartPolling",
  "StartPollingWithRestart",
  "RuntimeStarting",
]);

/**
 * Pushes code to a Linux web app and returns when the app itself reports it and is well.
 *
 * @param access signs in and calls; the deployer's own by default
 * @returns what the app's health page said
 * @throws AzureCallError saying what did not come about, and what to do
 */
export async function pushCode(push: Push, access: Access = deployerAccess()): Promise<Health> {
  await bringCode(push, access);
  return reportsHash(access, push.healthUrl, push.hash);
}

/**
 * Pushes code to a Linux web app and returns when the app itself reports it, well or not.
 * @throws AzureCallError saying what did not come about, and what to do
 */
export function bringCode(push: Push, access: Access): Promise<void> {
  return bring(push, access, () => healthPage(access, push));
}

/**
 * Pushes code to a Linux web app and returns when there is evidence that it runs: secret references resolved first, then
 * the deployment service, then the deployment's own status, then the evidence. Waits only for what is not ready.
 * @param evidenceOf the deployment service's host
 * @param startStopped starts an app that was stopped, once it has the new code
 * @throws AzureCallError saying which of these did not come about, and what to do
 */
export async function bring(
  push: Pushed,
  access: Access,
  evidenceOf: (host: string) => Evidence,
  startStopped = false,
): Promise<void> {
  const arm = armClient(access);
  const siteId = webAppId(push);
  const { host, stopped } = await scmOf(arm, siteId);
  await referencesResolved(arm, access, siteId);
  const zip = await readFile(push.zipPath);
  const scm = scmClient(access, host);
  const evidence = evidenceOf(host);
  const start = stopped && startStopped ? () => arm.post(`${siteId}/start`, webVersion) : undefined;
  let state = "the service broke off";
  for (let left = pushes; left > 0; left -= 1) {
    await scm.ready();
    const id = await scm.publish(zip);
    if (id === undefined) continue;
    const followed = await follow(arm, access, `${siteId}/deploymentStatus/${id}`, evidence, start);
    if (followed.running) return;
    state = followed.state;
    if (!failed.has(state)) return evidence.arrives(state);
    // The new code can be at fault itself: then its health page says more than the platform does.
    if (state === "RuntimeFailed" && (await evidence.isThere())) return;
  }
  throw new AzureCallError(
    "push-failed",
    shortId(siteId),
    `${pushes} pushes did not come through; the last one ended as ${state}`,
    "See the deployment's log (Deployment Center, Logs) and the app's log (az webapp log tail).",
  );
}

/** The deployment service's host, as the web app itself names it, and whether somebody has stopped the app. */
export async function scmOf(arm: Arm, siteId: string): Promise<{ readonly host: string; readonly stopped: boolean }> {
  const app = await arm.get<WebApp>(siteId, webVersion);
  const host = scmHost(app);
  if (host) return { host, stopped: app.properties?.state === "Stopped" };
  const cause = "the web app names no host of its deployment service (hostNameSslStates, hostType Repository)";
  const fix = "Check that the app is a web app, and deploy again.";
  throw new AzureCallError("scm-host-missing", shortId(siteId), cause, fix);
}

/**
 * Follows a deployment to its end and gives its last state. ARM knows a new deployment only after a while, so 404 counts as
 * not yet. Ends early when the app already reports the code, which needs no platform to confirm it.
 * @param start starts an app that was stopped; called once, when the new code is there
 */
async function follow(
  arm: Arm,
  access: Access,
  statusId: string,
  evidence: Evidence,
  start: (() => Promise<void>) | undefined,
): Promise<{ readonly state: string; readonly running: boolean }> {
  let state = "unknown to ARM";
  let running = false;
  let starting = start;
  await until(access, runsWithin, async () => {
    const found = await arm.find<{ properties?: { status?: string } }>(statusId, webVersion);
    state = found?.properties?.status ?? state;
    if (starting && (extracted.has(state) || state === "RuntimeSuccessful")) {
      await starting();
      starting = undefined;
    }
    if (failed.has(state) || state === "RuntimeSuccessful") return true;
    running = extracted.has(state) && (await evidence.isThere());
    return running || undefined;
  });
  return { state, running };
}
