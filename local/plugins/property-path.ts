import { isObject, type Properties } from "../../infra/provider/envelope";

/** The value at a path of object keys (`properties.msaAppId`), or undefined. */
export function valueAt(properties: Properties, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), properties);
}

/** Sets the value at a path of object keys in place, making the objects on the way. */
export function setAt(properties: Properties, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let place = properties;
  for (const key of keys) {
    if (!isObject(place[key])) place[key] = {};
    place = place[key] as Properties;
  }
  place[last] = value;
}

/** Paths of all values in a bag that are not objects themselves; arrays count as one value. */
export function leafPaths(properties: Properties, prefix = ""): string[] {
  return Object.entries(properties).flatMap(([key, value]) =>
    isObject(value) ? leafPaths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}
