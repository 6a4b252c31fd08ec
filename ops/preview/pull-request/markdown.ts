/** Longest piece of somebody's text in a sentence, in characters; a comment is no place to read a certificate. */
const longest = 120;

/** What is not shown, but turns the order of the text around it, or hides in it. */
const invisible = /\p{Cf}/gu;

/**
 * Somebody's text as code: GitHub then makes no markup, no mention of a person and no link of it. One line, cut where it is
 * too long. https://github.github.com/gfm/#code-spans
 */
export function code(text: string): string {
  return codeUpTo(longest, text);
}

/** The same with room for a longer text, such as a command that is to be copied. */
export function codeUpTo(limit: number, text: string): string {
  const line = text.replace(invisible, "").replace(/\s+/g, " ").trim();
  const cut = [...line].length > limit ? `${[...line].slice(0, limit).join("")}...` : line;
  if (cut === "") return "(empty)";
  const fence = fenceFor(cut, 1);
  const room = /^`|`$/.test(cut) ? " " : "";
  return `${fence}${room}${cut}${room}${fence}`;
}

/**
 * What GitHub shows as it is: without the characters that begin markup, a mention or a reference, and without what it makes
 * a link by itself (https://github.github.com/gfm/#autolinks-extension-). A backslash would not do: mentions and references
 * are looked for after the Markdown was read.
 */
const plainWords = /^(?!.*(:\/\/|www\.|\bGH-\d))[A-Za-z0-9 ,.:;'/()%+-]*$/i;

/** Words as they are; any other text as code, with room for a whole sentence of Azure's. */
export function words(text: string): string {
  return plainWords.test(text) ? text : codeUpTo(500, text);
}

/** A sentence of ours with somebody's text in it as code; where anything else than plain words is around that, all is code. */
export function wordsAndCode(sentence: string): string {
  const parts = sentence.split(/(`+)(?!`)(.+?)(?<!`)\1(?!`)/);
  // Words, fence, code, words, fence, code, words.
  const [said, quoted] = [0, 2].map((offset) => parts.filter((_part, at) => at % 3 === offset));
  if (!said!.every((part) => plainWords.test(part))) return codeUpTo(500, sentence.replaceAll("`", "'"));
  return said!.map((part, at) => part + (quoted![at] === undefined ? "" : code(quoted![at]))).join("");
}

/** Somebody's text as a block of code, its lines as they are. */
export function block(text: string): string {
  const shown = text.replace(invisible, "").trim();
  const fence = fenceFor(shown, 3);
  return `${fence}\n${shown}\n${fence}`;
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
