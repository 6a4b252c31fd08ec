import { isObject, present, type Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import { leafPaths, setAt, valueAt } from "../property-path";

/** One input of azuread and where Graph keeps it. Both are paths of object keys. */
export interface Field {
  readonly input: string;
  readonly graph: string;
  /** For a list: keys of its entries that Graph names otherwise, input to Graph. */
  readonly entry?: Readonly<Record<string, string>>;
}

/** A field that both sides name alike. */
export function same(...names: string[]): Field[] {
  return names.map((name) => ({ input: name, graph: name }));
}

/**
 * The Graph body of some inputs.
 * @param apart inputs that the caller treats itself
 * @throws PluginError `UnmappedInput` for an input that no field covers
 */
export function toGraph(fields: readonly Field[], inputs: Properties, apart: readonly string[]): Properties {
  const body: Properties = {};
  const covered = new Set(apart);
  for (const { input, graph, entry } of fields) {
    covered.add(input);
    const value = valueAt(inputs, input);
    if (value !== undefined) setAt(body, graph, renamed(value, entry));
  }
  for (const path of leafPaths(present(inputs))) {
    if (covered.has(path) || covered.has(path.split(".")[0] as string)) continue;
    throw new PluginError("unmapped-input", `input ${path} is not mapped to Graph: add it to local/plugins/azuread/`);
  }
  return body;
}

/** The outputs that Graph's object stands for: {@link toGraph} the other way round. */
export function fromGraph(fields: readonly Field[], object: Properties): Properties {
  const outputs: Properties = {};
  for (const { input, graph, entry } of fields) {
    const value = valueAt(object, graph);
    if (value === undefined || value === null) continue;
    const back = Object.fromEntries(Object.entries(entry ?? {}).map(([from, to]) => [to, from]));
    setAt(outputs, input, renamed(value, back));
  }
  return outputs;
}

function renamed(value: unknown, names: Readonly<Record<string, string>> = {}): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).map(([key, entry]) => [names[key] ?? key, entry])) : item,
  );
}
