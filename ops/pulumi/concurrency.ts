/**
 * Does something with each item, at most `limit` of them at a time, and gives what came of them in the items' order.
 * A command of Pulumi's CLI takes a core for itself, so a hundred previews are not asked about all at once.
 */
export async function inParallel<T, R>(limit: number, items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const one = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, one));
  return results;
}
