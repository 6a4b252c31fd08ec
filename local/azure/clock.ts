/** The local Azure's time. Tests and faults move it; every lifetime and expiry in `local/azure` is read from it. */
export class Clock {
  #ahead = 0;

  /** Milliseconds by which this clock is ahead of the machine's. */
  get ahead(): number {
    return this.#ahead;
  }

  /** The local Azure's now. */
  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Seconds since 1970, as tokens carry them. */
  seconds(): number {
    return Math.floor((Date.now() + this.#ahead) / 1000);
  }

  /** Moves the clock by some milliseconds; a negative number moves it back. */
  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}
