/** As Graph writes times: `2026-11-22T03:57:12Z`, with a fraction only where there is one. */
export function iso(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}
