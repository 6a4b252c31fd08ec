import { knownError } from "../../contract/known-errors/known-error";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import { tagsOf } from "../../infra/deployment/tags";
import { ownName } from "../../infra/facts/names";
import { type Access, deployerAccess } from "../../infra/azure/access";
import { type Arm, armClient } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import type { Environment } from "../../infra/azure/credential";
import { deployerCredential } from "../../infra/azure/deployer-credential";
import { environmentsOf } from "../git-hub/environments";
import { azureRights, rightsAtExisting, type Role, rolesHeld } from "./azure-rights";
import { askPolicy, judgePolicy, plannedBy } from "./azure-policy";
import { refuseOtherCloud } from "./cloud";
import { endsOfStack } from "./ends";
import { entraRights } from "./entra-rights";
import { existingThings, ownersOf } from "./existing";
import { explained, federation } from "./federation";
import { type Finding, foundBy, unreadable } from "./finding";
import { type PipelineAtGitHub, pipelineAtGitHub } from "./git-hub";
import { judgeLocks, readLocks } from "./locks";
import { OpsError } from "../cli/ops-error";
import { judgeQuota, readUsages } from "./quota";
import { registrations } from "./registrations";
import { secretsOfBot, what as secretsAreGood } from "./secrets";
import { signIn } from "../azure/sign-in";
import { type StackSettings, stackSettings } from "../pulumi/stack-settings";
import { subscriptionUnknown } from "../pulumi/subscription";
import { teamsAgreement } from "./teams";
import { judgeTenant, policiesUnread, readTenantPolicy, type TenantPolicy } from "./tenant-policy";

/**
 * Looks, as the very one who is going to deploy, for all that a deployment of the stack needs. Changes nothing.
 * Throws an OpsError where it cannot look, and a SettingsError where the stack's settings are wrong.
 * @param folder where Pulumi.yaml is
 * @param pipeline what is known of the repository's jobs at GitHub
 * @param access to Azure, as the deployer
 */
export async function preflight(
  folder: string,
  stack: string,
  environment: Environment,
  pipeline: PipelineAtGitHub = pipelineAtGitHub(folder, environment),
  access: Access = deployerAccess(environment),
): Promise<Finding[]> {
  const settings = await stackSettings(folder, stack, environment);
  const { tenantId, subscriptionId, adminConsent } = settings;
  if (!subscriptionId) {
    throw subscriptionUnknown(`No subscription is named for the stack ${stack}`);
  }
  await refuseOtherCloud(environment);
  const credential = deployerCredential(environment);
  const deployer = await signIn(credential, tenantId).catch(async (error: unknown) => {
    throw await explained(error, environment);
  });
  const arm = armClient(access);

  const { existing = {} } = settings;
  const group = existing.resourceGroup ?? ownName(settings.project, stack);
  const scope = await scopeOfStack(arm, subscriptionId, group);
  const rolesAt = (at: string): Promise<Role[]> => rolesHeld(arm, at, deployer.azure.oid);
  const ofOthers = [...new Set([existing.signInApp, existing.botApp].flatMap((clientId) => clientId ?? []))];
  const givenPasswords = await Promise.all(
    ofOthers.map(async (clientId) => ({ clientId, owners: await ownersOf(access, clientId) })),
  );
  const tenant = await readTenantPolicy(access, existing.signInApp).catch((error: unknown) =>
    unreadable("they", error),
  );
  const everybodyRegisters = typeof tenant === "object" ? tenant.everybodyRegisters : undefined;
  return [
    ...azureRights(await rolesAt(scope), deployer.azure, scope, existing, settings.identity),
    ...(await rightsAtExisting(rolesAt, deployer.azure, existing, settings.identity)),
    ...entraRights(deployer.graph, {
      adminConsent,
      preview: settings.environment === "preview",
      everybodyRegisters,
      givenPasswords,
    }),
    ...(await foundBy("Names and what is handed in can be used", () => existingThings(access, settings, stack))),
    ...(await teamsAgreement(access, settings, stack)),
    ...(await foundBy(secretsAreGood, () => secretsOfBot(access, settings, stack))),
    ...(await foundBy("Subscription: its resource providers are registered", () =>
      registrations(arm, `/subscriptions/${subscriptionId}`),
    )),
    ...(await restrictions(access, settings, tenant, { stack, subscriptionId, scope })),
    ...endsOfStack(settings, new Date()),
    ...(await federation(
      pipeline,
      access,
      environmentsOf(stack, settings.environment).map(({ name }) => name),
    )),
  ];
}

/** What tenant and subscription forbid, asked before anything is written. */
async function restrictions(
  access: Access,
  settings: StackSettings,
  tenant: TenantPolicy | string | undefined,
  { stack, subscriptionId, scope }: { stack: string; subscriptionId: string; scope: string },
): Promise<Finding[]> {
  const { location, hostingSize, existing = {}, tags = {}, project, owner, commit, expires } = settings;
  const { signInApp: _judgedWithTheTenant, ...handedIn } = existing;
  const allTags = { ...tags, ...tagsOf({ project, stack, owner, commit, expires }) };
  const planned = plannedBy({ location, hostingSize, tags: allTags });
  const ids = Object.values(handedIn).filter((id) => id.startsWith("/"));
  const found = await Promise.all([
    typeof tenant === "string" ? [policiesUnread(tenant)] : judgeTenant(tenant, settings, stack, new Date()),
    foundBy("Subscription: its quota has room for the plan", async () =>
      judgeQuota(await readUsages(access, subscriptionId, location), settings, stack),
    ),
    foundBy("Azure: no lock keeps the deployment from writing", async () =>
      judgeLocks(await readLocks(access, scope), scope, ids),
    ),
    foundBy("Azure Policy: nothing that the deployment makes is denied", async () =>
      judgePolicy(await askPolicy(access, subscriptionId, planned), location, stack),
    ),
  ]);
  return found.flat();
}

/** The stack's resource group where it is there already, so that rights at the group are enough; else the subscription. */
async function scopeOfStack(arm: Arm, subscriptionId: string, group: string): Promise<string> {
  const subscription = `/subscriptions/${subscriptionId}`;
  try {
    return (await arm.get<{ id: string }>(`${subscription}/resourceGroups/${group}`, "2021-04-01")).id;
  } catch (error) {
    if (!(error instanceof AzureCallError)) throw error;
    const known = knownError(resourceManagerErrors, { code: error.code, message: error.cause });
    if (known?.id === "subscription-unknown") {
      throw new OpsError("subscription-unknown", `${known.cause}: ${subscriptionId}`, error.fix);
    }
    if (error.status === 403 || error.status === 404) return subscription;
    throw error;
  }
}
