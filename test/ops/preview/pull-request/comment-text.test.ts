import type { Receipt } from "../../../../ops/preview/receipt";
import {
  downComment,
  failedComment,
  markerOf,
  upComment,
  type UpNews,
} from "../../../../ops/preview/pull-request/comment-text";
import { longestComment } from "../../../../ops/preview/pull-request/posting";

const news: UpNews = {
  title: "42",
  stack: "pr-42",
  chatAddress: "https://bot-sign-in-pr-42-95bci21h.azurewebsites.net/",
  expires: "2026-11-25T12:00:00Z",
  commit: "0123456789abcdef0123456789abcdef01234567",
  owner: "kim@contoso.example",
  seconds: 251.6,
  cost: "$12.69",
  costNote: "Cost: estimate.",
  changes: { deployed: ["adds scope `Mail.Send` to `GraphConnection`"], besides: [] },
  against: "main",
  picture: "flowchart LR",
};

test("a reviewer finds the chat, what changes, the expiry, the time, the cost and the picture", () => {
  expect(upComment(news)).toBe(
    [
      "<!-- bot-sign-in preview pr-42 -->",
      "### Preview 42 is up",
      "",
      "**[Open the chat](https://bot-sign-in-pr-42-95bci21h.azurewebsites.net/)**, write **mail**, press the sign-in button and sign in with an account of the tenant.",
      "",
      "| | |",
      "| --- | --- |",
      "| Chat | https://bot-sign-in-pr-42-95bci21h.azurewebsites.net/ |",
      "| Expires | 2026-11-25 12:00 UTC; every push begins the time anew |",
      "| Commit | `0123456789ab` |",
      "| Owner | `kim@contoso.example` |",
      "| Took | 4 min 12 s |",
      "| Costs | $12.69 a month (an estimate at list price) |",
      "",
      "#### What changes against main",
      "",
      "- adds scope `Mail.Send` to `GraphConnection`",
      "",
      "<details><summary>Picture of the set-up</summary>",
      "",
      "```mermaid",
      "flowchart LR",
      "```",
      "",
      "</details>",
      "",
      "<details><summary>By hand</summary>",
      "",
      "```",
      "npm run preview -- show 42     # health, secrets' ends, cost by part",
      "npm run preview -- up 42       # to its branch's present state, with a new expiry",
      "npm run preview -- down 42     # away with it, with a receipt",
      "```",
      "",
      "</details>",
      "",
      "<sub>Cost: estimate.</sub>",
    ].join("\n"),
  );
});

test("where an administrator has to consent first, the address to do so is there", () => {
  const consentAddress = "https://login.microsoftonline.com/t/adminconsent?client_id=c";
  expect(upComment({ ...news, consentAddress })).toContain(
    `nobody can sign in before an administrator has [consented for everyone](${consentAddress})`,
  );
});

test("what git cannot tell is said in place of the changes", () => {
  expect(upComment({ ...news, changes: "git cannot compare with origin/main" })).toContain(
    "#### What changes against main\n\nNot known:\n```\ngit cannot compare with origin/main\n```\n",
  );
});

test("what is not known has no row", () => {
  const text = upComment({ ...news, seconds: undefined, owner: undefined, commit: undefined, expires: undefined });
  expect(text).not.toMatch(/\| (Took|Owner|Commit|Expires) \|/);
});

test("too long for GitHub, the picture goes first, then the last of the changes", () => {
  const long = upComment({ ...news, picture: "x".repeat(longestComment) });
  expect(long).toContain("- adds scope");
  expect(long).toContain("<sub>Cost");
  expect(long).not.toContain("mermaid");

  const deployed = Array.from({ length: 3_000 }, (_, at) => `changes \`setting${at}\` from \`old\` to \`new\``);
  const longer = upComment({ ...news, changes: { deployed, besides: [] } });
  expect(longer.length).toBeLessThanOrEqual(longestComment);
  const [, more] = /\n\nAnd (\d+) lines more\.\n/.exec(longer)!;
  expect(longer.match(/^- changes/gm)).toHaveLength(3_000 - Number(more));
  expect(longer.endsWith("<sub>Cost: estimate.</sub>")).toBe(true);
});

test.each([
  ["up", "### Preview 42 did not come up", "A new push tries again"],
  ["down", "### Preview 42 did not go down", "The nightly sweep tries again"],
] as const)("where %s failed, the comment says why, and where the log is", (command, title, again) => {
  const why = "Vault names `a` is taken. ```Purge``` it.";
  const text = failedComment({
    title: "42",
    stack: "pr-42",
    command,
    why,
    run: "https://github.com/contoso/x/actions/runs/1",
  });
  expect(text.split("\n").slice(0, 6)).toEqual([markerOf("pr-42"), title, "", "````", why, "````"]);
  expect(text).toContain(`[The run](https://github.com/contoso/x/actions/runs/1) has the whole log. ${again}`);
  expect(text).toContain(`\`npm run preview -- ${command} 42\``);
});

test("a branch's name cannot become markup", () => {
  expect(upComment({ ...news, title: "fix/<img>@kim" })).toContain("### Preview `fix/<img>@kim` is up");
});

test("of a preview that is gone, the receipt is the comment", () => {
  const receipt: Receipt = {
    name: "42",
    stack: "pr-42",
    outcome: "gone",
    askedAt: "2026-11-22T12:00:00Z",
    seconds: 61.2,
    calls: 30,
    rows: [{ what: "Resources", before: 24, left: 0 }],
    left: [],
    keeps: [],
    notChecked: ["installations in Teams"],
  };
  const text = downComment(receipt);
  expect(text.split("\n").slice(0, 2)).toEqual([markerOf("pr-42"), "### Preview 42 is gone"]);
  expect(text).toMatch(/^\| Resources +\| +24 \| +0 \|$/m);
});

test("a branch's name that a shell would run, or that ends a block, is one word of the commands and stays in the block", () => {
  const title = "a;$(touch${IFS}x)```b";
  const text = upComment({ ...news, title, against: "rel_1" });
  const typed = "npm run preview -- down 'a;$(touch${IFS}x)```b'     # away with it, with a receipt";
  expect(text).toContain(`\n\`\`\`\`\nnpm run preview -- show 'a;$(touch\${IFS}x)`);
  expect(text).toContain(`\n${typed}\n\`\`\`\`\n`);
  expect(text).toContain("\n#### What changes against `rel_1`\n");
  const failed = failedComment({ title, stack: "branch-a-01234567", command: "down", why: "No." });
  expect(failed).toContain("by hand: ````npm run preview -- down 'a;$(touch${IFS}x)```b'````.");
});
