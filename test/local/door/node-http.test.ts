import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "../../../local/door/node-http";

test("a browser that goes away before its answer ends the answer's source and harms nobody", async () => {
  let cancelled = false;
  let thrown: unknown;
  const server = createServer(async (_, to) => {
    to.on("close", () => {
      try {
        send(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })), to);
      } catch (error) {
        thrown = error;
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const gone = new AbortController();
  const asked = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { signal: gone.signal });
  await sleep(50);
  gone.abort();
  await expect(asked).rejects.toThrow();
  await sleep(50);
  expect({ cancelled, thrown }).toEqual({ cancelled: true, thrown: undefined });
  await new Promise((done) => server.close(done));
});
