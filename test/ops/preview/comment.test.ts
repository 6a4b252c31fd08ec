import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StateResource } from "../../../ops/drift/state";
import { comments, commentsText } from "../../../ops/preview/comment";
import { previewName } from "../../../ops/preview/preview-name";
import type { PreviewProject } from "../../../ops/preview/preview-stack";
import { consentAddressIn } from "../../../ops/preview/pull-request/news";
import type { Receipt } from "../../../ops/preview/receipt";
import { GitHubStandIn } from "../../support/git-hub";

let folder: string;
let gitHub: GitHubStandIn;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "comment-test-"));
  gitHub = await GitHubStandIn.open();
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gitHub.close();
});

const project = (): PreviewProject => ({
  folder,
  project: "bot-sign-in",
  environment: gitHub.environment,
  now: () => new Date("2026-11-22T12:00:00Z"),
});
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const receipt = (name: string, stack: string, outcome: Receipt["outcome"] = "gone"): Receipt => ({
  ...{ name, stack, outcome, askedAt: "2026-11-22T12:00:00Z", seconds: 9, calls: 20 },
  ...{ rows: [], left: [], keeps: [], notChecked: [] },
});
const commented = (number: string, stack: string): { body: string } =>
  gitHub.add(number, "github-actions[bot]", `<!-- bot-sign-in preview ${stack} -->\nup`);

test("of a sweep, the pull requests whose comments say that they are up are told, and no others", async () => {
  const told = commented("42", "pr-42");
  commented("43", "pr-43");
  const receipts = [
    receipt("42", "pr-42"),
    receipt("feature/mail", "branch-feature-mail-ab5799ae"),
    receipt("44", "pr-44"),
  ];
  const swept = file("sweep.json", { done: true, findings: [], receipts, failures: [] });
  const reports = await comments(project(), undefined, { swept, post: true });
  expect(commentsText(reports)).toBe(
    "42: updated https://github.com/contoso/mail-bot/pull/42#issuecomment-1\n\n44: there was no comment to change.",
  );
  expect(told.body).toMatch(/^<!-- .* -->\nIt had expired\. The next push, [^]*### Preview 42 is gone/);
  expect(gitHub.comments).toHaveLength(2);
  expect(gitHub.comments[1]!.body).toMatch(/\nup$/);
});

test("a preview that was made by hand, with a number that is no pull request's, stops no one from being told", async () => {
  gitHub.faults.push({ request: /^GET .*\/issues\/41\/comments$/, fault: { status: 404, message: "Not Found" } });
  const told = commented("42", "pr-42");
  const swept = file("sweep.json", { receipts: [receipt("41", "pr-41"), receipt("42", "pr-42")] });
  await comments(project(), undefined, { swept, post: true });
  expect(told.body).toContain("### Preview 42 is gone");
});

test("a sweep that took nothing down tells nobody; one that failed is an error", async () => {
  const nothing = file("sweep.json", { receipts: [] });
  expect(commentsText(await comments(project(), undefined, { swept: nothing, post: true }))).toBe(
    "There is nothing to tell.",
  );
  const failed = file("failed.json", { error: { code: "SignInRefused", message: "Azure refuses the sign-in." } });
  await expect(comments(project(), undefined, { swept: failed })).rejects.toThrow(
    /^The sweep failed: Azure refuses the sign-in/,
  );
});

test("closed with a preview, the comment becomes the receipt; closed without one, none is written", async () => {
  const down = file("receipt.json", receipt("42", "pr-42"));
  expect(await comments(project(), previewName("42"), { down, post: true })).toMatchObject([
    { posted: { what: "created" } },
  ]);
  const nothing = file("nothing.json", receipt("43", "pr-43", "nothing was there"));
  expect(await comments(project(), previewName("43"), { down: nothing, post: true })).toMatchObject([
    { posted: { what: "none" } },
  ]);
  expect(gitHub.comments.map(({ pullRequest }) => pullRequest)).toEqual(["42"]);
});

test.each<[string, () => Parameters<typeof comments>[1], () => Parameters<typeof comments>[2], RegExp]>([
  [
    "nothing to tell of",
    () => undefined,
    () => ({}),
    /^A comment is about one preview, or about those of a sweep\. Give one of the two/,
  ],
  ["two things to tell of", () => previewName("42"), () => ({ swept: "x" }), /^A comment is about one preview/],
  [
    "a branch to post to",
    () => previewName("feature/mail"),
    () => ({ down: file("r.json", receipt("feature/mail", "branch-feature-mail-ab5799ae")), post: true }),
    /^"feature\/mail" is no pull request's number\. Give its number/,
  ],
  [
    "a text that is another preview's comment",
    () => previewName("42"),
    () => ({ text: file("comment.md", "<!-- bot-sign-in preview pr-4 -->"), post: true }),
    /comment\.md is not the comment of pr-42\. Make it with: npm run preview -- comment/,
  ],
])("%s: one sentence with its cure, and nothing is posted", async (_what, name, wishes, sentence) => {
  await expect(comments(project(), name(), wishes())).rejects.toThrow(sentence);
  expect(gitHub.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
});

test.each<[string, string, string | undefined, boolean]>([
  ["scopes that need an administrator", "User.Read Mail.Read", undefined, true],
  ["scopes that users allow themselves", "User.Read Mail.Send", undefined, false],
  [
    "a consent that the program has given",
    "Mail.Read",
    "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
    false,
  ],
])("the address at which an administrator consents: %s", (_what, scopes, more, shown) => {
  const resource = (type: string, id: string, inputs: object, outputs: object = {}): StateResource => ({
    ...{ urn: `urn:pulumi:pr-42::bot-sign-in::${type}::x`, type, custom: true, id },
    ...{ inputs: { ...inputs }, outputs: { ...outputs } },
  });
  const resources = [
    resource("pulumi:pulumi:Stack", "", {}, { signInAppId: "app" }),
    resource("azure-native:botservice:Bot", "/bot", { properties: { msaAppTenantId: "tenant" } }),
    resource("pulumi-nodejs:dynamic:Resource", "/bot/connections/c/check", { scopes }),
    ...(more ? [resource(more, "/grant", {})] : []),
  ];
  expect(consentAddressIn({ version: 3, deployment: { resources } })).toBe(
    shown ? "https://login.microsoftonline.com/tenant/adminconsent?client_id=app" : undefined,
  );
});
