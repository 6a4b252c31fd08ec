import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as ts from "typescript";
import { root } from "../support/deployed";

const path = join(root, "docs/security.md");
const text = readFileSync(path, "utf8");
const areas = text
  .split(/^## /m)
  .slice(1)
  .map((part) => ({ title: part.split("\n")[0]!, text: part }));

interface Promised {
  readonly what: string;
  readonly against: string;
  /** The tests that are named, each with its file. */
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

/** The rows of an area's table. */
function promises(area: string): Promised[] {
  return area
    .split("\n")
    .filter((line) => /^\| .* \| .* \| .*\.test\.ts\)/.test(line))
    .map((line) => {
      const [what = "", against = "", shown = ""] = line.split("|").slice(1, -1);
      return { what: what.trim(), against: against.trim(), tests: testsIn(shown) };
    });
}

/** `[trust](../test/ops/trust.test.ts): "one"; "another"` */
function testsIn(cell: string): { file: string; name: string }[] {
  let file = "";
  return [...cell.matchAll(/\]\(([^)]+\.test\.ts)\)|"([^"]+)"/g)].flatMap(([, link, name]) => {
    file = link ?? file;
    return name === undefined ? [] : [{ file, name }];
  });
}

/** Names of the tests of a file as they stand in it: those of a table with their `%s`. */
function namesIn(file: string): string[] {
  const source = readFileSync(resolve(dirname(path), file), "utf8");
  const names: string[] = [];
  const look = (node: ts.Node): void => {
    const named = ts.isCallExpression(node) && isTest(node.expression) && node.arguments[0];
    if (named && ts.isStringLiteralLike(named)) names.push(named.text);
    node.forEachChild(look);
  };
  look(ts.createSourceFile(file, source, ts.ScriptTarget.Latest));
  return names;
}

/** `test`, `describe`, `test.each(...)` */
function isTest(expression: ts.Expression): boolean {
  if (ts.isIdentifier(expression)) return /^(test|describe)$/.test(expression.text);
  return (
    (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)) && isTest(expression.expression)
  );
}

test.each(areas.filter(({ text }) => text.includes("| promised |")).map(({ title, text }) => [title, text]))(
  "%s: every promise says against whom, and every test that it names is there",
  (_title, area) => {
    const rows = promises(area);
    expect(rows.length).toBe(area.split("\n").filter((line) => /^\| (?!promised|-)/.test(line)).length);
    const missing = rows.flatMap(({ what, against, tests }) => {
      if (against === "" || tests.length === 0) return [`${what}: against whom, or no test`];
      return tests
        .filter(({ file, name }) => !namesIn(file).includes(name))
        .map(({ file, name }) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
  },
);

test("each area has its promises", () => {
  const titles = areas.filter(({ text }) => promises(text).length > 0).map(({ title }) => title);
  expect(titles).toEqual([
    "The pipeline",
    "State and secrets",
    "The door: requests and tokens",
    "Effects",
    "Limits",
    "Pages",
    "Privacy",
    "The local Azure on a laptop",
    "The policy pack",
    "Protection",
  ]);
});

test("a test that is named and not there is found", () => {
  expect(namesIn("../test/docs/security.test.ts")).toContain("each area has its promises");
  expect(namesIn("../test/docs/security.test.ts")).not.toContain("each area keeps its promises");
});

test("every link leads somewhere", () => {
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
  expect(links.filter((link) => !existsSync(resolve(dirname(path), link)))).toEqual([]);
});
