import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AzureError } from "../error";
import type { Azure } from "../service";
import type { App } from "./app";
import { identityError } from "./errors";
import { identitiesOf, type SiteIdentity } from "./site";

/** Path and api-version of App Service's endpoint; 2017-09-01 went with `secret` headers and is not served. */
const path = "/msi/token";
const apiVersion = "2019-08-01";

/**
 * The managed-identity endpoint, `IDENTITY_ENDPOINT` of every app: plain HTTP on loopback, as in a container.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export class IdentityEndpoint {
  #server?: Promise<Server>;

  /** @param apps all apps; a request's X-IDENTITY-HEADER says which one asks */
  constructor(
    private readonly azure: Azure,
    private readonly apps: () => Iterable<App>,
  ) {}

  /** The endpoint's address; it opens at first use. */
  async address(): Promise<string> {
    this.#server ??= this.#listen();
    const { port } = (await this.#server).address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  async close(): Promise<void> {
    const server = await this.#server;
    if (!server) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  #listen(): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer((request, response) => void this.#serve(request, response));
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(server));
      server.unref();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const at = this.azure.clock.now();
    const { status, body } = await this.#token(request).then(
      (token) => ({ status: 200, body: token }),
      (error: unknown) => {
        const refusal =
          error instanceof AzureError ? error : identityError(400, "Unable to get a token.", randomUUID());
        return { status: refusal.status, body: refusal.body };
      },
    );
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
    // The header and the token are secrets of the app, so the trace has neither.
    this.azure.trace.record({
      number: this.azure.trace.next(),
      at,
      caller: "bot",
      service: "App Service",
      method: request.method ?? "GET",
      url: `http://${request.headers.host ?? "127.0.0.1"}${request.url ?? ""}`,
      status,
      milliseconds: performance.now() - began,
      requestHeaders: {},
      responseHeaders: { "content-type": "application/json; charset=utf-8" },
      ...(status !== 200 && { responseBody: JSON.stringify(body) }),
    });
  }

  async #token(request: IncomingMessage): Promise<Record<string, string>> {
    const correlation = randomUUID();
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const query = url.searchParams;
    const refuse = (status: number, message: string): AzureError => identityError(status, message, correlation);

    if (request.method !== "GET" || url.pathname.toLowerCase() !== path) throw refuse(404, "No such endpoint.");
    const version = query.get("api-version");
    if (version !== apiVersion) throw refuse(400, `The api-version '${version ?? ""}' is not supported.`);
    const resource = query.get("resource");
    if (!resource) throw refuse(400, "The parameter 'resource' is missing.");
    const header = request.headers["x-identity-header"];
    const app = [...this.apps()].find(({ identityHeader }) => identityHeader === header);
    if (!app?.site) throw refuse(400, "The header X-IDENTITY-HEADER is missing or does not match.");

    const identity = chosen(identitiesOf(this.azure, app.site), query);
    if (!identity) {
      throw refuse(
        400,
        names.some((name) => query.has(name))
          ? "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."
          : "Unable to load the proper Managed Identity.",
      );
    }
    const token = await this.azure.directory.managedIdentityToken(identity.clientId, resource);
    if (!token) {
      throw refuse(
        404,
        `No token for the resource '${resource}': the identity or the resource is not known to the tenant.`,
      );
    }
    return {
      access_token: token.accessToken,
      expires_on: String(token.expiresOn),
      resource,
      token_type: "Bearer",
      client_id: identity.clientId,
    };
  }
}

/** Ways to name a user-assigned identity; without one, the site's own is meant. */
const names = ["client_id", "principal_id", "object_id", "mi_res_id"] as const;

function chosen(identities: readonly SiteIdentity[], query: URLSearchParams): SiteIdentity | undefined {
  const same = (left: string | undefined, right: string): boolean => left?.toLowerCase() === right.toLowerCase();
  const name = names.find((candidate) => query.has(candidate));
  if (!name) return identities.find(({ resourceId }) => !resourceId);
  const value = query.get(name) ?? "";
  return identities.find(({ clientId, principalId, resourceId }) => {
    if (name === "client_id") return same(clientId, value);
    if (name === "mi_res_id") return same(resourceId, value);
    return same(principalId, value);
  });
}
