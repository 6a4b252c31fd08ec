import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AnonymousCredential, ContainerClient } from "@azure/storage-blob";
import { BotError } from "../../bot/error";
import { BlobStorage, mustBeNew } from "../../bot/storage";

/** The Blob service's answers to the four requests of the storage, with its codes; the client is Microsoft's own. */
function blobService(): { server: Server; blobs: Map<string, { content: Buffer; etag: string }>; requests: string[] } {
  const blobs = new Map<string, { content: Buffer; etag: string }>();
  const requests: string[] = [];
  let version = 0;
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    requests.push(`${request.method} ${path}`);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const blob = blobs.get(path);
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { "x-ms-error-code": code, "content-type": "application/xml" });
      response.end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
    };
    if (!path.startsWith("/state/")) return refuse(404, "ContainerNotFound");
    if (request.method === "PUT") {
      if (request.headers["if-none-match"] === "*" && blob) return refuse(409, "BlobAlreadyExists");
      if (request.headers["if-match"] && request.headers["if-match"] !== blob?.etag)
        return refuse(412, "ConditionNotMet");
      const etag = `"0x${++version}"`;
      blobs.set(path, { content: Buffer.concat(parts), etag });
      return response.writeHead(201, { etag }).end();
    }
    if (!blob) return refuse(404, "BlobNotFound");
    if (request.method === "DELETE") {
      blobs.delete(path);
      return response.writeHead(202).end();
    }
    response.writeHead(200, {
      etag: blob.etag,
      "content-length": blob.content.length,
      "content-type": "application/json",
    });
    response.end(blob.content);
  });
  return { server, blobs, requests };
}

let service: ReturnType<typeof blobService>;
let storage: BlobStorage;
let address: string;

const open = (container: string): BlobStorage =>
  new BlobStorage(
    new ContainerClient(`${address}/${container}`, new AnonymousCredential(), { retryOptions: { maxTries: 1 } }),
  );

beforeEach(async () => {
  service = blobService();
  await new Promise<void>((resolve) => service.server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(service.server.address() as AddressInfo).port}`;
  storage = open("state");
});

afterEach(async () => {
  service.server.closeAllConnections();
  await new Promise((resolve) => service.server.close(resolve));
});

test("what was written is read again, with an eTag under which it can be written", async () => {
  await storage.write({ "sign-in/abc": { name: "Zoë", count: 1 } });
  expect(await storage.read(["sign-in/abc", "sign-in/absent"])).toEqual({
    "sign-in/abc": { name: "Zoë", count: 1, eTag: '"0x1"' },
  });
  expect(service.blobs.get("/state/sign-in/abc")?.content.toString()).toBe('{"name":"Zoë","count":1}');
});

test("of two that create the same item the second loses", async () => {
  await storage.write({ item: { by: "first", eTag: mustBeNew } });
  const lost = storage.write({ item: { by: "second", eTag: mustBeNew } });
  await expect(lost).rejects.toMatchObject({ name: "BotError", code: "state-conflict" });
  expect((await storage.read(["item"])).item).toMatchObject({ by: "first" });
});

test("of two that change the same item the second loses", async () => {
  await storage.write({ item: { count: 0 } });
  const { item } = (await storage.read(["item"])) as { item: { eTag: string } };
  await storage.write({ item: { count: 1, eTag: item.eTag } });
  await expect(storage.write({ item: { count: 2, eTag: item.eTag } })).rejects.toMatchObject({
    code: "state-conflict",
  });
  expect((await storage.read(["item"])).item).toMatchObject({ count: 1 });
});

test("an item that was deleted meanwhile is a lost race too, not a new item", async () => {
  await storage.write({ item: { count: 0 } });
  const { item } = (await storage.read(["item"])) as { item: { eTag: string } };
  await storage.delete(["item", "absent"]);
  await expect(storage.write({ item: { count: 1, eTag: item.eTag } })).rejects.toBeInstanceOf(BotError);
  expect(await storage.read(["item"])).toEqual({});
});

test.each([undefined, "*"])("with the eTag %p an item is written whatever is there", async (eTag) => {
  await storage.write({ item: { count: 0 } });
  await storage.write({ item: { count: 1, eTag } });
  expect((await storage.read(["item"])).item).toMatchObject({ count: 1 });
});

test("a missing container is a failure, not an empty state", async () => {
  await expect(open("other").read(["item"])).rejects.toMatchObject({ code: "ContainerNotFound" });
});

test("a key cannot leave the container, nor be longer than a blob's name", async () => {
  await storage.write({ "a?b#c/..%2f": { here: true } });
  expect([...service.blobs.keys()].every((path) => path.startsWith("/state/a%253Fb%2523c/"))).toBe(true);
  await expect(storage.read(["x".repeat(1025)])).rejects.toMatchObject({ code: "state-key-too-long" });
});
