/** One write, or one try of it, as the log keeps it. */
export interface Activity {
  readonly at: Date;
  /** Object id of who asked. */
  readonly caller: string;
  /** Client id of the application by which it was asked. */
  readonly appId: string;
  readonly method: string;
  readonly resourceId: string;
  readonly resourceGroup: string;
  /** `Microsoft.Web/sites/write` */
  readonly operation: string;
  readonly status: number;
  readonly correlationId: string;
}

/** Most entries kept. */
const most = 5_000;

/** Who wrote what and when at ARM, and how it ended. Reads leave nothing. */
export class ActivityLog {
  #entries: Activity[] = [];

  constructor(private readonly limit = most) {}

  /** Newest first. */
  get entries(): readonly Activity[] {
    return this.#entries.toReversed();
  }

  record(entry: Activity): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.limit) this.#entries.shift();
  }

  /** Puts back what was kept, oldest first. */
  restore(entries: readonly Activity[]): void {
    this.#entries = [...entries];
  }
}
