import pino, { type DestinationStream, type Logger } from "pino";

export type Log = Logger;

/** Wherever one of these names appears in a log record its value is a credential. */
const secrets = ["token", "password", "secret", "authorization", "cookie", "access_token", "clientSecret"];

/**
 * Makes the bot's log: a line of JSON a record, on standard output, where App Service's console log picks it up.
 * Credentials are cut out of every record, whoever put them in.
 */
export function createLog(destination?: DestinationStream): Log {
  const options = {
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[cut]" },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * What of an error goes into the log. Errors of HTTP clients carry the whole request, credentials included, so fields
 * are chosen, not copied.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, status, statusCode, cure, subject } = error as Error & Record<string, unknown>;
  return {
    type: error.name,
    message: error.message,
    code: typeof code === "string" ? `${code}` : undefined,
    status: status ?? statusCode,
    subject,
    cure,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}
