import { code, counted } from "./markdown";

interface Lock {
  readonly packages?: Readonly<Record<string, Package>>;
}

interface Package {
  readonly version?: string;
  /** Only tools need it. */
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What changes in package-lock.json: what is deployed or deploys, and tools. */
export interface DependencyChanges {
  readonly deployed: readonly string[];
  readonly tools: readonly string[];
}

/**
 * Direct dependencies one by one, indirect ones by their number: "moves `jose` from 6.2.16 to 6.2.17".
 * https://docs.npmjs.com/cli/configuring-npm/package-lock-json
 */
export function dependencyChanges(before: string | undefined, after: string | undefined): DependencyChanges {
  if (before === after) return { deployed: [], tools: [] };
  const [old, now] = [read(before), read(after)];
  if (!old || !now) return { deployed: ["changes package-lock.json as a whole"], tools: [] };
  const indirect = indirectMoves(old, now);
  return {
    deployed: [
      ...moves(direct(old, "dependencies"), direct(now, "dependencies")),
      ...(indirect > 0 ? [`moves ${counted(indirect, "indirect dependency", "indirect dependencies")}`] : []),
    ],
    tools: moves(direct(old, "devDependencies"), direct(now, "devDependencies")),
  };
}

function read(text: string | undefined): Lock | undefined {
  try {
    return JSON.parse(text ?? "") as Lock;
  } catch {
    return undefined;
  }
}

/** Name to installed version. */
function direct({ packages = {} }: Lock, list: "dependencies" | "devDependencies"): Map<string, string> {
  const names = Object.keys(packages[""]?.[list] ?? {});
  return new Map(names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? "(none)"]));
}

function moves(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [before, after] = [old.get(name), now.get(name)];
    if (before === after) return [];
    if (before === undefined) return [`adds the dependency ${code(`${name} ${after}`)}`];
    if (after === undefined) return [`removes the dependency ${code(`${name} ${before}`)}`];
    return [`moves ${code(name)} from ${code(before)} to ${code(after)}`];
  });
}

/** How many packages that are deployed, and that nobody names in package.json, come, go or have another version. */
function indirectMoves(old: Lock, now: Lock): number {
  const named = new Set([old, now].flatMap((lock) => [...direct(lock, "dependencies").keys()].map(pathOf)));
  const deployed = ({ packages = {} }: Lock): Map<string, string | undefined> =>
    new Map(
      Object.entries(packages)
        .filter(([path, { dev }]) => path !== "" && !dev && !named.has(path))
        .map(([path, { version }]) => [path, version]),
    );
  const [before, after] = [deployed(old), deployed(now)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
    .length;
}

function pathOf(name: string): string {
  return `node_modules/${name}`;
}
