import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";

/** Largest request body that is taken: App Service and Kudu take 2 GB, a laptop's zip of a bot has a few MB. */
const largestBody = 256 * 1024 * 1024;

/** Headers that belong to one connection and not to the request (RFC 9110, section 7.6.1). */
export const hopByHop: ReadonlySet<string> = new Set(
  (
    "connection expect keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding " +
    "upgrade"
  ).split(" "),
);

/** Node's request as a web standard one with the address given. */
export async function toRequest(message: IncomingMessage, url: string): Promise<Request> {
  const headers = new Headers();
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    const name = message.rawHeaders[at] as string;
    if (!hopByHop.has(name.toLowerCase())) headers.append(name, message.rawHeaders[at + 1] as string);
  }
  const method = message.method ?? "GET";
  const body = method === "GET" || method === "HEAD" ? undefined : await read(message);
  return new Request(url, { method, headers, ...(body?.length && { body: new Uint8Array(body) }) });
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) throw new RangeError(`a request body of more than ${largestBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Writes a web standard answer as Node's. */
export function send(response: Response, to: ServerResponse): void {
  // The browser went away while the answer was made: nobody reads it, and its source has to end.
  if (to.destroyed || to.headersSent) {
    response.body?.cancel().catch(() => undefined);
    to.destroy();
    return;
  }
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie" && !hopByHop.has(name)) headers[name] = value;
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length) headers["set-cookie"] = cookies;
  to.writeHead(response.status, headers);
  if (!response.body) {
    to.end();
    return;
  }
  // A browser that goes away ends the answer's source too: an endless stream of events would stay open otherwise.
  pipeline(Readable.fromWeb(response.body as import("node:stream/web").ReadableStream), to, () => undefined);
}
