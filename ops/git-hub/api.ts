import { setTimeout as wait } from "node:timers/promises";
import { minute } from "../../contract/time";
import { type Answer as ExchangeAnswer, exchange, NoAnswer, objectIn, waitAsked } from "../../infra/azure/exchange";
import { gitHubErrors } from "../../contract/known-errors/git-hub";
import { fixOf } from "../../contract/known-errors/known-error";
import { OpsError } from "../cli/ops-error";

/** GitHub's no, with its status. */
export class GitHubRefusal extends OpsError {
  /** @param said GitHub's own words */
  constructor(
    readonly status: number,
    readonly said: string,
    cause: string,
    fix: string,
  ) {
    super("github-refused", cause, fix);
  }
}

/** A repository at GitHub, and who asks. */
export interface GitHub {
  /** `https://api.github.com`, or an enterprise server's. */
  readonly api: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

const tries = 5;
/** A rate limit that lasts longer is a reason to give up: the workflow's minutes cost money. */
const longestWait = 120_000;

/** GitHub's API at the address that GitHub sets in its jobs, else at github.com's. */
export function apiOf(
  { GITHUB_API_URL }: Readonly<Record<string, string | undefined>>,
  { repository, token }: Pick<GitHub, "repository" | "token">,
): GitHub {
  return { repository, token, api: (GITHUB_API_URL || "https://api.github.com").replace(/\/$/, ""), wait };
}

/** Worth another try, after so many milliseconds. */
class TryAgain extends Error {
  constructor(
    readonly why: string,
    readonly after: number,
  ) {
    super(why);
  }
}

/** Acts again, later each time, where GitHub was busy or away. Throws an {@link OpsError} `github-refused`. */
export async function withRetries<T>(gitHub: GitHub, act: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      const milliseconds = error.after * 2 ** (tried - 1);
      if (tried === tries || milliseconds > longestWait) {
        throw new OpsError("github-refused", `GitHub is busy or away: ${error.why}`, "Run this job again.");
      }
      await gitHub.wait(milliseconds);
    }
  }
}

export interface Answer {
  readonly content: unknown;
  /** Path of the next page. */
  readonly next: string | undefined;
}

/**
 * Asks GitHub once. Throws {@link TryAgain}, {@link GitHubRefusal}, or an {@link OpsError} where a list goes on elsewhere.
 * @param again answers that are worth another try, with the reason
 */
export async function ask(
  { api, repository, token }: GitHub,
  method: string,
  path: string,
  body?: object,
  again: Readonly<Record<number, string>> = {},
): Promise<Answer> {
  const request = {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      "user-agent": repository,
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  };
  const answer = await exchange({ fetch }, api + path, 30_000, request).catch((error: unknown) => {
    throw error instanceof NoAnswer ? new TryAgain(error.message, 1_000) : error;
  });
  const { text } = answer;
  if (answer.ok) {
    const content = objectIn(text);
    if (text && !content) throw new TryAgain(`it answers ${answer.status} with what is no JSON`, 1_000);
    return { content, next: nextPage(answer, api) };
  }
  const said = `${answer.status} ${messageIn(text)}`;
  const pause = pauseFor(answer);
  if (pause !== undefined || again[answer.status]) throw new TryAgain(again[answer.status] ?? said, pause ?? 0);
  const refused = { code: "", message: `${method} ${path}: ${said}` };
  throw new GitHubRefusal(
    answer.status,
    messageIn(text),
    `GitHub refuses ${refused.message}`,
    fixOf(gitHubErrors, refused),
  );
}

/**
 * Milliseconds until GitHub may be asked again; undefined where it says no for good.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors
 */
function pauseFor({ status, headers, text }: ExchangeAnswer): number | undefined {
  if (status >= 500) return 1_000;
  if (status !== 403 && status !== 429) return undefined;
  const asked = waitAsked(headers.get("retry-after"), Date.now());
  if (asked !== undefined) return asked;
  if (headers.get("x-ratelimit-remaining") === "0") {
    return Math.max(0, Number(headers.get("x-ratelimit-reset")) * 1_000 - Date.now());
  }
  return status === 429 || /rate limit/i.test(text) ? minute : undefined;
}

/** The page that the answer links to, as a path: a link elsewhere never gets the token, and no list is read by half. */
function nextPage({ headers }: ExchangeAnswer, api: string): string | undefined {
  const link = /<([^>]+)>\s*;[^,]*\brel="next"/.exec(headers.get("link") ?? "")?.[1];
  if (link === undefined) return undefined;
  if (link.startsWith(`${api}/`)) return link.slice(api.length);
  const where = URL.parse(link)?.origin ?? link;
  throw new OpsError("github-refused", `A list of GitHub at ${api} goes on at ${where}`, "Correct GITHUB_API_URL.");
}

function messageIn(text: string): string {
  const body = objectIn(text) as { message?: string } | undefined;
  return body ? (body.message ?? "") : text.slice(0, 200);
}

/** Asks GitHub, again where it was busy or away; undefined where it answers 404. Errors: those of {@link withRetries}. */
export async function find<Found>(gitHub: GitHub, path: string): Promise<Found | undefined> {
  try {
    return (await withRetries(gitHub, () => ask(gitHub, "GET", path))).content as Found;
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return undefined;
    throw error;
  }
}

/** All pages of a list that is a field of each page's answer; none where what it is a list of is not there. */
export async function listed<Entry>(gitHub: GitHub, path: string, field: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let page: string | undefined = path; page !== undefined;) {
    const asked: string = page;
    const answer = await withRetries(gitHub, () => ask(gitHub, "GET", asked)).catch((error: unknown) => {
      if (error instanceof GitHubRefusal && error.status === 404) return undefined;
      throw error;
    });
    entries.push(...((answer?.content as Record<string, readonly Entry[]> | undefined)?.[field] ?? []));
    page = answer?.next;
  }
  return entries;
}
