import { prettyFactory } from "pino-pretty";
import { redactText } from "./door/redaction";

/** Where `npm start` writes: a terminal gets one live line below the others, anything else plain lines. */
export class Terminal {
  #live = "";

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {}

  /** One line that stays. */
  line(text: string): void {
    this.#clear();
    this.out.write(`${redactText(text)}\n`);
    this.#draw();
  }

  /** The one line that changes in place; shown on a terminal only. */
  live(text: string): void {
    this.#clear();
    this.#live = text;
    this.#draw();
  }

  #clear(): void {
    if (this.out.isTTY && this.#live) this.out.write("\r\u001b[K");
  }

  #draw(): void {
    if (this.out.isTTY && this.#live) this.out.write(this.#live.slice(0, (this.out.columns ?? 80) - 1));
  }
}

/** Milliseconds as a person reads them: `0.4 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * Makes the function that turns a line of the bot's log into readable text. Structured lines become one line of time,
 * level and message with what belongs to it; all others, a crash's stack for example, pass unchanged.
 */
export function logReader(colour: boolean): (line: string) => string {
  const pretty = prettyFactory({
    colorize: colour,
    translateTime: "SYS:HH:MM:ss",
    ignore: "pid,hostname",
    singleLine: true,
  });
  return (line) => {
    if (!line.startsWith("{")) return line;
    try {
      return pretty(JSON.parse(line) as object).trimEnd();
    } catch {
      return line;
    }
  };
}
