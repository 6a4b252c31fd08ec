import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { caught, exchange, NoAnswer } from "../../../infra/azure/exchange";

let server: Server;
let manner: (response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((_request, response) => manner(response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const ask = (answers: typeof manner, within = 5_000) => {
  manner = answers;
  return exchange({ fetch }, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, within).catch(caught);
};

test("an answer is read to its end before anybody looks at it", async () => {
  const answer = await ask((response) => response.writeHead(418, { "x-id": "7" }).end("half and half"));
  expect(answer).toMatchObject({ ok: false, status: 418, text: "half and half" });
  expect(answer instanceof NoAnswer || answer.headers.get("x-id")).toBe("7");
});

test.each<[string, typeof manner, number, RegExp, boolean]>([
  ["is reset", (response) => response.destroy(), 5_000, /^(other side closed|read ECONNRESET|socket hang up)$/, false],
  [
    "breaks off in its body",
    (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    },
    5_000,
    /^its answer broke off \((other side closed|read ECONNRESET|terminated|aborted)\)$/,
    false,
  ],
  ["never begins", () => undefined, 100, /^it did not answer within 0\.1 s$/, true],
  [
    "never ends",
    (response) => void response.writeHead(200).write("{"),
    100,
    /^its answer did not end within 0\.1 s$/,
    true,
  ],
])("an answer that %s is no answer, with the reason and in time", async (_what, answers, within, why, timedOut) => {
  const answer = await ask(answers, within);
  expect(answer).toMatchObject({ name: "NoAnswer", message: expect.stringMatching(why) as string, timedOut });
});

test("a host whose every address is tried in vain is told by its code, where fetch has no words", async () => {
  const cause = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
  await expect(exchange({ fetch }, "https://management.azure.com/", 1_000)).rejects.toThrow(/^ECONNREFUSED$/);
});
