import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StateResource } from "../../../../ops/pulumi/state";
import { comments, commentsText } from "../../../../ops/preview/pull-request/comment";
import { previewName } from "../../../../ops/preview/preview-name";
import type { PreviewProject } from "../../../../ops/preview/project";
import { consentAddressIn } from "../../../../ops/preview/pull-request/news";
import type { Receipt } from "../../../../ops/preview/receipt";
import { GitHubStandIn } from "../../../support/git-hub";

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
  name,
  stack,
  outcome,
  askedAt: "2026-11-22T12:00:00Z",
  seconds: 9,
  calls: 20,
  rows: [],
  left: [],
  keeps: [],
  notChecked: [],
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
  const failed = file("failed.json", { error: { code: "sign-in-refused", message: "Azure refuses the sign-in." } });
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

/** What the job in which a pull request's code runs hands over. */
const facts = {
  stack: "pr-42",
  chatAddress: "https://bot-sign-in-pr-42-hrsvuczh.azurewebsites.net/",
  expires: "2026-11-25T12:00:00Z",
  commit: "0123456789abcdef0123456789abcdef01234567",
  owner: "kim@contoso.example",
  seconds: 41.3,
  cost: "$12.69",
  changes: { deployed: ["adds scope `Files.Read` to `GraphConnection` (previews)"], besides: ["tests (1 file)"] },
  picture: 'flowchart LR\n  n1["web app<br>bot"]:::app\n  n2["vault"]:::secret\n  n1 -->|"reads"| n2',
  consentAddress:
    "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/adminconsent?client_id=9188040d-6c67-4c5b-b112-36a304b66dad",
};
const commentFrom = async (given: object): Promise<string> => {
  const upFacts = file("facts.json", given);
  const [report] = await comments(project(), previewName("42"), { upFacts });
  return report!.text;
};

test("facts that are what they should be become the comment as if this job had found them out itself", async () => {
  const text = await commentFrom({ ...facts, costNote: "<b>free</b>", against: "evil" });
  expect(text).toContain("\n- adds scope `Files.Read` to `GraphConnection` (previews)\n\nBesides: tests (1 file).\n");
  expect(text).toContain(`**[Open the chat](${facts.chatAddress})**`);
  expect(text).toContain("#### What changes against main\n");
  expect(text).toContain(`\n\`\`\`mermaid\n${facts.picture}\n\`\`\`\n`);
  expect(text).toContain(`[consented for everyone](${facts.consentAddress})`);
  expect(text).toMatch(/<sub>Cost: estimate for a whole month[^<]*<\/sub>$/);
});

test.each<[string, object]>([
  ["an address that is not Azure's", { chatAddress: "https://evil.example/" }],
  ["an address with more behind it", { chatAddress: `${facts.chatAddress}) @everyone [x](https://evil.example` }],
  ["a consent to somebody else's page", { consentAddress: "https://evil.example/adminconsent?client_id=x" }],
  ["a price with markup", { cost: "$1.00 <img src=x>" }],
  ["a commit with markup", { commit: "0123456](https://evil.example)" }],
  ["a date with markup", { expires: "2026-11-25T12:00:00Z **now**" }],
  ["a picture that ends its block", { picture: "flowchart LR\n```\n@everyone" }],
  ["a picture with a script", { picture: 'flowchart LR\n  click n1 href "javascript:alert(1)"' }],
  ["a picture with Mermaid's directives", { picture: "%%{init: {}}%%\nflowchart LR" }],
  ["a picture that asks for a web page", { picture: 'flowchart LR\n  n1["<img src=https://evil.example>"]:::app' }],
  ["text in place of facts", { chatAddress: undefined }],
])("of facts with %s nothing is posted", async (_what, change) => {
  await expect(commentFrom({ ...facts, ...change })).rejects.toMatchObject({ code: "not-handed-over" });
});

const hostile = [
  "@everyone",
  "see contoso/other#1 and #2 and GH-3",
  "https://evil.example and www.evil.example",
  "![x](https://evil.example/x.png)",
  "<img src=x onerror=alert(1)>",
  "<!-- bot-sign-in preview pr-1 -->",
  "a\n\n# Approved by security\n",
  "| a | b |",
  "`` ` `` @kim",
  "text ` @kim ` ` text",
  "\u202etxt",
];

