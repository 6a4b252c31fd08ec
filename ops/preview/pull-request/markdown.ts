/** Longest piece of somebody's text in a sentence, in characters; a comment is no place to read a certificate. */
const longest = 120;

/**
 * Somebody's text as code: GitHub then makes no markup, no mention of a person and no link of it. One line, cut where it is
 * too long. https://github.github.com/gfm/#code-spans
 */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = [...line].length > longest ? `${[...line].slice(0, longest).join("")}...` : line;
  if (cut === "") return "(empty)";
  const fence = fenceFor(cut, 1);
  const room = /^`|`$/.test(cut) ? " " : "";
  return `${fence}${room}${cut}${room}${fence}`;
}

/** Somebody's text as a block of code, its lines as they are. */
export function block(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}\n${text.trim()}\n${fence}`;
}

/** More backticks than any that the text has in a row. */
function fenceFor(text: string, least: number): string {
  const longestRun = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(Math.max(least, longestRun + 1));
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `1 file`, `2 files` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
