import { isObject, present, type Properties } from "../../../infra/provider/envelope";
import { type ArmRow, type FlatList, type Importable, pathInputs } from "./arm-row";

/** The body of a resource's PUT: its inputs without those that stand in the path, in the form that ARM wants. */
export function bodyFromInputs(row: ArmRow, inputs: Properties): Properties {
  const inPath = new Set(["subscriptionId", ...pathInputs(row.path)]);
  const body: Properties = {};
  const properties: Properties = {};
  for (const [name, value] of Object.entries(present(inputs))) {
    if (inPath.has(name) || name.startsWith("__")) continue;
    const place = !row.topLevel || row.topLevel.includes(name) ? body : properties;
    const list = row.lists?.[name];
    const inArm = name === "identity" ? identityForArm(value) : list ? nested(value, list) : value;
    Object.assign(place, renamed({ [name]: inArm }, row.renamed));
  }
  if (row.topLevel && (Object.keys(properties).length > 0 || row.singleton)) body.properties = properties;
  return body;
}

/** Pulumi lists user-assigned identities by id; ARM wants an object with an empty object for each. */
function identityForArm(identity: unknown): unknown {
  if (!isObject(identity) || !Array.isArray(identity.userAssignedIdentities)) return identity;
  const ids = identity.userAssignedIdentities as string[];
  return { ...identity, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}

/** The outputs that Pulumi sees of a resource: what ARM shows of it, `properties` flat where the row says so. */
export function outputsFromBody(row: ArmRow, body: Properties): Properties {
  const { id: _id, properties, ...top } = body;
  const back = Object.fromEntries(
    Object.entries(row.renamed ?? {}).map(([path, wire]) => {
      const names = path.split(".");
      return [[...names.slice(0, -1), wire].join("."), names.at(-1) as string];
    }),
  );
  const flat = row.topLevel ? flatLists(isObject(properties) ? properties : {}, row.lists) : { properties };
  return present({ ...renamed({ ...flat }, back), ...top, azureApiVersion: row.apiVersion });
}

/** What of a resource's outputs are inputs, see {@link ArmRow.importable}. */
export function importedInputs(outputs: Properties, importable: Importable): Properties {
  return present(
    Object.fromEntries(
      Object.entries(importable).map(([name, inner]) => {
        const value = outputs[name];
        // A list of ids where the program writes it, an object by ids where ARM shows it.
        if (name === "userAssignedIdentities" && isObject(value)) return [name, Object.keys(value)];
        return [name, inner === true || !isObject(value) ? value : importedInputs(value, inner)];
      }),
    ),
  );
}

/** A flat list as ARM takes it. */
function nested(value: unknown, { topLevel, lists = {} }: FlatList): unknown {
  if (!Array.isArray(value)) return value;
  return (value as Properties[]).map((thing) => {
    const outside = Object.entries(thing).filter(([name]) => topLevel.includes(name));
    const inside = Object.entries(thing).filter(([name]) => !topLevel.includes(name));
    const properties = inside.map(([name, inner]) => [name, lists[name] ? nested(inner, lists[name]) : inner]);
    return { ...Object.fromEntries(outside), properties: Object.fromEntries(properties) };
  });
}

/** The same back: properties with their lists flat. */
function flatLists(properties: Properties, lists: Readonly<Record<string, FlatList>> = {}): Properties {
  const flat = (thing: Properties, list: FlatList): Properties => {
    const { properties: inside, ...outside } = thing;
    return { ...outside, ...flatLists(isObject(inside) ? inside : {}, list.lists) };
  };
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const list = lists[name];
      return [name, list && Array.isArray(value) ? (value as Properties[]).map((thing) => flat(thing, list)) : value];
    }),
  );
}

/** An object with the names at the given paths replaced, at any depth. */
function renamed(object: Properties, names: Readonly<Record<string, string>> = {}, below = ""): Properties {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      names[below + name] ?? name,
      isObject(value) ? renamed(value, names, `${below}${name}.`) : value,
    ]),
  );
}
