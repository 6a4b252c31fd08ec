import { randomUUID } from "node:crypto";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { AccountKeys } from "./account-keys";
import { storageAccounts } from "./account-type";
import { Accounts } from "./accounts";
import { blobServices, containers } from "./container-type";
import { dataPlane } from "./data-plane";
import { managementPolicies } from "./management-policy-type";

const newestVersion = "2026-02-06";

/** Blob Storage: accounts and containers for ARM, block blobs over the data plane, by bearer token, account key or what it signed. */
export function createStorage(azure: Azure): Service {
  const accounts = new Accounts(azure);
  const keys = new AccountKeys(azure);
  const answer = dataPlane(azure, accounts, keys);
  const storageAccount = storageAccounts(accounts, keys);
  return {
    name: "Blob Storage",
    hosts: ["*.blob.core.windows.net"],
    lacks: [
      "shared access signatures with a stored access policy, for some addresses or one user only (those of an " +
        "account's key or a user delegation key, for a container, a blob or an account, are served)",
      "page blobs and append blobs",
      "the copy of a blob from another account",
    ],
    resourceTypes: [storageAccount.type, blobServices, containers(accounts), managementPolicies(accounts)],
    kept: [...storageAccount.kept, accounts.kept],
    async handle(request) {
      const response = await answer(request);
      const { headers } = response;
      if (!headers.has("x-ms-request-id")) headers.set("x-ms-request-id", randomUUID());
      const client = request.headers.get("x-ms-client-request-id");
      if (client) headers.set("x-ms-client-request-id", client);
      headers.set("x-ms-version", request.headers.get("x-ms-version") ?? newestVersion);
      headers.set("Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0");
      headers.set("Date", azure.clock.now().toUTCString());
      return response;
    },
  };
}
