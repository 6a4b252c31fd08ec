import pino, { type DestinationStream, type Logger } from "pino";

export type Log = Logger;

/** Wherever one of these names appears in a log record its value is a credential. */
const secrets = ["token", "password", "secret", "authorization", "cookie", "access_token", "clientSecret"];

/** Characters of a text in the log: what a client chose, and what the bot itself or a service says. */
const longest = { clients: 100, any: 500 };

/** How deep a record may be nested. */
const deepest = 4;

/** Frames of a stack that are kept. */
const framesKept = 12;

/** What ends a line, moves the cursor, turns the direction of writing or is not seen at all. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;

/**
 * A text for the log: in one line, printable, and cut. Whatever a client chose goes through this, with its short limit;
 * every other text of a record does, too, because an error's words may be a client's in part.
 *
 * Gives undefined for undefined, and the type alone of what is no text.
 */
export function logText(value: unknown, most = longest.clients): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") return `[${value === null ? "null" : typeof value}]`;
  // What is far too long is cut before it is looked at.
  const text = value.slice(0, 2 * most).replace(unprintable, " ");
  return text.length > most || value.length > 2 * most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

/**
 * Makes the bot's log: a line of JSON a record, on standard output, where App Service's console log picks it up.
 * Credentials are cut out of every record, and texts are cleaned and cut, whoever put them in.
 */
export function createLog(destination?: DestinationStream): Log {
  const options = {
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (record: Record<string, unknown>) => cleaned(record, deepest) as Record<string, unknown>,
    },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[cut]" },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A record with all its texts made fit. Errors are left to their serializer. */
function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === "string") return logText(value, longest.any);
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if (depth === 0) return "[nested]";
  if (Array.isArray(value)) return value.slice(0, longest.clients).map((element) => cleaned(element, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, cleaned(field, depth - 1)]));
}

/**
 * What of an error goes into the log. Errors of HTTP clients carry the whole request, credentials included, so fields
 * are chosen, not copied. Its message stands once: not in the stack again, where it may have lines of its own.
 */
function describeError(error: unknown, depth = deepest): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: logText(String(error), longest.any) };
  const { code, status, statusCode, fix, subject } = error as Error & Record<string, unknown>;
  return {
    type: logText(error.name),
    message: logText(error.message, longest.any),
    code: typeof code === "string" ? logText(code) : undefined,
    status: status ?? statusCode,
    subject: logText(subject, longest.any),
    fix: logText(fix, longest.any),
    stack: framesOf(error),
    cause: error.cause === undefined || depth === 0 ? undefined : describeError(error.cause, depth - 1),
  };
}

function framesOf({ stack = "" }: Error): string {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, framesKept)
    .map((frame) => logText(frame, longest.any))
    .join("\n");
}
