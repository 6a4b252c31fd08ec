import type { ComponentChildren, JSX } from "preact";

/** What of Markdown bots use: paragraphs, lists, bold, code, links. Everything else is shown as it is written. */
export function Markdown({ text }: { text: string }): JSX.Element {
  const blocks = text.split(/\n{2,}/).map((block) => block.split("\n"));
  return (
    <>
      {blocks.map((lines, at) => (
        <Block key={at} lines={lines} />
      ))}
    </>
  );
}

const bullet = /^\s*[-*]\s+/;

function Block({ lines }: { lines: readonly string[] }): JSX.Element {
  const first = lines.findIndex((line) => bullet.test(line));
  const before = first < 0 ? lines : lines.slice(0, first);
  const items: string[][] = [];
  for (const line of first < 0 ? [] : lines.slice(first)) {
    if (bullet.test(line)) items.push([line.replace(bullet, "")]);
    else items.at(-1)?.push(line.trim());
  }
  return (
    <>
      {before.length > 0 && <p>{withBreaks(before)}</p>}
      {items.length > 0 && (
        <ul>
          {items.map((item, at) => (
            <li key={at}>{withBreaks(item)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

const withBreaks = (lines: readonly string[]): ComponentChildren[] =>
  lines.flatMap((line, at) => (at > 0 ? [<br />, ...inline(line)] : inline(line)));

const pieces = /\\([^\w\s])|\*\*(.+?)\*\*|\*(\S[^*]*)\*|`([^`]+)`|\[((?:\\.|[^\]\\])+)\]\((https?:\/\/[^\s)]+)\)/g;

function inline(text: string): ComponentChildren[] {
  const shown: ComponentChildren[] = [];
  let at = 0;
  for (const found of text.matchAll(pieces)) {
    shown.push(text.slice(at, found.index));
    at = found.index + found[0].length;
    const [, escaped, bold, slanted, code, label, address] = found;
    if (escaped !== undefined) shown.push(escaped);
    else if (bold !== undefined) shown.push(<strong>{inline(bold)}</strong>);
    else if (slanted !== undefined) shown.push(<em>{inline(slanted)}</em>);
    else if (code !== undefined) shown.push(<code>{code}</code>);
    else if (label !== undefined)
      shown.push(
        <a href={address} target="_blank" rel="noopener noreferrer">
          {inline(label)}
        </a>,
      );
  }
  return [...shown, text.slice(at)];
}
