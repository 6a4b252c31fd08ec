import type { GitHub } from "../../../../ops/git-hub/api";
import { gitHubOf } from "../../../../ops/preview/pull-request/github";
import { longestComment, putComment } from "../../../../ops/preview/pull-request/posting";
import { GitHubStandIn } from "../../../support/git-hub";

const marker = "<!-- bot-sign-in preview pr-42 -->";
const bot = "github-actions[bot]";
let standIn: GitHubStandIn;
let waits: number[];
let gitHub: GitHub;

beforeEach(async () => {
  standIn = await GitHubStandIn.open();
  waits = [];
  gitHub = { ...gitHubOf(standIn.environment), wait: (milliseconds) => Promise.resolve(waits.push(milliseconds)) };
});
afterEach(() => standIn.close());

const put = (text: string, onlyInPlace = false): ReturnType<typeof putComment> =>
  putComment(gitHub, "42", marker, `${marker}\n${text}`, onlyInPlace);
const bodies = (): string[] => standIn.comments.map(({ body }) => body.replace(`${marker}\n`, ""));

test("the first run writes a comment, every later one changes that comment", async () => {
  expect(await put("up")).toEqual({
    url: "https://github.com/contoso/mail-bot/pull/42#issuecomment-1",
    what: "created",
  });
  expect(await put("up again")).toMatchObject({ what: "updated" });
  expect(bodies()).toEqual(["up again"]);
});

test("ours is found behind two pages of others, and other pull requests' comments are not looked at", async () => {
  standIn.add("41", bot, `${marker}\nof another pull request`);
  for (let at = 0; at < 230; at++) standIn.add("42", "kim", `comment ${at}`);
  const ours = standIn.add("42", bot, `${marker}\nold`);
  expect(await put("new")).toMatchObject({ what: "updated" });
  expect(ours.body).toBe(`${marker}\nnew`);
  expect(standIn.comments[0]!.body).toBe(`${marker}\nof another pull request`);
});

test("a person's comment that copies the marker is never overwritten, nor one of ours that quotes it", async () => {
  standIn.add("42", "mallory", `${marker}\nfake`);
  standIn.add("42", bot, `> ${marker}`);
  expect(await put("real")).toMatchObject({ what: "created" });
  expect(bodies()).toEqual(["fake", `> ${marker}`, "real"]);
});

test("with a person's token, the comment is looked for among that person's", async () => {
  standIn.user = "kim";
  standIn.add("42", bot, `${marker}\nof the workflow`);
  await put("by kim");
  await put("by kim again");
  expect(bodies()).toEqual(["of the workflow", "by kim again"]);
});

test("where nothing was ever written, taking down writes nothing", async () => {
  expect(await put("down", true)).toEqual({ url: "", what: "none" });
  expect(bodies()).toEqual([]);
});

test.each([
  ["Retry-After", { status: 403, headers: { "retry-after": "7" }, message: "secondary rate limit" }, [7_000]],
  ["Retry-After with 429", { status: 429, headers: { "retry-after": "3" } }, [3_000]],
  [
    "no more than a word of the rate limit",
    { status: 403, message: "You have exceeded a secondary rate limit" },
    [60_000],
  ],
  ["a bad gateway", { status: 502 }, [1_000]],
])("%s: waits as told, then goes on", async (_what, fault, waited) => {
  standIn.faults.push({ request: /^GET .*comments$/, fault });
  expect(await put("up")).toMatchObject({ what: "created" });
  expect(waits).toEqual(waited);
});

test("a used-up hour is waited for where it is short, and named where it is long", async () => {
  const reset = (seconds: number): Record<string, string> => ({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1_000) + seconds),
  });
  standIn.faults.push({
    request: /^POST/,
    fault: { status: 403, headers: reset(20), message: "API rate limit exceeded" },
  });
  expect(await put("up")).toMatchObject({ what: "created" });
  expect(waits[0]).toBeGreaterThan(18_000);
  expect(waits[0]).toBeLessThanOrEqual(20_000);
  standIn.faults.push({
    request: /^PATCH/,
    fault: { status: 403, headers: reset(3_000), message: "API rate limit exceeded" },
  });
  await expect(put("up")).rejects.toMatchObject({
    code: "github-refused",
    message: "GitHub is busy or away: 403 API rate limit exceeded. Run this job again.",
  });
});

test("a comment whose answer was lost is not written a second time", async () => {
  standIn.faults.push({ request: /^POST/, fault: { status: 502, done: true } });
  expect(await put("up")).toMatchObject({ what: "updated" });
  expect(bodies()).toEqual(["up"]);
});

test("a comment that somebody deletes at the same moment is written anew", async () => {
  standIn.add("42", bot, `${marker}\nold`);
  standIn.before = (request) => void (request.startsWith("PATCH") && standIn.comments.splice(0));
  expect(await put("new")).toMatchObject({ what: "created" });
  expect(bodies()).toEqual(["new"]);
});

test.each([
  [403, "Resource not accessible by integration", "Give the job the right pull-requests: write."],
  [404, "Not Found", "Check the number of the pull request, and that the token may read the repository."],
])("%d %s is said with its fix, at once", async (status, message, fix) => {
  standIn.faults.push({ request: /^POST/, fault: { status, message } });
  await expect(put("up")).rejects.toMatchObject({
    code: "github-refused",
    message: `GitHub refuses POST /repos/contoso/mail-bot/issues/42/comments: ${status} ${message}. ${fix}`,
  });
  expect(waits).toEqual([]);
});

test("GitHub that never recovers, or is not there, is given up after five tries", async () => {
  for (let at = 0; at < 5; at++) standIn.faults.push({ request: /^POST/, fault: { status: 503 } });
  await expect(put("up")).rejects.toMatchObject({ code: "github-refused" });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
  await standIn.close();
  await expect(put("up")).rejects.toThrow(/^GitHub is busy or away: .*ECONNREFUSED/);
});

test("the token goes to no other host, whatever a page links to, and of half a list nothing follows", async () => {
  const other = await GitHubStandIn.open();
  const link = `<${other.address}/repositories/1/issues/42/comments?page=2>; rel="next"`;
  standIn.faults.push({ request: /^GET .*comments$/, fault: { status: 200, headers: { link }, content: [] } });
  await expect(put("up")).rejects.toThrow(
    `A list of GitHub at ${standIn.environment["GITHUB_API_URL"]} goes on at ${other.address}`,
  );
  expect([other.requests, standIn.comments]).toEqual([[], []]);
  await other.close();
});

test("what is longer than GitHub takes is cut", async () => {
  await put("x".repeat(70_000));
  expect(standIn.comments[0]!.body).toHaveLength(longestComment);
});

test.each(["GITHUB_TOKEN", "GITHUB_REPOSITORY"])("without %s nothing is asked, and the sentence names it", (name) => {
  expect(() => gitHubOf({ ...standIn.environment, [name]: "" })).toThrow(
    new RegExp(`^${name} is not set\\. A workflow gives it to the step`),
  );
});

test("the token is in no error", async () => {
  standIn.faults.push({ request: /^GET .*comments$/, fault: { status: 401, message: "Bad credentials" } });
  const error = (await put("up").catch((caught: unknown) => caught)) as Error;
  expect(error.message).toContain("401 Bad credentials");
  expect(JSON.stringify(error) + error.stack).not.toContain(standIn.token);
});
