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
  const fence = "`".repeat(1 + Math.max(0, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length)));
  const room = /^`|`$/.test(cut) ? " " : "";
  return `${fence}${room}${cut}${room}${fence}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `1 file`, `2 files` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
