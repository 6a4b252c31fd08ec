import { AzureError } from "../error";

/**
 * Lets pages of any origin read the answers, as Direct Line does: with credentials, so the origin is named and never
 * `*`. Refusals pass too, or a page would see a network error instead of them.
 */
export async function crossOrigin(request: Request, answer: () => Promise<Response>): Promise<Response> {
  const origin = request.headers.get("origin");
  if (request.method === "OPTIONS") return preflight(request, origin ?? "");
  const plain = await answer().catch((error: unknown) => {
    if (error instanceof AzureError) return error.toResponse();
    throw error;
  });
  if (!origin) return plain;
  const headers = new Headers(plain.headers);
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-credentials", "true");
  headers.append("vary", "Origin");
  return new Response(plain.body, { status: plain.status, headers });
}

function preflight(request: Request, origin: string): Response {
  const headers: Record<string, string> = { vary: "Origin", "access-control-max-age": "3600" };
  if (origin) {
    headers["access-control-allow-origin"] = origin;
    headers["access-control-allow-credentials"] = "true";
  }
  const method = request.headers.get("access-control-request-method");
  const names = request.headers.get("access-control-request-headers");
  if (method) headers["access-control-allow-methods"] = method;
  if (names) headers["access-control-allow-headers"] = names;
  return new Response(null, { status: 204, headers });
}
