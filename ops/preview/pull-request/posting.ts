import { ask, type GitHub, GitHubRefusal, withRetries } from "../../git-hub/api";

/** A comment as GitHub answers it. */
interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
}

export interface Posted {
  readonly url: string;
  /** `none` where nothing was to be updated. */
  readonly what: "created" | "updated" | "none";
}

/** GitHub takes no longer comment: https://github.com/orgs/community/discussions/41331. */
export const longestComment = 65_536;
/** Whose comments a workflow's own token writes; it may not ask who it is. */
const workflowUser = "github-actions[bot]";

/**
 * Puts a text on a pull request: in place of the comment that begins with `marker` and that we wrote, else as a new one. A
 * write that may or may not have reached GitHub is looked for before it is tried again, so there is never a second comment.
 * @param onlyInPlace writes nothing where there is no such comment, or no such pull request
 * Throws a {@link GitHubRefusal}.
 */
export async function putComment(
  gitHub: GitHub,
  pullRequest: string,
  marker: string,
  text: string,
  onlyInPlace = false,
): Promise<Posted> {
  const comments = `/repos/${gitHub.repository}/issues/${pullRequest}/comments`;
  const body = text.length > longestComment ? text.slice(0, longestComment) : text;
  const us = await withRetries(gitHub, () => ourName(gitHub));
  return withRetries(gitHub, async () => {
    const ours = await ourComment(gitHub, `${comments}?per_page=100`, us, marker).catch((error: unknown) => {
      if (onlyInPlace && error instanceof GitHubRefusal && error.status === 404) return undefined;
      throw error;
    });
    if (!ours && onlyInPlace) return { url: "", what: "none" };
    if (!ours) {
      const { html_url } = (await ask(gitHub, "POST", comments, { body })).content as Comment;
      return { url: html_url, what: "created" };
    }
    const path = `/repos/${gitHub.repository}/issues/comments/${ours.id}`;
    await ask(gitHub, "PATCH", path, { body }, { 404: "deleted meanwhile" });
    return { url: ours.html_url, what: "updated" };
  });
}

/** https://docs.github.com/en/rest/users/users#get-the-authenticated-user: refused to a workflow's token. */
async function ourName(gitHub: GitHub): Promise<string> {
  try {
    return ((await ask(gitHub, "GET", "/user")).content as { login: string }).login;
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 403) return workflowUser;
    throw error;
  }
}

/** The first of our comments with the marker, over all pages. Anybody can write a comment that has it. */
async function ourComment(gitHub: GitHub, first: string, us: string, marker: string): Promise<Comment | undefined> {
  for (let page: string | undefined = first; page !== undefined;) {
    const { content, next } = await ask(gitHub, "GET", page);
    const found = (content as Comment[]).find(({ user, body }) => user?.login === us && body?.startsWith(marker));
    if (found) return found;
    page = next;
  }
  return undefined;
}
