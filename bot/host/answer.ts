import type { IncomingMessage, ServerResponse } from "node:http";

/** An answer of the host's own routes. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Lines of Set-Cookie. */
  readonly cookies?: readonly string[];
  readonly json?: unknown;
  readonly content?: Buffer | string;
}

/** Writes an answer; a HEAD request gets its headers only. JSON is never cached: it holds tokens or the present state. */
export function write(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const content = answer.json === undefined ? (answer.content ?? "") : JSON.stringify(answer.json);
  const json =
    answer.json === undefined ? {} : { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  const headers = {
    "x-content-type-options": "nosniff",
    ...json,
    "content-length": Buffer.byteLength(content),
    ...answer.headers,
  };
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  if (answer.cookies) response.setHeader("set-cookie", answer.cookies);
  response.end(request.method === "HEAD" || answer.status === 304 ? undefined : content);
}
