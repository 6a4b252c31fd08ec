import type { Kept } from "./folder";
import { fromPlain, toPlain } from "./plain";

/** Notes what every part keeps at this moment; the function given puts it back, as often as it is called. */
export async function checkpointOf(parts: readonly Kept[]): Promise<() => Promise<void>> {
  const noted = await Promise.all(parts.map(async (part) => ({ part, plain: toPlain(await part.snapshot()) })));
  return async () => {
    for (const { part, plain } of noted) await part.restore(fromPlain(plain));
  };
}
