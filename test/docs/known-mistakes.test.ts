import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { knownMistakes, knownMistakesAsMarkdown, seeded } from "../../docs/known-mistakes";
import { knownMistakesFile } from "../../local/served";

const root = join(__dirname, "../..");

test("docs/known-mistakes.md says what the tests hold (npm run docs writes it)", () => {
  expect(readFileSync(join(root, knownMistakesFile), "utf8")).toBe(knownMistakesAsMarkdown());
});

test("numbers in comments stay right: they count from 1 without a gap", () => {
  expect(knownMistakes.map(({ number }) => number)).toEqual(knownMistakes.map((_, at) => at + 1));
});

test("at least 30 mistakes are made on purpose, each once, in the file that the list names", () => {
  expect(seeded.length).toBeGreaterThanOrEqual(30);
  for (const { number, test: file } of seeded) {
    const calls = readFileSync(join(root, "test", file), "utf8").match(new RegExp(`^\\s*mistake\\(${number},`, "gm"));
    expect([number, calls?.length]).toEqual([number, 1]);
  }
});

test("the test that the list names for any other mistake exists and names its number", () => {
  for (const { number, test: file } of knownMistakes.filter(({ told }) => told === undefined)) {
    const path = join(root, "test", file);
    expect(existsSync(path)).toBe(true);
    if (file === "infra/mistakes.test.ts") {
      const named = new RegExp(`(test|describe)\\("${number}: `).test(readFileSync(path, "utf8"));
      expect([number, named]).toEqual([number, true]);
    }
  }
});
