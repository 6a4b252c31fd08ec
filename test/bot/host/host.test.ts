import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import pino from "pino";
import { BotError } from "../../../bot/error";
import { createHost, type Route } from "../../../bot/host/host";

const routes: Route[] = [
  { method: "GET", path: "/here", handle: () => ({ status: 200, json: { here: true } }) },
  {
    method: "POST",
    path: "/here",
    handle: () => Promise.reject(new BotError("request-refused", "Not you.", { status: 401 })),
  },
  { method: "GET", path: "/broken", handle: () => Promise.reject(new Error("the password is hunter2")) },
];

let server: Server;
let address: string;

beforeAll(async () => {
  server = createHost(routes, pino({ level: "silent" }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => void server.close());

test("a route answers JSON that nobody keeps", async () => {
  const answer = await fetch(`${address}/here?x=1`);
  expect([answer.status, answer.headers.get("cache-control"), await answer.json()]).toEqual([
    200,
    "no-store",
    { here: true },
  ]);
});

test("HEAD gets what GET gets, without the content", async () => {
  const answer = await fetch(`${address}/here`, { method: "HEAD" });
  expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, "13", ""]);
});

test("a refusal keeps its status and says why", async () => {
  const answer = await fetch(`${address}/here`, { method: "POST" });
  expect([answer.status, answer.headers.get("www-authenticate"), await answer.json()]).toEqual([
    401,
    "Bearer",
    { error: { code: "request-refused", message: "Not you." } },
  ]);
});

test("an error that nobody foresaw shows nothing of itself to the caller", async () => {
  const answer = await fetch(`${address}/broken`);
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { error: { code: "internal_error", message: "Something went wrong." } },
  ]);
});

test("an unknown path is 404, a known one with another method 405", async () => {
  expect((await fetch(`${address}/nowhere`)).status).toBe(404);
  const answer = await fetch(`${address}/here`, { method: "DELETE" });
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, POST"]);
});

test("an address that is none does not bring the host down", async () => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write("GET //:bad HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${address}/here`)).status).toBe(200);
});
