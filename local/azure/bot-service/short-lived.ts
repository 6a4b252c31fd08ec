/** A map whose entries end after a time and whose size has a bound: the oldest entry makes room for a new one. */
export class ShortLived<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly ends: number }>();

  /**
   * @param now milliseconds since 1970, by the local Azure's clock
   * @param lifetime milliseconds
   * @param limit most entries kept
   */
  constructor(
    private readonly now: () => number,
    private readonly lifetime: number,
    private readonly limit: number,
  ) {}

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, ends: this.now() + this.lifetime });
    for (const [oldest, { ends }] of this.#entries) {
      if (this.#entries.size <= this.limit && ends > this.now()) break;
      this.#entries.delete(oldest);
    }
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.ends > this.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Gives an entry once: it is gone afterwards. */
  take(key: string): T | undefined {
    const value = this.get(key);
    this.#entries.delete(key);
    return value;
  }
}
