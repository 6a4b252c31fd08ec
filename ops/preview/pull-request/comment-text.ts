import { shellWord } from "../../../cli/shell-word";
import { type Receipt, receiptText } from "../receipt";
import { type Changes, changesText } from "./changes";
import { block, code, codeUpTo, counted, words } from "./markdown";
import { longestComment } from "./posting";

/** A preview that is up, as its comment tells of it. */
export interface UpNews {
  /** As typed: `42`. */
  readonly title: string;
  readonly stack: string;
  readonly chatAddress: string;
  /** ISO date and time in UTC. */
  readonly expires?: string | undefined;
  readonly commit?: string | undefined;
  readonly owner?: string | undefined;
  /** How long the command took. */
  readonly seconds?: number | undefined;
  /** `$12.71`, a month, at list price. */
  readonly cost: string;
  /** What the estimate is made of. */
  readonly costNote: string;
  /** Why the changes are not known, in place of them. */
  readonly changes: Changes | string;
  /** What they are compared with: `main`. */
  readonly against: string;
  /** Mermaid. */
  readonly picture: string;
  /** Where an administrator lets everyone sign in; absent where users can by themselves. */
  readonly consentAddress?: string | undefined;
}

/** One that did not come up, or did not go down. */
export interface FailedNews {
  readonly title: string;
  readonly stack: string;
  readonly command: "up" | "down";
  readonly why: string;
  /** The workflow's run, with its log. */
  readonly run?: string | undefined;
}

/** Hidden line by which the comment of a preview is found again. */
export function markerOf(stack: string): string {
  return `<!-- bot-sign-in preview ${stack} -->`;
}

/** The comment of a preview that is up, in Markdown. */
export function upComment(news: UpNews): string {
  const { title, chatAddress, expires, commit, owner, seconds, cost, costNote } = news;
  const rows = [
    ["Chat", chatAddress],
    ["Expires", expires ? `${dateText(expires)}; every push begins the time anew` : undefined],
    ["Commit", commit && code(commit.slice(0, 12))],
    ["Owner", owner && code(owner)],
    ["Took", seconds === undefined ? undefined : timeText(seconds)],
    ["Costs", `${cost} a month (an estimate at list price)`],
  ];
  const consent = news.consentAddress
    ? `Under Microsoft's default policy nobody can sign in before an administrator has [consented for everyone](${news.consentAddress}), once for this preview.`
    : undefined;
  const changes =
    typeof news.changes === "string"
      ? ["Not known:", ...block(news.changes).split("\n")]
      : changesText(news.changes).split("\n");
  const head = [
    `### Preview ${nameText(title)} is up`,
    "",
    `**[Open the chat](${chatAddress})**, write **mail**, press the sign-in button and sign in with an account of the tenant.`,
    ...(consent ? ["", consent] : []),
    "",
    "| | |",
    "| --- | --- |",
    ...rows.flatMap(([name, value]) => (value ? [`| ${name} | ${value.replaceAll("|", "\\|")} |`] : [])),
    "",
    `#### What changes against ${words(news.against)}`,
    "",
  ];
  // A branch's name may hold what a shell runs, and what ends a block of code.
  const typed = shellWord(title);
  const commands = [
    `npm run preview -- show ${typed}     # health, secrets' ends, cost by part`,
    `npm run preview -- up ${typed}       # to its branch's present state, with a new expiry`,
    `npm run preview -- down ${typed}     # away with it, with a receipt`,
  ];
  const foot = ["", ...folded("By hand", block(commands.join("\n")).split("\n")), "", `<sub>${costNote}</sub>`];
  const picture = ["", ...folded("Picture of the set-up", ["```mermaid", news.picture, "```"])];
  return fitted(news.stack, head, changes, picture, foot);
}

/**
 * The comment of a preview that was taken down: its receipt.
 * @param why `closed` with its pull request, or `expired` while that may still be open
 */
export function downComment(receipt: Receipt, why: "closed" | "expired" = "closed"): string {
  const note =
    why === "expired" ? ["It had expired. The next push, or reopening the pull request, brings it up again.", ""] : [];
  return fitted(receipt.stack, note, receiptText(receipt).split("\n"), [], []);
}

/** The comment where a command broke off. */
export function failedComment({ title, stack, command, why, run }: FailedNews): string {
  const again =
    command === "up"
      ? "A new push tries again and goes on from there"
      : "The nightly sweep tries again once it has expired";
  const lines = [
    `### Preview ${nameText(title)} did not ${command === "up" ? "come up" : "go down"}`,
    "",
    ...block(why).split("\n"),
    "",
    `${run ? `[The run](${run}) has the whole log. ` : ""}${again}; by hand: ${codeUpTo(500, `npm run preview -- ${command} ${shellWord(title)}`)}.`,
  ];
  return fitted(stack, lines, [], [], []);
}

/** The whole, as long as GitHub takes it: first the picture is left out, then the last lines of the body. */
function fitted(
  stack: string,
  head: readonly string[],
  body: readonly string[],
  picture: readonly string[],
  foot: readonly string[],
): string {
  const text = (...parts: (readonly string[])[]): string => [markerOf(stack), ...parts.flat()].join("\n");
  const whole = text(head, body, picture, foot);
  if (whole.length <= longestComment) return whole;
  for (let lines = body.length; lines > 0; lines = Math.floor(lines * 0.9)) {
    const more = body.length - lines;
    const short = text(head, body.slice(0, lines), more > 0 ? ["", `And ${counted(more, "line")} more.`] : [], foot);
    if (short.length <= longestComment) return short;
  }
  return text(head).slice(0, longestComment);
}

/** A number as it is; a branch may be called anything. */
function nameText(title: string): string {
  return /^\d+$/.test(title) ? title : code(title);
}

/** Folded away until somebody opens it; GitHub wants an empty line around Markdown within HTML. */
function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

/** `2026-11-25 12:00 UTC` */
function dateText(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** `9 s`, `4 min 12 s` */
function timeText(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
