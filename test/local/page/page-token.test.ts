import { execFile } from "node:child_process";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { ownPages } from "../../../local/page";
import { root } from "../../support/deployed";
import { pageToken } from "../../support/page-token";

let azure: LocalAzure;
let token: string;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0, ownPages: (own) => ownPages(own, () => undefined) });
  token = await pageToken(azure);
});
afterAll(() => azure.close());

/** Everything that shows or changes something. */
const held = [
  "GET /bot",
  "GET /exchange?number=1",
  "GET /arrows",
  "GET /picture.json",
  "GET /picture.mmd",
  "GET /faults",
  "GET /sign-outs",
  "GET /teams",
  "GET /teams/changes",
]
  .concat(
    "POST /faults/on",
    "POST /faults/off",
    "POST /faults/clock-back",
    "POST /teams/upload",
    "POST /teams/say",
    "POST /consent/everyone",
    "PUT /faults/on",
    "DELETE /faults",
  )
  .concat("HEAD /picture.json", "POST /exchange", "POST /faults/anything");
const port = (): number => Number(new URL(azure.browserOrigin).port);

/** A request as any program makes it, with any headers: the status. */
function status(row: string, headers: Record<string, string> = {}, body = '{"fault":"graph-403"}'): Promise<number> {
  const [method = "", path = ""] = row.split(" ");
  return new Promise((done, failed) => {
    const sent = request({
      host: "127.0.0.1",
      port: port(),
      method,
      path,
      headers: { host: `localhost:${port()}`, ...headers },
    });
    sent.once("error", failed).once("response", (answer) => {
      answer.destroy();
      done(answer.statusCode ?? 0);
    });
    sent.end(method === "POST" ? body : undefined);
  });
}

describe.each(held)("%s", (row) => {
  test.each<[string, () => Record<string, string>]>([
    ["without the page's token", () => ({})],
    ["with another token", () => ({ "page-token": "x".repeat(43) })],
    ["with an empty one", () => ({ "page-token": "" })],
    ["by another site that has got hold of it", () => ({ "page-token": token, origin: "https://evil.example" })],
    ["by a page of another port", () => ({ "page-token": token, origin: "http://localhost:3000" })],
    ["by a page in a sandbox", () => ({ "page-token": token, origin: "null" })],
    ["by another page without an origin", () => ({ "page-token": token, "sec-fetch-site": "cross-site" })],
    ["by a page of another port without an origin", () => ({ "page-token": token, "sec-fetch-site": "same-site" })],
  ])("is refused %s", async (_, headers) => {
    expect(await status(row, headers())).toBe(403);
    expect([azure.faults.list(), azure.clock.ahead]).toEqual([[], 0]);
  });

  test("is refused under any other name for this address: another site's name may point here", async () => {
    for (const host of ["evil.example", `evil.example:${port()}`, `localhost.evil.example:${port()}`, "localhost"]) {
      expect([host, await status(row, { host, "page-token": token })]).toEqual([host, 421]);
    }
  });
});

test("with the token, in the header or where none can be set, the page sees and changes", async () => {
  expect(await status("GET /faults", { "page-token": token })).toBe(200);
  expect(await status(`GET /arrows?token=${token}`, { "sec-fetch-site": "same-origin" })).toBe(200);
  expect(await status("POST /faults/on", { "page-token": token, origin: azure.browserOrigin })).toBe(200);
  expect(azure.faults.list()).toHaveLength(1);
  expect(await status("POST /faults/off", { "page-token": token }, "{}")).toBe(200);
  expect(azure.faults.list()).toEqual([]);
});

test("whoever asks for the page without opening it, a script for example, gets it without the token", async () => {
  const html = async (destination: string): Promise<string> =>
    (await fetch(`${azure.browserOrigin}/`, { headers: { "sec-fetch-dest": destination } })).text();
  expect(await html("document")).toContain(token);
  for (const destination of ["empty", "iframe", "script", "image", "object", "style"]) {
    expect([destination, (await html(destination)).includes("page-token")]).toEqual([destination, false]);
  }
});

test("every start has a token of its own, and no other site's page takes an answer into its own", async () => {
  const other = await startLocalAzure({ port: 0, ownPages: (own) => ownPages(own, () => undefined) });
  expect(await pageToken(other)).toMatch(/^[\w-]{43}$/);
  expect(await pageToken(other)).not.toBe(token);
  await other.close();
  for (const path of ["/", "/page.js", "/page.css", "/icon.svg", "/faults"]) {
    const { headers } = await fetch(azure.browserOrigin + path);
    expect([path, headers.get("cross-origin-resource-policy"), headers.get("x-content-type-options")]).toEqual([
      path,
      "same-origin",
      "nosniff",
    ]);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("a WebSocket under another name is refused, too", async () => {
  const answer = await new Promise<string>((done) => {
    const socket = connect(port(), "127.0.0.1", () => {
      socket.write(
        "GET /directline.botframework.com/v3/directline/conversations/x/stream HTTP/1.1\r\nHost: evil.example\r\n" +
          "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      );
    });
    socket.once("data", (data) => done(String(data)));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

test("who opens 127.0.0.1 is led to localhost, where the page works", async () => {
  const answer = await fetch(`http://127.0.0.1:${port()}/`, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([307, `${azure.browserOrigin}/`]);
});

test("npm run picture draws what is deployed in the running local Azure", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", join(root, "local/picture.ts")], {
    cwd: root,
    env: { ...process.env, PORT: String(port()) },
  });
  expect(stdout).toMatch(/^flowchart LR\n/);
});
