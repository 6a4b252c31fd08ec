/** Whether two lists hold the same words, in any order and case. */
export const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join(" ").toLowerCase() === [...other].sort().join(" ").toLowerCase();
