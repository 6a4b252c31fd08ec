import { AzureError } from "../error";
import type { Azure, Resource } from "../service";
import { authenticate, authorize, rights, type Right } from "./access";
import type { AccountKeys } from "./account-keys";
import type { Accounts } from "./accounts";
import { blobRequest } from "./blob-requests";
import { containerRequest } from "./container-requests";
import { accountNotFound, containerNotFound, invalidUri } from "./errors";

/** A request that has passed the account's door. */
export interface Asked {
  readonly request: Request;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly accounts: Accounts;
  readonly account: Resource;
  /** Empty at the account itself. */
  readonly containerName: string;
  /** The container; throws `ContainerNotFound`. */
  container(): Resource;
  /** Refuses the caller without this right, at this container or another one of the account. */
  demand(right: Right, containerName?: string): void;
}

/** Makes the function that answers requests to `https://<account>.blob.core.windows.net/<container>/<blob>`. */
export function dataPlane(
  azure: Azure,
  accounts: Accounts,
  keys: AccountKeys,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const url = new URL(request.url);
      const account = accounts.account(url.hostname.split(".")[0]!);
      if (!account) throw accountNotFound();
      const caller = await authenticate(azure, request, account, keys);
      const [containerName = "", ...rest] = url.pathname.slice(1).split("/").map(decodeURIComponent);
      const blobName = rest.join("/");
      const asked: Asked = {
        ...{ request, url, query: url.searchParams, accounts, account, containerName },
        container() {
          const container = accounts.container(account, containerName);
          if (!container) throw containerNotFound();
          return container;
        },
        demand: (right, at = containerName) => authorize(azure, caller, account, at, right),
      };
      if (blobName === "") return containerRequest(asked);
      // Without a role a caller does not learn whether a container exists.
      const container = accounts.container(account, containerName);
      if (!container) {
        asked.demand(request.method === "GET" || request.method === "HEAD" ? rights.readBlob : rights.createBlob);
        throw containerNotFound();
      }
      return await blobRequest(asked, accounts.blobs(container), blobName);
    } catch (thrown) {
      const error = thrown instanceof URIError ? invalidUri() : thrown;
      if (!(error instanceof AzureError)) throw error;
      // A HEAD and a 304 carry no body; the code is in the header.
      const bare = request.method === "HEAD" || error.status === 304;
      return bare ? new Response(null, { status: error.status, headers: error.headers }) : error.toResponse();
    }
  };
}
