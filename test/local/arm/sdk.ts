import { toHttpHeadersLike } from "@azure/core-http-compat";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import type { StoragePipelineOptions } from "@azure/storage-blob";
import { Readable } from "node:stream";
import type { Service } from "../../../local/azure/hosted-service";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly body?: unknown;
  readonly streamResponseStatusCodes?: Set<number>;
}

interface Received {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bodyAsText?: string;
  readonly readableStreamBody?: Readable;
}

/** Microsoft's clients' own way out, led into a service: all that they send and read stays theirs. */
export function through(service: Service): HttpClient {
  return {
    async sendRequest(request) {
      const { headers, ...received } = await exchange(service, request, request.headers.toJSON());
      return { ...received, request, headers: createHttpHeaders(headers) };
    },
  };
}

/** The same for @azure/storage-blob, whose clients still take the older form. */
export function throughOlder(service: Service): NonNullable<StoragePipelineOptions["httpClient"]> {
  return {
    async sendRequest(request) {
      const { headers, ...received } = await exchange(service, request, request.headers.rawHeaders());
      return { ...received, request, headers: toHttpHeadersLike(createHttpHeaders(headers)) };
    },
  };
}

async function exchange(service: Service, sent: Sent, headers: Record<string, string>): Promise<Received> {
  const { url, method, body } = sent;
  const bare = method === "GET" || method === "HEAD" || body === undefined || body === null;
  const request = new Request(url, { method, headers, ...(bare ? {} : { body: await bytesOf(body) }) });
  const response = await service.handle(request);
  const content = Buffer.from(await response.arrayBuffer());
  const codes = sent.streamResponseStatusCodes;
  const streamed = codes?.has(response.status) || codes?.has(Number.POSITIVE_INFINITY);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(streamed ? { readableStreamBody: Readable.from([content]) } : { bodyAsText: content.toString("utf8") }),
  };
}

async function bytesOf(body: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const given: unknown = typeof body === "function" ? body() : body;
  if (given instanceof Readable) return new Uint8Array(Buffer.concat(await given.toArray()));
  return new Uint8Array(Buffer.from(given as string | Uint8Array));
}
