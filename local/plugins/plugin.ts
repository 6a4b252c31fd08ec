import { isDeepStrictEqual } from "node:util";
import type * as provider from "@pulumi/pulumi/provider";
import {
  holdsUnknown,
  isObject,
  isSecret,
  keepSecret,
  plainProperties,
  present,
  secret,
  type Properties,
} from "../../infra/provider/envelope";
import { PartlyMade, PluginError } from "./error";
import { valueAt } from "./property-path";
import type { Live, PluginFunction, Row, State } from "./row";
import type { Session } from "./session";

/** Key of the outputs under which the inputs are kept, as azure-native itself does: `diff` is given outputs only. */
const keptInputs = "__inputs";

/** What a package is made of. */
export interface PluginDefinition {
  /** `azure-native` */
  readonly name: string;
  /** Version of the SDK package that it stands in for. */
  readonly version: string;
  readonly rows: readonly Row[];
  readonly functions: readonly PluginFunction[];
  /** Where a row for a type is to be added: part of the refusal of a type that has none. */
  readonly table: string;
  /**
   * Outputs that a preview takes as unchanged by an update; whatever else the inputs do not say is unknown there.
   * azure-native takes name and location, a plugin made from a Terraform provider all.
   */
  readonly stable: readonly string[] | "all";
  /** The package that a parameter makes of this one, where it takes any; throws a {@link PluginError} for one unknown. */
  parameterized?(parameter: Uint8Array): PluginDefinition;
}

/** How inputs differ from those that a resource was last written with. */
export interface Differences {
  readonly changes: boolean;
  /** Input paths that replace the resource. */
  readonly replaces: readonly string[];
  /** Input paths that are written in place. */
  readonly updates: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** A plugin with every method of Pulumi's provider protocol that a plain resource needs. */
export interface Plugin extends Required<
  Pick<provider.Provider, "version" | "schema" | "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke">
> {
  /** Name of the package that it serves. */
  readonly name: string;
  /**
   * The plugin of the package that a parameter makes of this one.
   * @throws PluginError `UnknownPackage` where it makes none
   */
  parameterized(parameter: Uint8Array): Plugin;
  /** `diff` with the single paths. */
  differences(urn: string, olds: Properties, news: Properties): Differences;
  /** The outputs that a preview shows of a resource that is not there yet: what the inputs say. */
  previewCreate(inputs: Properties): Properties;
  /** The outputs that a preview shows of an update. */
  previewUpdate(olds: Properties, news: Properties): Properties;
}

/**
 * Makes the stand-in for one provider plugin from its rows of the table. The object serves direct calls and, through
 * `pulumi.provider.main`, Pulumi's own engine. Properties come and go with Pulumi's envelopes.
 *
 * All methods throw a {@link PluginError}: `UnknownType` or `UnknownFunction` where the table has no row, otherwise
 * what the row throws.
 */
export function createPlugin(definition: PluginDefinition, session: Session): Plugin {
  const rows = new Map(definition.rows.map((row) => [row.token, row]));
  const functions = new Map(definition.functions.map((entry) => [entry.token, entry]));

  const rowOf = (urn: string): Row => {
    const token = typeOf(urn);
    const row = rows.get(token);
    if (row) return row;
    throw new PluginError(
      "unknown-type",
      `the stand-in for ${definition.name} has no row for ${token}: add one to ${definition.table}`,
    );
  };

  /** The outputs as the state gets them: the inputs beside them, secrets marked. */
  const kept = (row: Row, outputs: Properties, inputs: Properties): Properties => {
    const marked = keepSecret(present(outputs), inputs) as Properties;
    for (const name of row.secretOutputs ?? []) if (name in marked) marked[name] = secret(marked[name]);
    return { ...marked, [keptInputs]: present(inputs) };
  };

  return {
    name: definition.name,
    version: definition.version,
    schema: JSON.stringify({ name: definition.name, version: definition.version }),

    parameterized(parameter: Uint8Array) {
      if (!definition.parameterized)
        throw new PluginError("unknown-package", `the stand-in for ${definition.name} takes no parameter`);
      return createPlugin(definition.parameterized(parameter), session);
    },

    async check(urn: string, olds: Properties | undefined, news: Properties) {
      const row = rowOf(urn);
      const added = row.check?.(nameOf(urn), plainProperties(news), plainProperties(olds)) ?? {};
      return { inputs: present({ ...news, ...added }) };
    },

    differences(urn: string, olds: Properties, news: Properties) {
      const row = rowOf(urn);
      const before = stateOf(olds).inputs;
      const after = plainProperties(news);
      const differs = (path: string): boolean =>
        holdsUnknown(valueAt(news, path)) ||
        !isDeepStrictEqual(present(valueAt(before, path)), present(valueAt(after, path)));
      const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (key) => !key.startsWith("__") && differs(key),
      );
      const replaces = row.update ? (row.replaceOn ?? []).filter(differs) : changed;
      const updates = changed
        .flatMap((key) => changedPaths(before[key], after[key], key))
        .filter((path) => !replaces.some((replaced) => path === replaced || path.startsWith(`${replaced}.`)));
      return {
        changes: changed.length > 0,
        replaces,
        updates,
        deleteBeforeReplace: replaces.length > 0 && (row.deleteBeforeReplace?.(after) ?? false),
      };
    },

    diff(_id: string, urn: string, olds: Properties, news: Properties) {
      const { changes, replaces, deleteBeforeReplace } = this.differences(urn, olds, news);
      return Promise.resolve({
        // Not known rather than true: Pulumi's engine then compares the inputs key by key itself, which it needs for
        // the option replaceOnChanges, because this method's answer has no place for the single keys.
        changes: changes ? undefined : false,
        replaces: [...replaces],
        deleteBeforeReplace,
      });
    },

    previewCreate: (inputs: Properties) => ({ ...present(inputs), [keptInputs]: present(inputs) }),

    previewUpdate(olds: Properties, news: Properties) {
      const { [keptInputs]: _inputs, ...outputs } = olds;
      const stable =
        definition.stable === "all"
          ? outputs
          : Object.fromEntries(
              definition.stable.filter((name) => name in outputs).map((name) => [name, outputs[name]]),
            );
      return { ...stable, ...present(news), [keptInputs]: present(news) };
    },

    async create(urn: string, inputs: Properties) {
      const row = rowOf(urn);
      const { id, outputs } = await row.create(session, plainProperties(inputs)).catch((error: unknown) => {
        if (!(error instanceof PartlyMade)) throw error;
        // What Azure adds to the inputs is not known then, as with the real plugins.
        throw new PartlyMade(error, error.id, kept(row, present(inputs), inputs));
      });
      return { id, outs: kept(row, outputs, inputs) };
    },

    async read(id: string, urn: string, props?: Properties) {
      const row = rowOf(urn);
      const state = stateOf(props);
      const live = await row.read(session, id, state);
      // Pulumi's protocol: a blank id says that the resource is gone.
      if (!live) return { id: "", props: {} };
      const inputs = refreshedInputs(props, state, live);
      return { id: live.id, props: kept(row, live.outputs, inputs), inputs: present(inputs) };
    },

    async update(id: string, urn: string, olds: Properties, news: Properties) {
      const row = rowOf(urn);
      if (!row.update)
        throw new PluginError("operation-failed", `${row.token} is never updated in place, only replaced`);
      const outputs = await row.update(session, id, plainProperties(news), stateOf(olds));
      return { outs: kept(row, outputs, news) };
    },

    async delete(id: string, urn: string, props: Properties) {
      await rowOf(urn).delete(session, id, stateOf(props));
    },

    async invoke(token: string, inputs: Properties) {
      const entry = functions.get(token);
      if (!entry) {
        throw new PluginError(
          "unknown-function",
          `the stand-in for ${definition.name} has no function ${token}: add it to ${definition.table}`,
        );
      }
      const outputs = present(await entry.invoke(session, plainProperties(inputs)));
      for (const name of entry.secretOutputs ?? []) if (name in outputs) outputs[name] = secret(outputs[name]);
      return { outputs };
    },
  };
}

