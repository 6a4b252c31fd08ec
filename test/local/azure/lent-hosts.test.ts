import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startLocalAzure } from "../../../local/azure/azure";
import { lentHost } from "../../../local/azure/lent-hosts";

test("a host and an address of this machine are taken, and nothing that would leave it", () => {
  expect(lentHost("API.contoso.com=http://localhost:3000")).toEqual({
    name: "api.contoso.com",
    origin: "http://localhost:3000",
  });
  for (const wrong of [
    "api.contoso.com",
    "api.contoso.com=https://localhost:3000",
    "api.contoso.com=http://10.0.0.1:3000",
    "api.contoso.com=http://localhost:3000/path",
    "api=http://localhost:3000",
  ]) {
    expect(() => lentHost(wrong)).toThrow(/^--host is ".*"\. Allowed: /);
  }
});

test("an app reaches a lent host by its real name, with all that it asked; one that is silent says who does not answer", async () => {
  const server = createServer((request, response) => {
    response.setHeader("x-seen", `${request.method} ${request.url} ${request.headers["x-forwarded-host"]}`);
    request.pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const azure = await startLocalAzure({ port: 0, lent: [lentHost(`api.contoso.com=${origin}`)] });
  try {
    const ask = () => azure.call("bot", "https://api.contoso.com/orders?open=1", { method: "POST", body: "text" });
    const answer = await ask();
    expect(answer.headers.get("x-seen")).toBe("POST /orders?open=1 api.contoso.com");
    expect(await answer.text()).toBe("text");
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    const silent = await ask();
    expect(silent.status).toBe(502);
    expect(await silent.text()).toContain(`${origin}, which is lent to the local Azure, does not answer`);
  } finally {
    await azure.close();
  }
});

test("a host that the local Azure serves itself is not lent", async () => {
  const lent = [lentHost("graph.microsoft.com=http://localhost:3000")];
  await expect(startLocalAzure({ port: 0, lent })).rejects.toThrow("the local Azure serves this host itself");
});
