import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/deployed";
import { directory, resources, webAppAndBot } from "../az/support/lines";
import { notRun } from "../az/support/unserved";

/** Every az command of a text, by the words that name it: `az keyvault secret set`. */
export function commandsIn(text: string): string[] {
  const words =
    /\baz((?: (?!-|and\b|makes\b|with\b|shows?\b(?! -)|has\b|is\b|brings\b|keeps\b)[a-z][a-z-]+)+)(?= -| "| `|`|"|'|,|\)|\.|\s*$|\\| \||:)/gm;
  return [...text.matchAll(words)].map(([, rest]) => `az${rest}`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const told = [
  "README.md",
  ...["docs", "ops", "infra", "bot", "cli", "contract", "local/page"].flatMap(filesBelow),
].filter((file) => /\.(md|ts)$/.test(file));

test("no command that people are told to type has brackets outside of quotation marks, which zsh takes for a pattern", () => {
  expect(told.filter((file) => /--query \[/.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

test("every command that documents and messages tell people to type is run with the real az, or is excepted with a reason", () => {
  const commands = new Set(told.flatMap((file) => commandsIn(readFileSync(join(root, file), "utf8"))));
  const runbook = readFileSync(join(root, "docs/runbook.md"), "utf8");
  const run = new Set(
    [...webAppAndBot, ...resources, ...directory, runbook].flatMap((line) => commandsIn(line)).concat("az login"),
  );
  expect([...commands].filter((command) => !run.has(command) && !(command in notRun)).sort()).toEqual([]);
  expect(commands.size).toBeGreaterThan(30);
});
