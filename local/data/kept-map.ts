import type { Kept } from "./folder";

/** Keeps a map: what was in it is put back into the same one. */
export function keptMap<T>(name: string, map: Map<string, T>): Kept {
  return {
    name,
    snapshot: () => map,
    restore(kept) {
      map.clear();
      for (const [key, value] of kept as Map<string, T>) map.set(key, value);
    },
  };
}
