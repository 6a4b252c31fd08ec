import { randomUUID } from "node:crypto";
import { EntraError, errorBody, occurrence } from "../azure/entra/errors";
import { errorPage } from "../azure/entra/pages/message-page";
import type { Clock } from "../azure/clock";
import type { Refusal } from "./faults";

/** The answer with which a service refuses a call, in that service's own form. */
export function faultAnswer(refusal: Refusal, service: string, request: Request, clock: Clock): Response {
  const { status, code } = refusal;
  const message = refusal.message ?? `${code}: this call is refused by a fault that was switched on.`;
  const headers = headersOf(refusal);
  switch (service) {
    case "Entra ID":
      return entra(refusal, message, request, clock, headers);
    case "Microsoft Graph": {
      const id = randomUUID();
      const date = clock.now().toISOString().slice(0, 19);
      const innerError = { date, "request-id": id, "client-request-id": id };
      return Response.json({ error: { code, message, innerError } }, { status, headers });
    }
    case "Blob Storage": {
      const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${escape(code)}</Code><Message>${escape(message)}</Message></Error>`;
      return new Response(xml, {
        status,
        headers: { ...headers, "content-type": "application/xml", "x-ms-error-code": code },
      });
    }
    case "App Service":
      return new Response(
        `<!doctype html><title>${escape(code)}</title><h1>${escape(code)}</h1><p>${escape(message)}</p>`,
        {
          status,
          headers: { ...headers, "content-type": "text/html; charset=utf-8" },
        },
      );
    default:
      return Response.json({ error: { code, message } }, { status, headers: withOrigin(request, headers) });
  }
}

function headersOf({ status }: Refusal): Record<string, string> {
  if (status === 429 || status === 503) return { "retry-after": "2" };
  if (status === 401) return { "www-authenticate": "Bearer" };
  return {};
}

/** Direct Line and the connector let every page read their answers, refusals too. */
function withOrigin(request: Request, headers: Record<string, string>): Record<string, string> {
  const origin = request.headers.get("origin");
  if (!origin) return headers;
  return { ...headers, "access-control-allow-origin": origin, "access-control-allow-credentials": "true" };
}

/** The token endpoint answers JSON; every other endpoint of Entra is a page that a person looks at. */
function entra(
  { status, code }: Refusal,
  message: string,
  request: Request,
  clock: Clock,
  headers: Record<string, string>,
): Response {
  const number = Number(/^AADSTS(\d+)$/.exec(code)?.[1] ?? 90_033);
  const at = occurrence(request, clock);
  const error = new EntraError(
    number,
    status === 401 ? "invalid_client" : "invalid_request",
    status === 401 ? 401 : 400,
    message,
  );
  if (/\/token$/i.test(new URL(request.url).pathname)) return Response.json(errorBody(error, at), { status, headers });
  const page = errorPage(error, at, undefined);
  return new Response(page.body, { status, headers: page.headers });
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
