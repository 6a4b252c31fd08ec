import type { Connection } from "../../contract/connection";
import { type Api, callApi } from "./api";
import { plain } from "./markdown";

/** As GitHub's REST API names them: https://docs.github.com/rest/issues/issues */
interface Issue {
  readonly number?: number;
  readonly title?: string;
  readonly html_url?: string;
  readonly pull_request?: unknown;
  readonly repository?: { readonly full_name?: string };
}

const issuesShown = 10;

/** GitHub's own, unless the connection names that of a GitHub Enterprise Server. */
const gitHub = ({ api }: Connection): Api => ({
  name: "GitHub",
  address: api ?? "https://api.github.com",
  headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
});

/** The open issues that are assigned to the user, as a Markdown list. Errors: those of {@link callApi}. */
export async function assignedIssues(token: string, connection: Connection): Promise<string> {
  // A list of issues holds pull requests as well; a few more are asked for than are shown.
  const path = `/issues?filter=assigned&state=open&per_page=${issuesShown * 2}`;
  const answer = await callApi(gitHub(connection), token, { method: "GET", path, permission: "repo" });
  const issues = (Array.isArray(answer) ? (answer as Issue[]) : []).filter((issue) => issue.pull_request === undefined);
  if (issues.length === 0) return "No open issue at GitHub is assigned to you.";
  const shown = issues
    .slice(0, issuesShown)
    .map((issue) => `- ${link(issue)} in ${plain(issue.repository?.full_name ?? "")}`);
  const head = issues.length === 1 ? "One open issue is assigned to you:" : "Open issues that are assigned to you:";
  return [head, "", ...shown].join("\n");
}

/** Opens an issue as the user, in a repository `owner/name`. Gives the sentence that says so. */
export async function openIssue(
  token: string,
  connection: Connection,
  repository: string,
  title: string,
  body: string | undefined,
): Promise<string> {
  const path = `/repos/${repository.split("/").map(encodeURIComponent).join("/")}/issues`;
  const call = { method: "POST", path, permission: "repo", body: { title, ...(body && { body }) } } as const;
  const issue = ((await callApi(gitHub(connection), token, call)) ?? {}) as Issue;
  return `Opened in ${plain(repository)}: ${link({ title, ...issue })}`;
}

/** Who the token belongs to. */
export async function gitHubUser(token: string, connection: Connection): Promise<string> {
  const call = { method: "GET", path: "/user", permission: "read:user" } as const;
  const { login, name } = (await callApi(gitHub(connection), token, call)) as { login?: string; name?: string | null };
  return `**${plain(name || login || "unknown")}** (${plain(login ?? "unknown")})`;
}

/** An issue by number and title, which leads to it; its address is GitHub's own, not the author's. */
function link({ number, title = "", html_url: address }: Issue): string {
  const text = `${number === undefined ? "" : `#${number} `}${plain(title)}`;
  return address && /^https:\/\/[^\s()<>"]+$/.test(address) ? `[${text}](${address})` : text;
}
