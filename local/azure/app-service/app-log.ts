/** Most lines kept of an app: what is older is lost, as in App Service. */
const most = 2_000;

/** What an app wrote to stdout and stderr, for whoever reads or follows it at its SCM host. */
export class AppLog {
  readonly #lines: string[] = [];
  readonly #readers = new Set<(line: string) => void>();

  /** Keeps a line with the time at which it came, and gives it to whoever follows. */
  add(text: string, at: Date): void {
    const line = `${at.toISOString()} ${text}\n`;
    this.#lines.push(line);
    if (this.#lines.length > most) this.#lines.shift();
    for (const reader of this.#readers) reader(line);
  }

  text(): string {
    return this.#lines.join("");
  }

  /** Every line from now on, until whoever reads goes away. */
  follow(first: string): ReadableStream<Uint8Array> {
    const bytes = new TextEncoder();
    let reader: (line: string) => void;
    return new ReadableStream({
      start: (stream) => {
        stream.enqueue(bytes.encode(first));
        reader = (line) => stream.enqueue(bytes.encode(line));
        this.#readers.add(reader);
      },
      cancel: () => void this.#readers.delete(reader),
    });
  }
}
