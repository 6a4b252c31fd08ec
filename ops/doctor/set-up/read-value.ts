/** What was read: the thing itself, undefined where there is none; or why it could not be read. */
export type Read<T> = { readonly value: T } | { readonly unread: string };

/** What was read; undefined where it could not be, and where there is none. */
export function valueOf<T>(read: Read<T>): T | undefined {
  return "value" in read ? read.value : undefined;
}

/** Whether it was looked for and is not there; what could not be read is not missing. */
export function isMissing(read: Read<unknown>): boolean {
  return "value" in read && read.value === undefined;
}
