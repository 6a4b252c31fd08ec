import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fixesOf, knownMistakes, seeded } from "../../contract/known-mistakes";

const root = join(__dirname, "../..");

test("every mistake has a fix, its own or the catalogue's, not both", () => {
  for (const mistake of knownMistakes) {
    expect([mistake.number, fixesOf(mistake)]).toEqual([
      mistake.number,
      expect.arrayContaining([expect.stringMatching(/\S/)]),
    ]);
    const catalogued = fixesOf({ ...mistake, fix: undefined }).length > 0;
    expect([mistake.number, catalogued]).toEqual([mistake.number, mistake.fix === undefined]);
  }
});

test("a mistake that is told to somebody has the words that its test expects, and no other has", () => {
  expect(knownMistakes.filter(({ told, says }) => (told === undefined) !== (says === undefined))).toEqual([]);
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
