import { readFile } from "node:fs/promises";
import { pullRequestOf } from "../../../infra/settings/environment";
import { OpsError } from "../../cli/ops-error";
import type { PreviewName } from "../preview-name";
import type { PreviewProject } from "../project";
import { downComment, failedComment, markerOf, upComment, type UpNews } from "./comment-text";
import { gitHubOf } from "./github";
import { type Posted, putComment } from "./posting";
import { upNews } from "./news";
import { downHandedOver, type Failure, sweepHandedOver, upHandedOver } from "./handed-over";
import { branchName, mainBranch } from "./repository";
import type { Receipt } from "../receipt";

export interface CommentWishes {
  /** File with what `up --json` wrote: its time, or why it failed. */
  readonly up?: string;
  /** File with what {@link upFacts} told another job of an `up`. */
  readonly upFacts?: string;
  /** File with what `down --json` wrote: the receipt, or why it failed. */
  readonly down?: string;
  /** File with what `sweep --json` wrote; instead of a name. */
  readonly swept?: string;
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

/**
 * Makes the comment of a preview's pull request, or of each that a sweep took down, and posts it where that is wished.
 * Throws an {@link OpsError}.
 */
export async function comments(
  project: PreviewProject,
  name: PreviewName | undefined,
  wishes: CommentWishes,
): Promise<readonly CommentReport[]> {
  if ((name === undefined) === (wishes.swept === undefined)) {
    const fix = "Give one of the two: a pull request's number, or --swept <file>.";
    throw new OpsError("wrong-option", "A comment is about one preview, or about those of a sweep", fix);
  }
  const reports: CommentReport[] = [];
  for (const one of name ? [{ name, ...(await said(project, name, wishes)) }] : await sweptIn(wishes.swept!)) {
    reports.push(await told(project, one, wishes.post));
  }
  return reports;
}

async function told(
  { environment }: PreviewProject,
  { name, text, onlyInPlace }: Said & { readonly name: PreviewName },
  post: boolean | undefined,
): Promise<CommentReport> {
  if (!post) return { name: name.title, text };
  if (!isPullRequest(name)) {
    const fix = "Give its number, such as 42.";
    throw new OpsError("wrong-name", `${JSON.stringify(name.title)} is no pull request's number`, fix);
  }
  const posted = await putComment(gitHubOf(environment), name.title, markerOf(name.stack), text, onlyInPlace);
  return { name: name.title, text, posted };
}

/** The reports as people read them: the comments themselves, or where they are. */
export function commentsText(reports: readonly CommentReport[]): string {
  const lines = reports.map(({ name, text, posted }) => {
    if (!posted) return text;
    return posted.what === "none"
      ? `${name}: there was no comment to change.`
      : `${name}: ${posted.what} ${posted.url}`;
  });
  return lines.join("\n\n") || "There is nothing to tell.";
}

function isPullRequest({ title }: PreviewName): boolean {
  return /^\d+$/.test(title);
}

/** The comments of pull requests still say that their previews are up. */
async function sweptIn(file: string): Promise<(Said & { readonly name: PreviewName })[]> {
  const result = await sweepHandedOver(file);
  if ("error" in result)
    throw new OpsError("pulumi-failed", `The sweep failed: ${result.error.message}`, "Run it again.");
  return result.receipts
    .map((receipt) => ({ name: previewNameOf(receipt), text: downComment(receipt, "expired"), onlyInPlace: true }))
    .filter(({ name }) => pullRequestOf(name.stack) === name.title);
}

function previewNameOf({ name, stack }: Receipt): PreviewName {
  return { title: name, stack };
}

async function said(project: PreviewProject, name: PreviewName, wishes: CommentWishes): Promise<Said> {
  const failed = (command: "up" | "down", { error }: Failure): Said => ({
    text: failedComment({
      title: name.title,
      stack: name.stack,
      command,
      why: error.message,
      run: runOf(project.environment),
    }),
  });
  if (wishes.down !== undefined) {
    const result = await downHandedOver(wishes.down, name);
    if ("error" in result) return failed("down", result);
    return { text: downComment(result), onlyInPlace: result.outcome === "nothing was there" };
  }
  const news =
    wishes.upFacts === undefined
      ? await upFacts(project, name, wishes)
      : await upHandedOver(wishes.upFacts, name, branchName(mainBranch(project.environment)));
  return "error" in news ? failed("up", news) : { text: upComment(news) };
}

/** What there is to tell of an `up`: why it failed, or all that the comment of a preview which is up says. */
export async function upFacts(
  project: PreviewProject,
  name: PreviewName,
  { up, against = mainBranch(project.environment) }: Pick<CommentWishes, "up" | "against">,
): Promise<UpNews | Failure> {
  const result = up === undefined ? {} : await resultIn(up);
  return "error" in result ? result : upNews(project, name, against, result.seconds);
}

/** What `up --json` wrote. A command that was killed has written none. */
async function resultIn(file: string): Promise<{ readonly seconds?: number } | Failure> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as { readonly seconds?: number } | Failure;
  } catch {
    return { error: { message: "The run ended before it could say anything." } };
  }
}

/** The workflow's run, as GitHub names it. */
function runOf({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string | undefined {
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  return `${GITHUB_SERVER_URL || "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}
