import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = dirname(__dirname);

/** What each room may import from: its own files, packages, and these rooms. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  bot: ["contract"],
  infra: ["contract"],
  local: ["contract", "infra", "bot"],
  ops: ["contract", "infra", "bot"],
};

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(room: string): Source[] {
  let files: string[];
  try {
    files = readdirSync(join(root, room), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file: join(room, file), text: readFileSync(join(root, room, file), "utf8") }));
}

function importsOf({ file, text }: Source): string[] {
  const found = text.matchAll(/(?:from\s+|import\s*\(?\s*|require\s*\(\s*)["'](\.{1,2}\/[^"']+)["']/g);
  return [...found].map(([, path]) => relative(root, join(root, dirname(file), path as string)));
}

describe.each(Object.entries(mayUse))("%s", (room, others) => {
  test(`imports from nowhere but ${[room, ...others].join(", ")}`, () => {
    const allowed = [room, ...others];
    const wrong = sources(room).flatMap((source) =>
      importsOf(source)
        .filter((path) => path.includes("/") && !allowed.includes(path.split("/")[0] as string))
        .map((path) => `${source.file} imports ${path}`),
    );
    expect(wrong).toEqual([]);
  });
});

test.each(["bot", "infra", "contract"])("nothing in %s knows that a local Azure exists", (room) => {
  const knowing = sources(room).filter(({ text }) => /local[ -]azure|NODE_EXTRA_CA/i.test(text));
  expect(knowing.map(({ file }) => file)).toEqual([]);
});

test("azure-native is imported module by module: its root loads 1,259 files at every start", () => {
  const roots = ["infra", "local", "ops", "test"]
    .flatMap(sources)
    .filter(({ text }) => /from "@pulumi\/azure-native"/.test(text));
  expect(roots.map(({ file }) => file)).toEqual([]);
});

test("the patterns above see what they are to see", () => {
  expect(
    importsOf({ file: "bot/x/y.ts", text: 'import { a } from "../../local/z";\nconst b = require("./c");' }),
  ).toEqual(["local/z", "bot/x/c"]);
  expect(sources("bot").length).toBeGreaterThan(20);
});

test("what the product and the local Azure both declare is one version: npm lays it once", () => {
  const declared = (file: string): Record<string, string> => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, file), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    return { ...dependencies, ...devDependencies };
  };
  const product = declared("package.json");
  const shared = Object.entries(declared("local/package.json")).filter(([name]) => name in product);
  expect(shared.length).toBeGreaterThan(10);
  expect(shared).toEqual(shared.map(([name]) => [name, product[name]]));
});