/** What GitHub makes markup, a mention, a reference or a link of: all that stands in no code. */
const outsideCode = (text: string): string =>
  text.replace(/^```[^]*?^```$/gm, "").replace(/(`+)(?!`).+?(?<!`)\1(?!`)/g, "");

test.each(hostile)("no text that was handed over becomes more than text: %j", async (text) => {
  const told = await commentFrom({ ...facts, owner: text, changes: { deployed: [text], besides: [text] } });
  const down = file("receipt.json", {
    ...receipt("42", "pr-42", "left"),
    rows: [{ what: text, before: 1, left: 1 }],
    left: [{ what: text, why: text }],
    keeps: [{ what: text, until: text }],
    notChecked: [text],
  });
  const [gone] = await comments(project(), previewName("42"), { down });
  const [own] = await comments(project(), previewName("42"), { upFacts: file("facts.json", facts) });
  const frame = /@|#\d|GH-|evil|<img|<!-- bot-sign-in preview pr-1 |Approved|\u202e|\| a \|/;
  expect(outsideCode(own!.text)).not.toMatch(frame);
  expect(outsideCode(told)).not.toMatch(frame);
  expect(outsideCode(gone!.text)).not.toMatch(frame);
  expect(told + gone!.text).not.toContain("\u202e");
  expect(told.split("\n")[0]).toBe("<!-- bot-sign-in preview pr-42 -->");
});

test("why a preview failed is shown as it was said, in a block that it cannot end", async () => {
  const message = "```\n# Approved\n```\n@everyone";
  const text = await commentFrom({ error: { code: "pulumi-failed", message } });
  expect(text).toContain(`\n\`\`\`\`\n${message}\n\`\`\`\`\n`);
});

test("a file that is a link, a folder, or longer than a comment could be is not read", async () => {
  const secret = file("secret", "token");
  symlinkSync(secret, join(folder, "link.json"));
  const read = (upFacts: string): Promise<unknown> => comments(project(), previewName("42"), { upFacts });
  await expect(read(join(folder, "link.json"))).rejects.toThrow(/it is a link/);
  await expect(read(folder)).rejects.toThrow(/it is no file/);
  await expect(read(file("long.json", "x".repeat(1_000_001)))).rejects.toThrow(/it has 1000001 bytes/);
  expect(await read(join(folder, "none.json"))).toMatchObject([
    { text: expect.stringContaining("The run ended before it could say anything.") as string },
  ]);
});

test("a sweep's receipts that name what is no pull request's preview change no comment", async () => {
  commented("42", "pr-42");
  const receipts = [receipt("42", "pr-1"), receipt("0", "pr-0"), receipt("42/../1", "pr-42"), receipt("dev", "dev")];
  expect(await comments(project(), undefined, { swept: file("sweep.json", { receipts }), post: true })).toEqual([]);
  expect(gitHub.requests).toEqual([]);
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
    "facts of another preview",
    () => previewName("42"),
    () => ({ upFacts: file("facts.json", { ...facts, stack: "pr-4" }), post: true }),
    /facts\.json is not what a preview's job hands over: it is about `pr-4` and not about pr-42\. Nothing of it is posted/,
  ],
  [
    "a receipt of another preview",
    () => previewName("42"),
    () => ({ down: file("receipt.json", receipt("42", "pr-4")), post: true }),
    /it is about `pr-4` and not about pr-42/,
  ],
])("%s: one sentence with its fix, and nothing is posted", async (_what, name, wishes, sentence) => {
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
    urn: `urn:pulumi:pr-42::bot-sign-in::${type}::x`,
    type,
    custom: true,
    id,
    inputs: { ...inputs },
    outputs: { ...outputs },
  });
  const resources = [
    resource("pulumi:pulumi:Stack", "", {}, { signInAppId: "app" }),
    resource("azure-native:botservice:Bot", "/bot", { properties: { msaAppTenantId: "tenant" } }),
    resource("bot-sign-in:index:ConnectionCheck", "/bot/connections/c/check", { scopes }),
    ...(more ? [resource(more, "/grant", {})] : []),
  ];
  expect(consentAddressIn({ version: 3, deployment: { resources } })).toBe(
    shown ? "https://login.microsoftonline.com/tenant/adminconsent?client_id=app" : undefined,
  );
});
