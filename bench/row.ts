/** One row of what `npm run bench` prints. */
export interface Row {
  readonly name: string;
  readonly ours: string;
  /** What it is measured against, in the same run. */
  readonly rival?: string;
  /** Ours divided by the rival's. */
  readonly ratio?: number;
  readonly note?: string;
}

/** The middle of some measured values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds as `4.4 s`. */
export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
