import type { Asked } from "./asked";
import { rights } from "./access";
import { containerName } from "./accounts";
import { containerExists, invalidName, invalidQuery, verbNotSupported } from "./errors";
import { listBlobs, listContainers } from "./listing";

/** A request about a container, or about the account's containers. */
export function containerRequest(asked: Asked): Response {
  const { request, query, accounts, account } = asked;
  const comp = query.get("comp");
  if (asked.containerName === "") {
    if (request.method !== "GET" || comp !== "list") throw invalidQuery("comp", comp ?? "");
    asked.demand(rights.listContainers);
    return listContainers(asked.url, account, accounts.containers(account));
  }
  if (query.get("restype") !== "container") throw invalidQuery("restype", query.get("restype") ?? "");
  if (request.method === "PUT" && comp === null) return create(asked);
  if (request.method === "GET" && comp === "list") {
    asked.demand(rights.listBlobs);
    return listBlobs(asked.url, account, asked.container(), accounts.blobs(asked.container()).all());
  }
  if (comp !== null && comp !== "metadata") throw invalidQuery("comp", comp);
  switch (request.method) {
    case "GET":
    case "HEAD":
      asked.demand(rights.readContainer);
      return properties(asked);
    case "DELETE":
      asked.demand(rights.deleteContainer);
      accounts.deleteContainer(asked.container());
      return new Response(null, { status: 202 });
    default:
      throw verbNotSupported();
  }
}

function create(asked: Asked): Response {
  asked.demand(rights.writeContainer);
  if (!containerName.test(asked.containerName)) throw invalidName();
  if (asked.accounts.container(asked.account, asked.containerName)) throw containerExists();
  const metadata = Object.fromEntries(
    [...asked.request.headers]
      .filter(([name]) => name.startsWith("x-ms-meta-"))
      .map(([name, value]) => [name.slice("x-ms-meta-".length), value]),
  );
  const { etag, changedAt } = asked.accounts.createContainer(asked.account, asked.containerName, metadata);
  return new Response(null, { status: 201, headers: { ETag: etag!, "Last-Modified": changedAt.toUTCString() } });
}

function properties(asked: Asked): Response {
  const container = asked.container();
  const metadata = Object.entries((container.properties["metadata"] ?? {}) as Record<string, string>);
  return new Response(null, {
    headers: {
      ETag: container.etag ?? "",
      "Last-Modified": container.changedAt.toUTCString(),
      "x-ms-lease-status": "unlocked",
      "x-ms-lease-state": "available",
      "x-ms-has-immutability-policy": "false",
      "x-ms-has-legal-hold": "false",
      "x-ms-default-encryption-scope": "$account-encryption-key",
      "x-ms-deny-encryption-scope-override": "false",
      ...Object.fromEntries(metadata.map(([name, value]) => [`x-ms-meta-${name}`, value])),
    },
  });
}
