import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What Azure Resource Manager has: the paths behind `/providers/<namespace>/` of Azure's own clients for Python
 * (azure-mgmt-*, as azure-cli 2.91 brings them). It decides whose words a refusal has: the local Azure's own for what
 * only it lacks, Azure's for what Azure lacks, too. One line a namespace; `*` stands for a name; a namespace alone is one
 * whose paths are not written down.
 */
const file = join(__dirname, "azure-paths.txt");

interface Step {
  /** True where a path ends here. */
  end: boolean;
  readonly next: Map<string, Step>;
}

let table: ReadonlyMap<string, { readonly namespace: string; readonly paths: Step }> | undefined;

/** A namespace of Azure's as Microsoft spells it; undefined where Azure has none of the name. */
export function azureNamespace(namespace: string): string | undefined {
  return read().get(namespace.toLowerCase())?.namespace;
}

/** Whether Azure has a path below a namespace; undefined where that is not written down. */
export function azureHas(namespace: string, tail: readonly string[]): boolean | undefined {
  const found = read().get(namespace.toLowerCase());
  if (!found) return false;
  return found.paths.next.size === 0 ? undefined : leads(found.paths, tail);
}

function leads(step: Step, [segment, ...rest]: readonly string[]): boolean {
  if (segment === undefined) return step.end;
  const ways = [step.next.get(segment.toLowerCase()), step.next.get("*")];
  return ways.some((way) => way !== undefined && leads(way, rest));
}

function read(): NonNullable<typeof table> {
  table ??= new Map(
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => {
        const [namespace = "", ...paths] = line.split(" ");
        return [namespace.toLowerCase(), { namespace, paths: grow(paths) }];
      }),
  );
  return table;
}

function grow(paths: readonly string[]): Step {
  const root: Step = { end: false, next: new Map() };
  for (const path of paths) {
    let step = root;
    for (const segment of path.toLowerCase().split("/")) {
      const next: Step = step.next.get(segment) ?? { end: false, next: new Map() };
      step.next.set(segment, next);
      step = next;
    }
    step.end = true;
  }
  return root;
}
