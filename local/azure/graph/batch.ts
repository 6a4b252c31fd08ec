import { refusals } from "./errors";
import type { Graph, GraphRoutes } from "./graph-call";
import { readBody } from "./request-body";

/** One of a batch's requests, as it stands in the body. */
interface Step {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly url?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const most = 20;
const known = ["id", "method", "url", "headers", "body"];

/**
 * Up to 20 requests in one: each is made with the caller's token and answered by itself, whatever becomes of the others.
 * `dependsOn` is not served. https://learn.microsoft.com/graph/json-batching
 */
export function batchRoutes({ azure }: Graph): GraphRoutes {
  return {
    "POST /$batch": async ({ request, url }) => {
      const steps = stepsOf(await readBody(request));
      const version = url.pathname.split("/")[1] as string;
      const answer = async (step: Step): Promise<Record<string, unknown>> => {
        const headers = { ...step.headers, authorization: request.headers.get("authorization") ?? "" };
        const path = String(step.url).replace(/^\/?/, "/");
        const body = step.body === undefined ? {} : { body: JSON.stringify(step.body) };
        const address = `https://graph.microsoft.com/${version}${path}`;
        const response = await azure.call("Microsoft Graph", address, {
          method: String(step.method),
          headers,
          ...body,
        });
        return { id: step.id, ...(await shown(response)) };
      };
      return Response.json({ responses: await Promise.all(steps.map(answer)) });
    },
  };
}

function stepsOf({ requests }: Record<string, unknown>): Step[] {
  if (!Array.isArray(requests) || requests.length === 0) throw refusals.batchUnreadable();
  if (requests.length > most) throw refusals.batchTooLong(most);
  const steps = requests as Step[];
  const ids = new Set(steps.map(({ id }) => String(id).toLowerCase()));
  const whole = steps.every(
    ({ id, method, url, headers, body }) =>
      [id, method, url].every((part) => typeof part === "string") &&
      // A body is read by its type, which has to be said.
      (body === undefined || Object.keys(headers ?? {}).some((name) => name.toLowerCase() === "content-type")),
  );
  const unknown = steps.flatMap((step) => Object.keys(step)).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refusals.propertyUnknown(unknown);
  if (!whole || ids.size < steps.length) throw refusals.batchUnreadable();
  return steps;
}

async function shown(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => ["content-type", "location", "retry-after"].includes(name)),
  );
  return { status: response.status, headers, body: text ? (JSON.parse(text) as unknown) : null };
}
