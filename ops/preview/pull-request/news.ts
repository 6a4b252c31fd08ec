import { shellWord } from "../../../cli/shell-word";
import { scopesForAdministrator } from "../../../infra/connections/apis";
import { adminConsentAddress } from "../../../infra/facts/permissions";
import type { State } from "../../pulumi/state";
import { entraTypes } from "../../pulumi/pending-operations";
import { costOf, dollars, estimateNote } from "../cost";
import { pictureOfState } from "./picture";
import { OpsError } from "../../cli/ops-error";
import type { PreviewName } from "../preview-name";
import { outputsOf, PreviewStack } from "../preview-stack";
import type { PreviewProject } from "../project";
import { type Changes, changesOf } from "./changes";
import type { UpNews } from "./comment-text";
import { branchName, comparisonWith } from "./repository";

/**
 * What there is to tell of a preview that is up.
 * @param against the ref with which its changes are compared
 * @param seconds how long it took to come up, where that is known
 * Throws an {@link OpsError} `stack-unknown` where there is none, or none that ever came up.
 */
export async function upNews(
  project: PreviewProject,
  name: PreviewName,
  against: string,
  seconds: number | undefined,
): Promise<UpNews> {
  const preview = await PreviewStack.find(project, name);
  const state = await preview?.state();
  const { chatAddress } = (state ? outputsOf(state) : {}) as { chatAddress?: string };
  if (!preview || !state || !chatAddress) {
    const fix = `Bring it up first: npm run preview -- up ${shellWord(name.title)}`;
    throw new OpsError("stack-unknown", `There is no preview ${name.title} (${name.stack}) that is up`, fix);
  }
  const { expires, commit, owner } = await preview.tags();
  return {
    title: preview.name.title,
    stack: name.stack,
    chatAddress,
    expires,
    commit,
    owner,
    seconds,
    cost: dollars(costOf(state.deployment.resources ?? []).monthly),
    costNote: estimateNote,
    changes: await changesAgainst(project, against),
    against: branchName(against),
    picture: pictureOfState(state),
    consentAddress: consentAddressIn(state),
  };
}

/** Without git's history the comment is still worth posting. */
async function changesAgainst(project: PreviewProject, against: string): Promise<Changes | string> {
  try {
    return changesOf(await comparisonWith(project.folder, against));
  } catch (error) {
    if (error instanceof OpsError && error.code === "history-missing") return error.message;
    throw error;
  }
}

/** Where an administrator consents, if the connections need it and the program has not done it. */
export function consentAddressIn(state: State): string | undefined {
  const { resources = [] } = state.deployment;
  if (resources.some(({ type }) => type === entraTypes.grant)) return undefined;
  const scopes = resources.flatMap(({ id = "", inputs }) =>
    /\/connections\/[^/]+\/check$/.test(id) ? String(inputs?.scopes ?? "").split(" ") : [],
  );
  const bot = resources.find(({ type }) => type.endsWith("botservice:Bot"));
  const { msaAppTenantId } = (bot?.inputs?.properties ?? {}) as { msaAppTenantId?: string };
  const { signInAppId } = outputsOf(state) as { signInAppId?: string };
  if (!msaAppTenantId || !signInAppId || scopesForAdministrator(scopes).length === 0) return undefined;
  return adminConsentAddress(msaAppTenantId, signInAppId);
}
