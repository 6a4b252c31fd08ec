import { readdirSync } from "node:fs";
import { join } from "node:path";

const files = readdirSync(join(__dirname, "engine")).filter((file) => file.endsWith(".test.ts"));

/** The files of a set, as jest finds them. */
function filesOf(set: "most" | "kills"): string[] {
  const before = process.env.ENGINE_TESTS;
  process.env.ENGINE_TESTS = set;
  try {
    let ignored: RegExp[] = [];
    jest.isolateModules(() => {
      const config = jest.requireActual<{ testPathIgnorePatterns: string[] }>("./engine/jest.config");
      ignored = config.testPathIgnorePatterns.map((pattern) => new RegExp(pattern));
    });
    return files.filter((file) => !ignored.some((pattern) => pattern.test(`/test/engine/${file}`)));
  } finally {
    if (before === undefined) delete process.env.ENGINE_TESTS;
    else process.env.ENGINE_TESTS = before;
  }
}

test("the two sets of engine tests hold each test once, and kills and faults at every write are the second", () => {
  expect(filesOf("kills")).toEqual([
    "faults.test.ts",
    "preview-kills.test.ts",
    "recover-kills.test.ts",
    "rotate-kills.test.ts",
  ]);
  expect([...filesOf("most"), ...filesOf("kills")].sort()).toEqual([...files].sort());
});

test("what lasts longest is begun first", () => {
  interface Tests {
    sort(tests: { path: string }[]): { path: string }[];
  }
  const Sequencer = jest.requireActual<new () => Tests>("./engine/longest-first");
  const sorted = new Sequencer().sort(files.map((file) => ({ path: `/project/test/engine/${file}` })));
  expect(sorted.map(({ path }) => path.split("/").at(-1)).slice(0, 4)).toEqual([
    "preview-kills.test.ts",
    "recover-kills.test.ts",
    "rotate-kills.test.ts",
    "rotate.test.ts",
  ]);
  expect(sorted).toHaveLength(files.length);
});
