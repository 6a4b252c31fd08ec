import { readFile } from "node:fs/promises";
import { adminConsentAddress, scopesForAdministrator } from "../../infra/decisions/permissions";
import type { State } from "../drift/state";
import { entraTypes } from "../recover/half-made";
import { costOf, dollars, estimateNote } from "./cost";
import { pictureOf } from "./picture";
import { PreviewError } from "./preview-error";
import type { PreviewName } from "./preview-name";
import { outputsOf, type PreviewProject, PreviewStack } from "./preview-stack";
import { type Changes, changesOf } from "./pull-request/changes";
import { downComment, failedComment, markerOf, upComment } from "./pull-request/comment-text";
import { gitHubOf } from "./pull-request/github";
import { type Posted, putComment } from "./pull-request/posting";
import { comparisonWith, mainBranch } from "./pull-request/repository";
import type { Receipt } from "./receipt";

export interface CommentWishes {
  /** File with what `up --json` wrote: its time, or why it failed. */
  readonly up?: string;
  /** File with what `down --json` wrote: the receipt, or why it failed. */
  readonly down?: string;
  /** File with a comment that was made before, to be posted as it is. */
  readonly text?: string;
  /** What the changes are compared with; default: the branch that the pull request goes to, else origin/main. */
  readonly against?: string;
  /** Puts the comment on the pull request, in place of an earlier one. */
  readonly post?: boolean;
}

export interface CommentReport {
  readonly name: string;
  /** Markdown. */
  readonly text: string;
  /** Absent where it was only made. */
  readonly posted?: Posted;
}

/** What a comment says, and whether it is worth a comment where there is none yet. */
interface Said {
  readonly text: string;
  readonly onlyInPlace?: boolean;
}

/** Makes the comment of a preview's pull request, and posts it where that is wished. Throws a {@link PreviewError}. */
export async function comment(
  project: PreviewProject,
  name: PreviewName,
  wishes: CommentWishes,
): Promise<CommentReport> {
  const { text, onlyInPlace } = await said(project, name, wishes);
  if (!wishes.post) return { name: name.title, text };
  if (!/^\d+$/.test(name.title)) {
    const cure = "Give its number, such as 42.";
    throw new PreviewError("WrongName", `${JSON.stringify(name.title)} is no pull request's number`, cure);
  }
  const posted = await putComment(gitHubOf(project.environment), name.title, markerOf(name.stack), text, onlyInPlace);
  return { name: name.title, text, posted };
}

/** The report as people read it: the comment itself, or where it is. */
export function commentText({ text, posted }: CommentReport): string {
  if (!posted) return text;
  return posted.what === "none" ? "There was no comment to change." : `Comment ${posted.what}: ${posted.url}`;
}

async function said(project: PreviewProject, name: PreviewName, wishes: CommentWishes): Promise<Said> {
  if (wishes.text !== undefined) return { text: await madeBefore(wishes.text, name) };
  const failed = { title: name.title, stack: name.stack, run: runOf(project.environment) };
  if (wishes.down !== undefined) {
    const result = await resultIn<Receipt>(wishes.down);
    if ("error" in result) return { text: failedComment({ ...failed, command: "down", why: result.error.message }) };
    return { text: downComment(result), onlyInPlace: result.outcome === "nothing was there" };
  }
  const result = wishes.up === undefined ? {} : await resultIn<{ readonly seconds?: number }>(wishes.up);
  if ("error" in result) return { text: failedComment({ ...failed, command: "up", why: result.error.message }) };
  return { text: await upNews(project, name, wishes.against ?? mainBranch(project.environment), result.seconds) };
}

/** A text that another job made: it may have come from anywhere, and has to be the comment of this preview. */
async function madeBefore(file: string, { stack }: PreviewName): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (text.startsWith(markerOf(stack))) return text;
  const cure = `Make it with: npm run preview -- comment <name> > ${file}`;
  throw new PreviewError("WrongOption", `${file} is not the comment of ${stack}`, cure);
}

interface Failure {
  readonly error: { readonly message: string };
}

/** A command's JSON. A command that was killed has written none. */
async function resultIn<T>(file: string): Promise<T | Failure> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T | Failure;
  } catch {
    return { error: { message: "The run ended before it could say anything." } };
  }
}

async function upNews(
  project: PreviewProject,
  name: PreviewName,
  against: string,
  seconds: number | undefined,
): Promise<string> {
  const preview = await PreviewStack.find(project, name);
  const state = await preview?.state();
  const { chatAddress } = (state ? outputsOf(state) : {}) as { chatAddress?: string };
  if (!preview || !state || !chatAddress) {
    const cure = `Bring it up first: npm run preview -- up ${name.title}`;
    throw new PreviewError("StackUnknown", `There is no preview ${name.title} (${name.stack}) that is up`, cure);
  }
  const { expires, commit, owner } = await preview.tags();
  return upComment({
    ...{ title: preview.name.title, stack: name.stack, chatAddress, expires, commit, owner, seconds },
    cost: dollars(costOf(state.deployment.resources ?? []).monthly),
    costNote: estimateNote,
    changes: await changesAgainst(project, against),
    against: against.replace(/^origin\//, ""),
    picture: pictureOf(state),
    consentAddress: consentAddressIn(state),
  });
}

/** Without git's history the comment is still worth posting. */
async function changesAgainst(project: PreviewProject, against: string): Promise<Changes | string> {
  try {
    return changesOf(await comparisonWith(project.folder, against));
  } catch (error) {
    if (error instanceof PreviewError && error.code === "HistoryMissing") return error.message;
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

/** The workflow's run, as GitHub names it. */
function runOf({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string | undefined {
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  return `${GITHUB_SERVER_URL || "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}
