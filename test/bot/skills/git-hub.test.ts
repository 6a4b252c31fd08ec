import type { Connection } from "../../../contract/connection";
import { assignedIssues, gitHubUser, openIssue } from "../../../bot/skills/git-hub";
import { replaceInternet } from "../support/internet";

const connection: Connection = { name: "GitHub", provider: "github", scopes: ["repo"], skill: "github" };
let internet: ReturnType<typeof replaceInternet>;
let answer: () => Response;

beforeEach(() => {
  internet = replaceInternet({ "api.github.com": () => answer(), "ghe.example": () => answer() });
});

afterEach(() => internet.restore());

const issue = (number: number, title: string, more: object = {}): object => ({
  number,
  title,
  html_url: `https://github.com/contoso/website/issues/${number}`,
  repository: { full_name: "contoso/website" },
  ...more,
});

test("open issues that are assigned to the user are a list of links; pull requests, which GitHub mixes in, are left out", async () => {
  answer = () => Response.json([issue(3, "The logo is *old*"), issue(4, "A fix", { pull_request: {} }), issue(1, "x")]);
  expect((await assignedIssues("token", connection)).split("\n")).toEqual([
    "Open issues that are assigned to you:",
    "",
    "- [#3 The logo is \\*old\\*](https://github.com/contoso/website/issues/3) in contoso/website",
    "- [#1 x](https://github.com/contoso/website/issues/1) in contoso/website",
  ]);
  const [call] = internet.calls;
  expect([call?.authorization, call?.url.pathname, Object.fromEntries(call?.url.searchParams ?? [])]).toEqual([
    "Bearer token",
    "/issues",
    { filter: "assigned", state: "open", per_page: "20" },
  ]);
});

test("no issue is said in a sentence", async () => {
  answer = () => Response.json([]);
  expect(await assignedIssues("token", connection)).toBe("No open issue at GitHub is assigned to you.");
});

test("an issue is opened in the repository that was named, and its answer leads to it", async () => {
  answer = () => Response.json(issue(7, "The logo is old"), { status: 201 });
  expect(await openIssue("token", connection, "contoso/website", "The logo is old", "Since Monday.")).toBe(
    "Opened in contoso/website: [#7 The logo is old](https://github.com/contoso/website/issues/7)",
  );
  const [call] = internet.calls;
  expect([call?.method, call?.url.pathname, call?.json()]).toEqual([
    "POST",
    "/repos/contoso/website/issues",
    { title: "The logo is old", body: "Since Monday." },
  ]);
});

test("an address that is none is not made a link", async () => {
  answer = () => Response.json([issue(3, "x", { html_url: "javascript:alert(1)" })]);
  expect(await assignedIssues("token", connection)).not.toContain("](");
});

test("the user is told by name and login", async () => {
  answer = () => Response.json({ login: "ada", name: "Ada Lindgren" });
  expect(await gitHubUser("token", connection)).toBe("**Ada Lindgren** (ada)");
  answer = () => Response.json({ login: "sam", name: null });
  expect(await gitHubUser("token", connection)).toBe("**sam** (sam)");
});

test("a GitHub Enterprise Server is asked where the connection names one", async () => {
  answer = () => Response.json([]);
  await assignedIssues("token", { ...connection, api: "https://ghe.example/api/v3/" });
  expect(internet.calls[0]?.url.href).toMatch(/^https:\/\/ghe\.example\/api\/v3\/issues\?/);
});

test.each([
  ["401", 401, {}, { code: "service-token-refused" }],
  [
    "403 of a missing scope",
    403,
    { "x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "read:user" },
    { code: "service-permission-missing", subject: "repo" },
  ],
  ["403 that says no more", 403, {}, { code: "service-request-refused", subject: "Not Found" }],
  ["403 of the rate limit", 403, { "x-ratelimit-remaining": "0" }, { code: "service-unavailable" }],
  ["403 of the second rate limit", 403, { "retry-after": "60" }, { code: "service-unavailable" }],
  ["429", 429, {}, { code: "service-unavailable" }],
  ["404", 404, {}, { code: "service-request-refused", subject: "Not Found" }],
  ["503", 503, {}, { code: "service-unavailable" }],
])("%s is told for what it is", async (_what, status, headers, error) => {
  answer = () => Response.json({ message: "Not Found" }, { status, headers });
  await expect(assignedIssues("token", connection)).rejects.toMatchObject(error);
});

test("where GitHub's answer to a new issue is lost, nobody says that it was not opened", async () => {
  answer = () => new Response("", { status: 502 });
  await expect(openIssue("token", connection, "a/b", "x", undefined)).rejects.toMatchObject({
    code: "outcome-unknown",
  });
});
