/** What JSON can hold. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/**
 * Writes state as plain JSON. Maps, sets, dates and bytes become objects of one tagged member (`{"$date": "..."}`), so
 * that {@link fromPlain} gives them back as they were. What is undefined is left out.
 * @throws TypeError for a function or anything else that JSON cannot hold
 */
export function toPlain(value: unknown): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Map) return { $map: [...value].map(toPlain) };
  if (value instanceof Set) return { $set: [...value].map(toPlain) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} cannot be kept`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const plain = Object.fromEntries(members.map(([name, member]) => [name, toPlain(member)]));
  return isTagged(plain) ? { $object: plain } : plain;
}

/** Reads what {@link toPlain} wrote. */
export function fromPlain(plain: Plain): unknown {
  if (plain === null || typeof plain !== "object") return plain;
  if (isList(plain)) return plain.map(fromPlain);
  const tag = isTagged(plain) ? Object.keys(plain)[0] : undefined;
  const content = tag === undefined ? null : (plain[tag] as Plain);
  if (tag === "$date") return new Date(String(content));
  if (tag === "$map") return new Map(fromPlain(content) as [unknown, unknown][]);
  if (tag === "$set") return new Set(fromPlain(content) as unknown[]);
  if (tag === "$bytes") return new Uint8Array(Buffer.from(String(content), "base64"));
  const members = tag === "$object" ? (content as { readonly [name: string]: Plain }) : plain;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, fromPlain(member)]));
}

const isList = (plain: Plain): plain is readonly Plain[] => Array.isArray(plain);

function isTagged(plain: { readonly [name: string]: Plain }): boolean {
  const names = Object.keys(plain);
  return names.length === 1 && (names[0] as string).startsWith("$");
}
