import { AzureError } from "../error";
import { router, type Call } from "../routes";
import type { Azure, Claims } from "../service";
import { authenticate, authorize } from "./access";
import { certificateOperations } from "./certificate-requests";
import { notServed, requestOf } from "../gap";
import { badParameter, noOperation, vaultNotFound } from "./errors";
import type { Operation } from "./asked";
import { keyOperationsByRoute } from "./key-requests";
import { secretOperations } from "./secret-requests";
import type { VaultContents } from "./vaults";

const apiVersions = [
  "2016-10-01",
  "7.0",
  "7.1",
  "7.2",
  "7.3",
  "7.4",
  "7.5",
  "7.6-preview.1",
  "7.6-preview.2",
  "7.6",
  "2025-06-01-preview",
  "2025-07-01",
  "2026-04-01",
];

/** What a vault has beside what is served here: https://learn.microsoft.com/rest/api/keyvault */
const inAzure = /^\/((deleted)?(secrets|keys|certificates|storage)|rng)(\/|$)/i;

const operations: Readonly<Record<string, Operation>> = {
  ...secretOperations,
  ...keyOperationsByRoute,
  ...certificateOperations,
};
export const vaultPaths: readonly string[] = Object.keys(operations);

/** Makes the function that answers requests to `https://<vault>.vault.azure.net`. */
export function dataPlane(azure: Azure, contents: VaultContents): (request: Request) => Promise<Response> {
  const callers = new WeakMap<Request, Claims>();
  const operation =
    (run: Operation) =>
    (call: Call): Response | Promise<Response> => {
      const vault = contents.vault(call.url.hostname.split(".")[0]!)!;
      const caller = callers.get(call.request)!;
      return run({
        ...call,
        vault,
        ...contents.of(vault.name),
        demand: (right, name) => authorize(azure, caller, vault, right, name),
        mirror: (secretName) => contents.mirror(vault, secretName),
        mirrorKey: (keyName) => contents.mirrorKey(vault, keyName),
      });
    };
  const route = router(Object.fromEntries(Object.entries(operations).map(([row, run]) => [row, operation(run)])));
  return async (request) => {
    try {
      const url = new URL(request.url);
      if (!contents.vault(url.hostname.split(".")[0]!)) throw vaultNotFound(url.hostname);
      callers.set(request, await authenticate(azure, request));
      checkVersion(url.searchParams.get("api-version"));
      const answer = await route(request);
      if (answer) return answer;
      throw inAzure.test(url.pathname) ? notServed(requestOf(request)) : noOperation(request.method, url.pathname);
    } catch (error) {
      if (error instanceof AzureError) return error.toResponse();
      if (error instanceof URIError) return badParameter("The request URI is malformed.").toResponse();
      throw error;
    }
  };
}

function checkVersion(version: string | null): void {
  if (!version) throw badParameter("api-version must be specified");
  if (apiVersions.includes(version)) return;
  throw badParameter(`The api-version '${version}' is not supported. Supported are ${apiVersions.join(", ")}.`);
}
