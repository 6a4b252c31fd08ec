import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = dirname(__dirname);

/** What each room may import from: its own files, packages, and these rooms. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  cli: ["infra"],
  bot: ["contract"],
  infra: ["contract"],
  local: ["contract", "cli", "infra", "bot"],
  ops: ["contract", "cli", "infra", "bot"],
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

/**
 * Rooms of ops that several commands share, the lowest first: each imports those before it alone. All other folders of ops are
 * a command's, whose entry is the file beside it (`ops/drift.ts`); `preview` is several commands, and shares its own files.
 */
const sharedByCommands = ["cli", "git-hub", "pulumi", "azure", "recovery"];

/** `cli`, `drift`, `preview`, `preview/down`; of a file that stands in ops itself the command that it begins, `drift.ts`. */
function roomOfOps(path: string): string {
  const [, first = "", second = "", ...rest] = path.split("/");
  return first === "preview" && rest.length > 0 ? `${first}/${second}` : first;
}

/** Of each room of ops those that it imports, with an import that shows it. */
function importsInOps(): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const source of sources("ops")) {
    const from = roomOfOps(source.file);
    for (const path of importsOf(source)) {
      const to = roomOfOps(path.includes("/", "ops/".length) ? path : `${path}.ts`);
      if (!path.startsWith("ops/") || to === from) continue;
      found.set(from, (found.get(from) ?? new Map<string, string>()).set(to, `${source.file} imports ${path}`));
    }
  }
  return found;
}

test("commands of ops import what is shared and never each other, and what is shared imports no command", () => {
  const wrong = [...importsInOps()].flatMap(([from, others]) =>
    [...others].flatMap(([to, shown]) => {
      const [own, other] = [sharedByCommands.indexOf(from), sharedByCommands.indexOf(to)];
      if (own >= 0) return other >= 0 && other < own ? [] : [shown];
      // What writes the documents reads the tables of the commands that they are about.
      if (from === "docs") return [];
      const [command = ""] = from.replace(/\.ts$/, "").split("/");
      const ofCommand = to === command || (from === `${command}.ts` && to.startsWith(`${command}/`));
      return other >= 0 || ofCommand || (from === "bypassed-parts.ts" && to === "sdk-parts") ? [] : [shown];
    }),
  );
  expect(wrong).toEqual([]);
});

test("ops is at most six floors high: a change at the bottom is looked for in six rooms", () => {
  const imports = importsInOps();
  const floorOf = (room: string, above: readonly string[] = []): number => {
    if (above.includes(room)) throw new Error(`a circle of rooms: ${[...above, room].join(" -> ")}`);
    return 1 + Math.max(0, ...[...(imports.get(room)?.keys() ?? [])].map((one) => floorOf(one, [...above, room])));
  };
  const floors = [...imports.keys()].map((room) => [room, floorOf(room)] as const);
  expect(floors.filter(([, floor]) => floor > 6)).toEqual([]);
  expect(floors.length).toBeGreaterThan(15);
});

/** Files that import each other in a circle, types included: each such group once. */
function circlesOf(files: ReadonlyMap<string, readonly string[]>): string[][] {
  const indices = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  // https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm
  const visit = (file: string): void => {
    indices.set(file, indices.size);
    lowest.set(file, indices.get(file)!);
    open.push(file);
    for (const next of files.get(file) ?? []) {
      if (!indices.has(next)) visit(next);
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== indices.get(file)) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1) circles.push(group.sort());
  };
  for (const file of files.keys()) if (!indices.has(file)) visit(file);
  return circles;
}

test("no files import each other in a circle, types included", () => {
  const all = [...Object.keys(mayUse), "test", "bench", "examples"].flatMap(sources);
  const known = new Set(all.map(({ file }) => file));
  const fileAt = (path: string): string[] =>
    ["", ".ts", ".tsx", "/index.ts"].map((end) => path + end).filter((file) => known.has(file));
  const files = new Map(all.map((source) => [source.file, importsOf(source).flatMap(fileAt)]));
  expect(files.size).toBeGreaterThan(500);
  expect(circlesOf(files)).toEqual([]);
  expect(circlesOf(new Map([...files, ["a", ["b"]], ["b", ["c"]], ["c", ["a"]]]))).toEqual([["a", "b", "c"]]);
});

/** Lines of `local/`. Whoever raises it says in the commit what asks for what the local Azure grows by. */
const ceiling = 38_200;

test("the local Azure stays under its ceiling: it keeps what somebody asks for, and what it grows by is weighed", () => {
  const lines = sources("local").reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
  expect(lines).toBeLessThanOrEqual(ceiling);
  // Far below it, the ceiling holds nothing: whoever takes so much away lowers it.
  expect(lines).toBeGreaterThan(ceiling - 1_000);
});

test.each(["bot", "cli", "infra", "contract"])("nothing in %s knows that a local Azure exists", (room) => {
  const knowing = sources(room).filter(({ text }) => /local[ -]azure|NODE_EXTRA_CA/i.test(text));
  expect(knowing.map(({ file }) => file)).toEqual([]);
});

/** Files that send something by themselves, and why it is not `exchange` that sends it for them. */
const senders: Readonly<Record<string, string>> = {
  "infra/azure/exchange.ts": "it is the exchange",
  "infra/azure/access.ts": "it hands Node's own fetch to whoever asks",
  "infra/code/scm.ts": "a web app's log has no end to be read to",
  "ops/azure/azure-calls.ts": "it counts what it hands on",
};

test("one place asks over HTTP: what is cut off, never ends or is no JSON is told there, once for all", () => {
  const sending = ["infra", "ops"]
    .flatMap(sources)
    .filter(({ text }) => /\bfetch\(|from "(node:https?|undici)"/.test(text));
  expect(sending.map(({ file }) => file).sort()).toEqual(Object.keys(senders).sort());
});

test("one client calls ARM and Microsoft Graph: no second one has tries, waits and errors of its own", () => {
  const clients = /"(@azure\/(arm-|core-rest-pipeline|core-client)|@microsoft\/microsoft-graph-client)/;
  const second = ["infra", "ops"].flatMap(sources).filter(({ text }) => clients.test(text));
  expect(second.map(({ file }) => file)).toEqual([]);
  expect(clients.test('import { WebSiteManagementClient } from "@azure/arm-appservice";')).toBe(true);
});

test("azure-native is imported module by module: its root loads 1,259 files at every start", () => {
  const roots = ["cli", "infra", "local", "ops", "test"]
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
