import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Clock } from "../../../local/azure/clock";
import { AzureError } from "../../../local/azure/error";
import type { Service } from "../../../local/azure/hosted-service";
import { Trace } from "../../../local/azure/trace";
import { CertificateAuthority } from "../../../local/door/certificates";
import { openBrowserDoor } from "../../../local/door/browser";
import { Dispatch } from "../../../local/door/dispatch";
import { HostTable } from "../../../local/door/host-table";
import { openProxy, type Proxy } from "../../../local/door/proxy";

const run = promisify(execFile);
const service: Service = {
  name: "Echo",
  hosts: ["*.vault.azure.net"],
  handle: async (request) => {
    if (request.url.endsWith("/refused")) throw new AzureError(403, "No", "no", { error: { code: "No" } });
    if (request.url.endsWith("/broken")) throw new Error("a bug");
    return Response.json({ url: request.url, body: await request.text() });
  },
};

let folder: string;
let proxy: Proxy;
const trace = new Trace();
const log: string[] = [];
const hosts = new HostTable([service]);
const dispatch = new Dispatch(hosts, new Clock(), trace, (line) => log.push(line));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "door-test-"));
  const authority = await CertificateAuthority.create();
  await writeFile(join(folder, "ca.pem"), authority.pem);
  proxy = await openProxy("bot", hosts, authority, dispatch, (line) => log.push(line));
});
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true });
});

/** Runs a line of JavaScript in an unchanged Node whose environment points at the proxy; gives what it returned. */
async function inNode(code: string): Promise<unknown> {
  const { stdout } = await run(
    process.execPath,
    ["-e", `(async()=>{${code}})().then(v=>console.log(JSON.stringify(v)))`],
    {
      env: {
        PATH: process.env.PATH,
        HTTPS_PROXY: proxy.url,
        NO_PROXY: "localhost,127.0.0.1",
        NODE_USE_ENV_PROXY: "1",
        NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      },
    },
  );
  return JSON.parse(stdout);
}

test("an unchanged process reaches any served name by https, two labels below a wildcard included", async () => {
  const asked = 'const r=await fetch("https://a.b.vault.azure.net/x?y=1",{method:"POST",body:"hi"});return r.json()';
  expect(await inNode(asked)).toEqual({ url: "https://a.b.vault.azure.net/x?y=1", body: "hi" });
  expect(trace.exchanges().at(-1)).toMatchObject({ caller: "bot", service: "Echo", method: "POST", status: 200 });
});

test("a name that is not served is refused by name, on the terminal too, and never sent on", async () => {
  const asked = 'return fetch("https://example.com/").then(()=>"reached",()=>"refused")';
  expect(await inNode(asked)).toBe("refused");
  expect(log.at(-1)).toContain("bot asked for example.com. The local Azure does not serve example.com");
});

test("a refusal keeps its status and body; a fault of the stand-in is no 5xx, which clients would repeat for minutes", async () => {
  const ask = (path: string) => dispatch.answer(new Request(`https://a.vault.azure.net/${path}`), "test");
  const refused = await ask("refused");
  expect([refused.status, await refused.json()]).toEqual([403, { error: { code: "No" } }]);
  const broken = await ask("broken");
  expect(broken.status).toBe(400);
  expect(log.at(-1)).toContain("Echo failed on GET https://a.vault.azure.net/broken: Error: a bug");
});

describe("the browser's door", () => {
  test("serves a host by path, and refuses other names for itself", async () => {
    const door = await openBrowserDoor(0, hosts, dispatch, () => undefined);
    try {
      const at = `http://127.0.0.1:${door.form.port}`;
      const answer = await fetch(`${at}/a.vault.azure.net/x`);
      expect(await answer.json()).toEqual({ url: `http://localhost:${door.form.port}/a.vault.azure.net/x`, body: "" });
      const unknown = await fetch(`${at}/example.com/x`);
      expect([unknown.status, await unknown.text()]).toEqual([
        404,
        expect.stringContaining("does not serve example.com"),
      ]);
    } finally {
      await door.close();
    }
  });

  test("a taken port is an error that names it and the fix", async () => {
    const door = await openBrowserDoor(0, hosts, dispatch, () => undefined);
    try {
      const second = openBrowserDoor(door.form.port, hosts, dispatch, () => undefined);
      await expect(second).rejects.toThrow(`Port ${door.form.port} is taken by another program.`);
      await expect(second).rejects.toMatchObject({ code: "port-taken" });
    } finally {
      await door.close();
    }
  });
});