/** `urn:pulumi:dev::project::parent:type$azure-native:web:WebApp::app` -> `azure-native:web:WebApp` */
function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").pop() ?? "";
}

/** The last part of a URN: the name that the program gave. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function stateOf(props: Properties | undefined): State {
  const { [keptInputs]: inputs, ...outputs } = plainProperties(props);
  return { inputs: isObject(inputs) ? inputs : {}, outputs };
}

/**
 * Inputs after a refresh: as they were, with what changed in the outputs carried over, so that the next update sees
 * the drift. What a service never shows (a client secret) stays as written.
 */
function refreshedInputs(props: Properties | undefined, state: State, live: Live): Properties {
  const raw = props?.[keptInputs];
  if (!isObject(raw) || Object.keys(state.inputs).length === 0) return live.inputs ?? {};
  return carriedOver(raw, present(state.outputs), present(live.outputs)) as Properties;
}

function carriedOver(input: unknown, before: unknown, now: unknown): unknown {
  if (isDeepStrictEqual(before, now)) return input;
  // A secret in a thing's settings makes all of them one.
  if (isSecret(input)) return secret(carriedOver(input.value, before, now));
  if (isObject(input) && isObject(before) && isObject(now)) {
    return Object.fromEntries(
      Object.entries(input).map(([key, entry]) => [key, carriedOver(entry, before[key], now[key])]),
    );
  }
  return before === undefined || now === undefined ? input : keepSecret(now, input);
}

/** Where two values differ, down to the keys of objects; a list differs as a whole. */
function changedPaths(before: unknown, after: unknown, path: string): string[] {
  if (isDeepStrictEqual(present(before), present(after))) return [];
  if (!isObject(before) || !isObject(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => changedPaths(before[key], after[key], `${path}.${key}`));
}
