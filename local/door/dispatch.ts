import { setTimeout as sleep } from "node:timers/promises";
import { AzureError } from "../azure/error";
import { gapOf } from "../azure/gap";
import { isStreamed } from "../azure/streamed";
import type { Clock } from "../azure/clock";
import type { Trace } from "../azure/trace";
import { faultAnswer } from "./fault-answer";
import { ConnectionCut, Faults } from "./faults";
import { HostNotServed, type HostTable } from "./host-table";

/** What the answer to a request waits besides the faults, in milliseconds. */
export type Latencies = (request: Request, caller: string) => number;

/**
 * Every request's one way to a service: from the proxy, from the browser's localhost form, and from one service to
 * another. Each leaves one exchange in the trace.
 */
export class Dispatch {
  constructor(
    private readonly hosts: HostTable,
    private readonly clock: Clock,
    private readonly trace: Trace,
    private readonly log: (line: string) => void,
    private readonly faults = new Faults(),
    private readonly latency: Latencies = () => 0,
  ) {}

  /**
   * Has the service of the request's host answer it.
   * @param caller who asks, as the trace names it
   * @throws HostNotServed, ConnectionCut
   */
  async answer(request: Request, caller: string): Promise<Response> {
    const url = new URL(request.url);
    const service = this.hosts.find(url.hostname);
    if (!service) throw new HostNotServed(url.hostname);
    const number = this.trace.next();
    const at = this.clock.now();
    const began = performance.now();
    const requestBody = request.body && isText(request.headers) ? await request.clone().text() : undefined;
    let response: Response;
    const { wait, refusal, lost } = this.faults.meet(service.name, request);
    const late = wait + this.latency(request, caller);
    if (late) await sleep(late);
    try {
      response = refusal ? faultAnswer(refusal, service.name, request, this.clock) : await service.handle(request);
    } catch (error) {
      response = this.#refusal(error, service.name, request);
    }
    const gap = gapOf(response);
    if (gap !== undefined) this.log(`${caller} asked for ${gap}, which the local Azure does not serve.`);
    const body = response.body && !isStreamed(response) ? Buffer.from(await response.arrayBuffer()) : null;
    this.trace.record({
      number,
      at,
      caller,
      service: service.name,
      method: request.method,
      url: request.url,
      status: response.status,
      milliseconds: Math.round(performance.now() - began),
      requestHeaders: headersOf(request),
      ...(requestBody !== undefined && { requestBody }),
      responseHeaders: headersOf(response),
      ...(body && isText(response.headers) && { responseBody: body.toString("utf8") }),
    });
    if (lost === "all" || (lost === "half" && !body)) {
      throw new ConnectionCut(`The connection to ${service.name} broke before its answer.`);
    }
    if (isStreamed(response)) return response;
    const { status } = response;
    const headers = new Headers(response.headers);
    // Azure's own time: a client that compares it with the machine's knows how wrong that is.
    if (!headers.has("date")) headers.set("date", this.clock.now().toUTCString());
    if (lost === "half" && body) {
      headers.set("content-length", String(body.length));
      return new Response(firstHalf(body, service.name), { status, headers });
    }
    return new Response(body, { status, headers });
  }

  #refusal(error: unknown, service: string, request: Request): Response {
    if (error instanceof AzureError) return error.toResponse();
    // A fault of the local Azure itself. Not a 5xx: Azure's clients would repeat the request for minutes.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log(`${service} failed on ${request.method} ${request.url}: ${text}`);
    const message = `The local Azure failed on this request: ${error instanceof Error ? error.message : String(error)}`;
    return Response.json({ error: { code: "LocalAzureFault", message } }, { status: 400 });
  }
}

/** The first half of an answer; then the connection is gone. */
function firstHalf(body: Buffer, service: string): ReadableStream<Uint8Array> {
  const parts = [new Uint8Array(body.subarray(0, body.length / 2))];
  return new ReadableStream({
    pull(stream) {
      const part = parts.shift();
      if (part) stream.enqueue(part);
      else stream.error(new ConnectionCut(`The connection to ${service} broke in the middle of its answer.`));
    },
  });
}

/** Several cookies of one answer as one line: the trace shows no more of them than their names. */
function headersOf({ headers }: Request | Response): Record<string, string> {
  return { ...Object.fromEntries(headers), ...joined("set-cookie", headers.getSetCookie()) };
}

const joined = (name: string, values: readonly string[]): Record<string, string> =>
  values.length ? { [name]: values.join(", ") } : {};

function isText(headers: Headers): boolean {
  return /json|text|xml|x-www-form-urlencoded/.test(headers.get("content-type") ?? "");
}
