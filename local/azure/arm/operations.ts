import { randomUUID } from "node:crypto";
import { AzureError } from "../error";
import type { Azure } from "../service";
import { methodNotAllowed, resourceNotFound } from "./errors";

interface Operation {
  readonly id: string;
  readonly started: Date;
  /** When it is over, in milliseconds of the local Azure's clock. */
  readonly due: number;
  readonly resource: string;
  /** The resource's provisioningState meanwhile: `Creating`, `Updating`, `RegisteringDns`. */
  readonly state?: string;
  /** Set where the work failed. */
  readonly failure?: AzureError;
  /** What a finished `Location` answers. */
  readonly result?: () => Response;
}

/** Most operations that can still be polled: Azure forgets them after a day. */
const most = 2_000;

/**
 * Long-running operations, as clients poll them. The work itself is done when the operation is made: what lasts is
 * only its status.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 */
export class Operations {
  readonly #byId = new Map<string, Operation>();

  constructor(private readonly azure: Azure) {}

  /**
   * Begins one. Gives the headers that a 201 or 202 carries.
   * @param milliseconds how long it takes; 0 is over by the first poll
   * @param apiVersion of the request that began it
   * @param address where it is polled: `/subscriptions/x/providers/y/locations/z`, or `/subscriptions/x`
   */
  begin(
    milliseconds: number,
    apiVersion: string,
    address: string,
    work: Pick<Operation, "resource" | "state" | "failure" | "result">,
  ): Record<string, string> {
    const started = this.azure.clock.now();
    const operation = { id: randomUUID(), started, due: started.getTime() + milliseconds, ...work };
    this.#byId.set(operation.id, operation);
    for (const oldest of this.#byId.keys()) {
      if (this.#byId.size <= most) break;
      this.#byId.delete(oldest);
    }
    const at = (kind: string): string =>
      `https://management.azure.com${address}/${kind}/${operation.id}?api-version=${apiVersion}`;
    return {
      "Azure-AsyncOperation": at("operationStatuses"),
      Location: at("operationresults"),
      // Go's client waits 10 s after a 0 that was too early, so 0 is said only where the first poll finds the end.
      "Retry-After": String(Math.ceil(milliseconds / 1000)),
    };
  }

  /** What the provisioningState of this resource is while an operation on it runs; undefined where none does. */
  stateOf(resource: string): string | undefined {
    const now = this.azure.clock.now().getTime();
    return [...this.#byId.values()].findLast(({ resource: its, due }) => due > now && its === resource)?.state;
  }

  /** Answers a poll: `segments` end in `operationStatuses/{id}` or `operationresults/{id}`. Undefined for another path. */
  poll(request: Request, segments: readonly string[]): Response | undefined {
    const kind = segments.at(-2)?.toLowerCase();
    if (kind !== "operationstatuses" && kind !== "operationresults") return undefined;
    if (request.method !== "GET") throw methodNotAllowed(request.method);
    const operation = this.#byId.get(segments.at(-1)!);
    if (!operation) throw resourceNotFound(segments.slice(-2).join("/"), undefined);
    const wait = operation.due - this.azure.clock.now().getTime();
    const pending = { "Retry-After": String(Math.max(1, Math.ceil(wait / 1000))), Location: request.url };
    if (kind === "operationresults") {
      if (wait > 0) return new Response(null, { status: 202, headers: pending });
      if (operation.failure) return operation.failure.toResponse();
      return operation.result?.() ?? new Response(null, { status: 200 });
    }
    const status = wait > 0 ? "InProgress" : operation.failure ? "Failed" : "Succeeded";
    return Response.json(
      {
        id: new URL(request.url).pathname,
        name: operation.id,
        status,
        startTime: operation.started.toISOString(),
        ...(wait > 0 ? {} : { endTime: new Date(operation.due).toISOString() }),
        ...(status === "Failed"
          ? { error: { code: operation.failure!.code, message: operation.failure!.message } }
          : {}),
      },
      { headers: wait > 0 ? { "Retry-After": pending["Retry-After"] } : {} },
    );
  }
}
