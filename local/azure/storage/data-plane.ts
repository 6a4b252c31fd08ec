import { AzureError } from "../error";
import type { Azure } from "../service";
import { authenticate, authorize, isSharedAccess, rights, signedCaller } from "./access";
import type { AccountKeys } from "./account-keys";
import type { Accounts } from "./accounts";
import type { Asked } from "./asked";
import { blobRequest } from "./blob-requests";
import { containerRequest } from "./container-requests";
import { delegate } from "./delegation";
import { accountNotFound, authenticationFailed, containerNotFound, invalidUri, sourceNotFound } from "./errors";
import { isSignedAddress } from "./shared-access";

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
        request,
        url,
        query: url.searchParams,
        accounts,
        account,
        containerName,
        container() {
          const container = accounts.container(account, containerName);
          if (!container) throw containerNotFound();
          return container;
        },
        demand: (right) => authorize(azure, caller, account, containerName, right),
        demandOfSource(source, at) {
          const signed = isSignedAddress(source);
          if (!signed && isSharedAccess(caller)) throw sourceNotFound();
          const reader = signed ? signedCaller(azure, source, account, keys) : caller;
          authorize(azure, reader, account, at, rights.readBlob);
        },
      };
      if (request.method === "POST" && containerName === "" && url.searchParams.get("comp") === "userdelegationkey") {
        if (caller === "account key" || isSharedAccess(caller)) {
          throw authenticationFailed("Only authentication scheme Bearer is supported");
        }
        asked.demand(rights.delegateKey);
        return await delegate(azure, request, account, caller, keys);
      }
      if (blobName === "") return containerRequest(asked);
      // Without a role a caller does not learn whether a container exists.
      const container = accounts.container(account, containerName);
      if (!container) {
        asked.demand(request.method === "GET" || request.method === "HEAD" ? rights.readBlob : rights.createBlob);
        throw containerNotFound();
      }
      const answer = await blobRequest(asked, accounts.blobs(container), blobName);
      if (isSharedAccess(caller) && ["GET", "HEAD"].includes(request.method)) {
        for (const [name, value] of Object.entries(caller.headers)) answer.headers.set(name, value);
      }
      return answer;
    } catch (thrown) {
      const error = thrown instanceof URIError ? invalidUri() : thrown;
      if (!(error instanceof AzureError)) throw error;
      // A HEAD and a 304 carry no body; the code is in the header.
      const bare = request.method === "HEAD" || error.status === 304;
      return bare ? new Response(null, { status: error.status, headers: error.headers }) : error.toResponse();
    }
  };
}
