import { isObject, present, type Properties } from "../envelope";
import { pathInputs, type ArmRow } from "./arm-row";

/** The body of a resource's PUT: its inputs without those that stand in the path, in the form that ARM wants. */
export function bodyFromInputs(row: ArmRow, inputs: Properties): Properties {
  const inPath = new Set(["subscriptionId", ...pathInputs(row.path)]);
  const body: Properties = {};
  const properties: Properties = {};
  for (const [name, value] of Object.entries(present(inputs))) {
    if (inPath.has(name) || name.startsWith("__")) continue;
    const place = !row.topLevel || row.topLevel.includes(name) ? body : properties;
    place[row.renamed?.[name] ?? name] = name === "identity" ? identityForArm(value) : value;
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
  if (!row.topLevel) return present({ ...top, properties, azureApiVersion: row.apiVersion });
  const names = new Map(Object.entries(row.renamed ?? {}).map(([input, wire]) => [wire, input]));
  const flat = Object.entries(isObject(properties) ? properties : {}).map(([wire, value]) => [
    names.get(wire) ?? wire,
    value,
  ]);
  return present({ ...(Object.fromEntries(flat) as Properties), ...top, azureApiVersion: row.apiVersion });
}
