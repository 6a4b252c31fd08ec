import { UsageError } from "../../cli/arguments";
import { OpsError } from "../cli/ops-error";
import { type Access, deployerAccess } from "../../infra/azure/access";
import { regionsOf } from "../../infra/azure/preconditions";
import { unknownRegion } from "../../infra/deployment/preconditions";
import { type Arm, armClient } from "../../infra/azure/arm";
import type { Environment } from "../../infra/azure/credential";
import { environments as kinds, isPreviewStack } from "../../infra/settings/environment";
import { apiOf, find, type GitHub } from "../git-hub/api";
import { gitHubToken, originRepository } from "../git-hub/repository";
import { stackSettings } from "../pulumi/stack-settings";
import { subscriptionUnknown } from "../pulumi/subscription";
import { environmentAtGitHub, environmentPath, repositoryAtGitHub, reviewerNamed } from "./at-git-hub";
import { environmentsOf, type PipelineEnvironment } from "../git-hub/environments";
import { checkPlace, placeOf, type PlaceSaid, secretsProviderIn } from "./place";
import { applicationTagged } from "./read";
import { applicationTag, wantedPipeline, type WantedPipeline } from "./wanted";

/** What was typed. */
export interface Said extends PlaceSaid {
  /** `owner/name`; else the remote `origin`. */
  readonly repo?: string;
  readonly reviewer?: readonly string[];
  readonly "without-plan"?: true;
  readonly down?: true;
}

/** A pipeline as it is to be, and who is asked about it. */
export interface Pipeline {
  readonly access: Access;
  readonly gitHub: GitHub;
  readonly wanted: WantedPipeline;
}

/**
 * What a stack's pipeline is to be, from its settings, what was typed, and what an earlier run left. Changes nothing.
 * Throws an OpsError where something is not said or not known, and a SettingsError of wrong settings.
 * @param folder where Pulumi.yaml is
 */
export async function pipelineOf(
  folder: string,
  stack: string,
  said: Said,
  environment: Environment,
): Promise<Pipeline> {
  checkPlace(said);
  // All previews share one pipeline, and the settings in Pulumi.preview.yaml.
  const settings = await stackSettings(
    folder,
    stack === "preview" || isPreviewStack(stack) ? "pr-1" : stack,
    environment,
  );
  const { subscriptionId, location } = settings;
  if (!subscriptionId) {
    throw subscriptionUnknown(`No subscription is named to which ${stack} is deployed`);
  }
  const gitHub = await gitHubFor(folder, said.repo, environment);
  const { fullName: repository, subjectPrefix } = await repositoryAtGitHub(gitHub);
  const named = { ...gitHub, repository };
  const environments = environmentsOf(stack, settings.environment).filter(
    ({ does }) => does === "deploys" || said["without-plan"] === undefined,
  );
  const [{ stack: level }] = environments as [(typeof environments)[number]];
  const [backend, secretsProvider, reviewers] = await Promise.all([
    backendAtGitHub(named, [...environments.map(({ name }) => name), ...kinds]),
    secretsProviderIn(folder, level),
    reviewersSaid(named, said.reviewer),
  ]);
  const access = deployerAccess({ ...environment });
  const arm = armClient(access);
  const place = await placeOf(arm, said, { backend, secretsProvider, location }).catch(async (error: unknown) => {
    const unnamed = said.down && error instanceof OpsError && error.code === "state-unnamed";
    throw unnamed ? await withoutPlace(access, named, environments, error) : error;
  });
  if (said.location !== undefined) await checkRegion(arm, place.subscriptionId, said.location);
  const wanted = wantedPipeline({
    settings,
    stack: level,
    subscriptionId,
    repository,
    subjectPrefix,
    environments,
    place,
    reviewers,
    secretsProvider,
  });
  return { access, gitHub: named, wanted };
}

/** What there is to say of a pipeline that is to go and of whose state nobody knows where it is. */
async function withoutPlace(
  access: Access,
  gitHub: GitHub,
  environments: readonly PipelineEnvironment[],
  unnamed: OpsError,
): Promise<OpsError> {
  const left = await Promise.all(
    environments.flatMap(({ name }) => [
      environmentAtGitHub(gitHub, name),
      applicationTagged(access, applicationTag(gitHub.repository, name)),
    ]),
  );
  if (left.some((one) => one !== undefined)) return unnamed;
  const names = environments.map(({ name }) => name).join(", ");
  const cause = `Nothing is left at GitHub and Entra of the environments ${names}. ${unnamed.cause}`;
  return new OpsError("state-unnamed", cause, `to look for their state, too, ${unnamed.fix}`);
}

/** Throws a UsageError for a region that the subscription does not have, naming the nearest. */
async function checkRegion(arm: Arm, subscriptionId: string, location: string): Promise<void> {
  const unknown = unknownRegion(location, await regionsOf(arm, subscriptionId));
  if (!unknown) return;
  const { meant } = unknown;
  const fix = meant === undefined ? "All of them: az account list-locations --output table." : `Did you mean ${meant}?`;
  throw new UsageError("wrong-value", `--location is "${location}", no region of the subscription. ${fix}`);
}

/** Where an environment's own state is, else that of another one's: all of them are in one account. */
async function backendAtGitHub(gitHub: GitHub, environments: readonly string[]): Promise<string | undefined> {
  for (const name of new Set(environments)) {
    const path = `${environmentPath(gitHub.repository, name)}/variables/PULUMI_BACKEND_URL`;
    const found = await find<{ readonly value: string }>(gitHub, path);
    if (found?.value.startsWith("azblob:")) return found.value;
  }
  return undefined;
}

/** `none` says that nobody reviews. */
async function reviewersSaid(gitHub: GitHub, names: readonly string[] | undefined) {
  if (names === undefined) return undefined;
  return Promise.all(names.filter((name) => name !== "none").map((name) => reviewerNamed(gitHub, name)));
}

async function gitHubFor(folder: string, repo: string | undefined, environment: Environment): Promise<GitHub> {
  const repository = repo ?? (await originRepository(folder, environment));
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    const cause = repo === undefined ? "The remote origin is no repository at GitHub" : `--repo is "${repo}"`;
    throw new OpsError("repository-unknown", cause, "say --repo owner/name");
  }
  const token = await gitHubToken(folder, environment);
  if (!token) {
    throw new OpsError(
      "not-signed-in-at-github",
      "Nobody is signed in to GitHub",
      "gh auth login, or put a token into GH_TOKEN",
    );
  }
  return apiOf(environment, { repository, token });
}
