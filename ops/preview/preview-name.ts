import { createHash } from "node:crypto";
import { OpsError } from "../cli/ops-error";

/** What a preview is called: by people, and as a stack. */
export interface PreviewName {
  /** As a person types it: `42`, or `feature/mail`. */
  readonly title: string;
  readonly stack: string;
}

/** Characters of a branch's name that the stack's name keeps; Pulumi takes 100 in all. */
const kept = 40;

/**
 * The stack of a pull request's number (`pr-42`) or of a branch (`branch-feature-mail-1a2b3c4d`). A branch's stack ends with
 * eight digits of the whole name's hash, so that two names which differ in one character only are two previews. Every such name
 * is a preview's to infra/settings/environment.ts, which decides it for everybody.
 * Throws an {@link OpsError} `wrong-name` for anything that is neither.
 */
export function previewName(typed: string): PreviewName {
  const number = /^(?:#|pr-)?(\d+)$/i.exec(typed)?.[1];
  if (number !== undefined) {
    const plain = String(BigInt(number));
    if (plain === "0" || plain.length > 9) throw wrong(typed);
    return { title: plain, stack: `pr-${plain}` };
  }
  if (!isBranch(typed)) throw wrong(typed);
  const words = typed
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, kept)
    .replace(/^-+|-+$/g, "");
  const hash = createHash("sha256").update(typed).digest("hex").slice(0, 8);
  return { title: typed, stack: ["branch", words, hash].filter(Boolean).join("-") };
}

/** What git itself takes for a branch, as far as mistakes are likely: https://git-scm.com/docs/git-check-ref-format. */
function isBranch(name: string): boolean {
  return (
    name.length > 0 && name.length <= 250 && !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$|\.lock$/.test(name)
  );
}

function wrong(typed: string): OpsError {
  const seen = JSON.stringify(typed.length > 60 ? `${typed.slice(0, 60)}...` : typed);
  const fix = "Give a pull request's number, such as 42, or a branch's name.";
  return new OpsError("wrong-name", `${seen} is no pull request's number and no branch's name`, fix);
}
