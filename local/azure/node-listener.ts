import { createServer, request as sendRequest, type RequestListener } from "node:http";
import { duplexPair, Readable } from "node:stream";

/**
 * Has a listener of Node's `http` answer web standard requests, without a port: what is written for a server of its own
 * becomes a service of the local Azure. The listener sees plain HTTP from a proxy that says `https`.
 */
export function answeredByNode(listener: RequestListener): (request: Request) => Promise<Response> {
  const server = createServer(listener);
  return async (request) => {
    const { pathname, search, host } = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    const [ours, theirs] = duplexPair();
    server.emit("connection", theirs);
    return new Promise((done, failed) => {
      const asked = sendRequest({
        createConnection: () => ours,
        method: request.method,
        path: pathname + search,
        headers: {
          ...Object.fromEntries(request.headers),
          host,
          "x-forwarded-proto": "https",
          "content-length": String(body.length),
          connection: "close",
        },
      });
      asked.on("error", failed);
      asked.on("response", (answer) => {
        const headers = new Headers();
        for (let at = 0; at < answer.rawHeaders.length; at += 2) {
          const name = answer.rawHeaders[at] as string;
          if (!/^(connection|transfer-encoding|keep-alive)$/i.test(name)) {
            headers.append(name, answer.rawHeaders[at + 1] as string);
          }
        }
        const status = answer.statusCode ?? 500;
        const bodiless = status === 204 || status === 304 || request.method === "HEAD";
        if (bodiless) answer.resume();
        const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
        done(new Response(bodiless ? null : stream, { status, headers }));
      });
      asked.end(body);
    });
  };
}
