import { Clock } from "../../../local/azure/clock";
import { Trace } from "../../../local/azure/trace";
import { Dispatch, type Latencies } from "../../../local/door/dispatch";
import { ConnectionCut, Faults, FaultInvalid } from "../../../local/door/faults";
import { parseFault } from "../../../local/door/fault-text";
import { HostTable } from "../../../local/door/host-table";
import { knownFaults } from "../../../local/door/known-faults";

const services = ["Entra ID", "Microsoft Graph", "Token Service", "Bot Connector", "Key Vault", "Blob Storage"];
const message = "https://graph.microsoft.com/v1.0/me/messages";

test.each([
  ["latency:graph:3000", { fault: { kind: "latency", service: "Microsoft Graph", milliseconds: 3000 } }],
  [
    "refuse:entra:401:AADSTS7000222@/token",
    {
      fault: { kind: "refusal", service: "Entra ID", status: 401, code: "AADSTS7000222", path: "/token" },
    },
  ],
  [
    "refuse-once:key-vault:403",
    {
      fault: { kind: "refusal", service: "Key Vault", status: 403, code: "Forbidden", once: true },
    },
  ],
  ["cut:graph", { fault: { kind: "cut", service: "Microsoft Graph" } }],
  [
    "cut-once:graph@/me/sendMail",
    { fault: { kind: "cut", service: "Microsoft Graph", path: "/me/sendMail", once: true } },
  ],
  [
    "refuse:graph:503@/me/messages%20",
    {
      fault: {
        kind: "refusal",
        service: "Microsoft Graph",
        status: 503,
        code: "ServiceUnavailable",
        path: "/me/messages",
        percent: 20,
      },
    },
  ],
  [
    "latency:graph:200-3000%50#7",
    { fault: { kind: "latency", service: "Microsoft Graph", milliseconds: 200, most: 3000, percent: 50, seed: 7 } },
  ],
  ["truncate-once:graph", { fault: { kind: "truncation", service: "Microsoft Graph", once: true } }],
  ["clock:1d", { clockAhead: 86_400_000 }],
  ["clock:30m", { clockAhead: 1_800_000 }],
  ["graph-slow", { fault: knownFaults[0]?.fault }],
])("a person writes %s", (text, wanted) => expect(parseFault(text, services)).toEqual(wanted));

test.each([
  ["nonsense", /Faults are written/],
  ["latency:cosmos:3", /services are entra-id, microsoft-graph/],
  ["latency:graph:soon", /latency:<service>:<milliseconds>/],
  ["clock:tomorrow", /30m, 2h or 1d/],
  ["refuse:graph:perhaps", /graph-slow, graph-401/],
])("%s is refused by saying what is allowed", (text, fix) => {
  expect(() => parseFault(text, services)).toThrow(FaultInvalid);
  expect(() => parseFault(text, services)).toThrow(fix);
});

test("a refusal of one call ends by itself, all others last until they are switched off", () => {
  const faults = new Faults();
  faults.switchOn({ kind: "refusal", service: "Microsoft Graph", status: 401, code: "A", path: "/ME/", once: true });
  const lasting = faults.switchOn({ kind: "refusal", service: "Microsoft Graph", status: 403, code: "B" });
  const get = { url: message, method: "GET" };
  expect(faults.meet("Microsoft Graph", get).refusal?.code).toBe("A");
  expect(faults.meet("Microsoft Graph", get).refusal?.code).toBe("B");
  expect(faults.meet("Microsoft Graph", get).refusal?.code).toBe("B");
  expect(faults.meet("Key Vault", get).refusal).toBeUndefined();
  faults.switchOff(lasting);
  expect(faults.meet("Microsoft Graph", get)).toEqual({ wait: 0 });
});

/** Which of so many calls a fault meets. */
function met(text: string, calls: number): number[] {
  const faults = new Faults();
  const { fault } = parseFault(text, services) as { fault: Parameters<Faults["switchOn"]>[0] };
  faults.switchOn(fault);
  return Array.from({ length: calls }, (_, at) => at).filter(
    () => faults.meet("Microsoft Graph", { url: message, method: "GET" }).refusal !== undefined,
  );
}

test("a fault with a rate meets so many calls, the same ones again with the same seed, and others with another", () => {
  const first = met("refuse:graph:503%20", 1_000);
  expect(first.length).toBeGreaterThan(150);
  expect(first.length).toBeLessThan(250);
  expect(met("refuse:graph:503%20#1", 1_000)).toEqual(first);
  expect(met("refuse:graph:503%20#2", 1_000)).not.toEqual(first);
  expect(met("refuse:graph:503%100", 3)).toEqual([0, 1, 2]);
  expect(met("refuse:graph:503@/me/drive%100", 3)).toEqual([]);
  expect(() => met("refuse:graph:503%0", 1)).toThrow(/1 to 100 percent/);
});

test("a latency with a spread is between its ends, and repeatable", () => {
  const waits = (): number[] => {
    const faults = new Faults();
    faults.switchOn({ kind: "latency", service: "Microsoft Graph", milliseconds: 200, most: 3000 });
    return Array.from({ length: 50 }, () => faults.meet("Microsoft Graph", { url: message, method: "GET" }).wait);
  };
  expect(waits()).toEqual(waits());
  expect(Math.min(...waits())).toBeGreaterThanOrEqual(200);
  expect(Math.max(...waits())).toBeLessThanOrEqual(3000);
  expect(new Set(waits()).size).toBeGreaterThan(20);
});

test("an answer that breaks off has its headers and the first half of its body, and then no end", async () => {
  const faults = new Faults();
  faults.switchOn({ kind: "truncation", service: "Microsoft Graph", once: true });
  const handle = (): Response => Response.json({ value: "0123456789" });
  const table = new HostTable([{ name: "Microsoft Graph", hosts: ["graph.microsoft.com"], handle }]);
  const dispatch = new Dispatch(table, new Clock(), new Trace(), () => undefined, faults);
  const answer = await dispatch.answer(new Request(message), "bot");
  expect([answer.status, answer.headers.get("content-length")]).toEqual([200, "22"]);
  const reader = answer.body!.getReader();
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('{"value":"0');
  await expect(reader.read()).rejects.toThrow(ConnectionCut);
  expect(await (await dispatch.answer(new Request(message), "bot")).json()).toEqual({ value: "0123456789" });
});

test("a fault of the Token Service reaches its API at the connector's host, and not the connector", () => {
  const faults = new Faults();
  faults.switchOn({ kind: "latency", service: "Token Service", milliseconds: 5 });
  const at = (path: string): number =>
    faults.meet("Bot Connector", { url: `https://api.botframework.com${path}`, method: "GET" }).wait;
  expect(at("/api/usertoken/GetToken")).toBe(5);
  expect(at("/v3/conversations")).toBe(0);
});

test.each([0, -1, 60_001, Number.NaN])("a latency of %p ms is refused", (milliseconds) =>
  expect(() => new Faults().switchOn({ kind: "latency", service: "Key Vault", milliseconds })).toThrow(FaultInvalid),
);

test("every service refuses in its own words, and its handler is never asked", async () => {
  const faults = new Faults();
  const table = new HostTable(
    [
      ["Microsoft Graph", "graph.microsoft.com"],
      ["Entra ID", "login.microsoftonline.com"],
      ["Blob Storage", "*.blob.core.windows.net"],
      ["Key Vault", "*.vault.azure.net"],
    ].map(([name, host]) => ({
      name: name as string,
      hosts: [host as string],
      handle: () => new Response("asked"),
    })),
  );
  const trace = new Trace();
  const dispatch = new Dispatch(table, new Clock(), trace, () => undefined, faults);
  const refuse = async (service: string, url: string, status: number, code: string): Promise<Response> => {
    faults.switchOn({ kind: "refusal", service, status, code, once: true });
    return dispatch.answer(new Request(url), "bot");
  };

  const graph = await refuse("Microsoft Graph", message, 403, "ErrorAccessDenied");
  expect(graph.status).toBe(403);
  expect(await graph.json()).toMatchObject({
    error: { code: "ErrorAccessDenied", innerError: { date: expect.any(String) } },
  });
  const entra = await refuse("Entra ID", "https://login.microsoftonline.com/t/oauth2/v2.0/token", 401, "AADSTS7000222");
  expect(await entra.json()).toMatchObject({ error: "invalid_client", error_codes: [7000222] });
  const page = await refuse(
    "Entra ID",
    "https://login.microsoftonline.com/t/oauth2/v2.0/authorize",
    400,
    "AADSTS50011",
  );
  expect(page.headers.get("content-type")).toContain("html");
  expect(await page.text()).toContain("AADSTS50011");
  const blob = await refuse("Blob Storage", "https://a.blob.core.windows.net/c", 503, "ServerBusy");
  expect(blob.headers.get("x-ms-error-code")).toBe("ServerBusy");
  expect(blob.headers.get("retry-after")).toBe("2");
  const vault = await refuse("Key Vault", "https://v.vault.azure.net/secrets/s", 403, "Forbidden");
  expect(await vault.json()).toMatchObject({ error: { code: "Forbidden" } });

  expect(await (await dispatch.answer(new Request(message), "bot")).text()).toBe("asked");
  expect(trace.exchanges().map(({ status }) => status)).toEqual([403, 401, 400, 503, 403, 200]);
});

test("an answer that is lost is lost after its service has done its work, and the trace shows what it was", async () => {
  const faults = new Faults();
  faults.switchOn({ kind: "cut", service: "Microsoft Graph", method: "POST", once: true });
  const trace = new Trace();
  let handled = 0;
  const handle = (): Response => (handled++, new Response(null, { status: 202 }));
  const table = new HostTable([{ name: "Microsoft Graph", hosts: ["graph.microsoft.com"], handle }]);
  const dispatch = new Dispatch(table, new Clock(), trace, () => undefined, faults);
  const post = (): Promise<Response> => dispatch.answer(new Request(message, { method: "POST" }), "bot");
  expect((await dispatch.answer(new Request(message), "bot")).status).toBe(202);
  await expect(post()).rejects.toThrow(ConnectionCut);
  expect((await post()).status).toBe(202);
  expect([handled, trace.exchanges().map(({ status }) => status)]).toEqual([3, [202, 202, 202]]);
});

test("latency is what the trace then shows", async () => {
  const faults = new Faults();
  faults.switchOn({ kind: "latency", service: "Microsoft Graph", milliseconds: 30 });
  const trace = new Trace();
  const table = new HostTable([
    { name: "Microsoft Graph", hosts: ["graph.microsoft.com"], handle: () => new Response() },
  ]);
  await new Dispatch(table, new Clock(), trace, () => undefined, faults).answer(new Request(message), "bot");
  expect(trace.exchanges()[0]?.milliseconds).toBeGreaterThanOrEqual(29);
});

test("an Azure with latencies of its own makes each caller wait as long as that call takes", async () => {
  const trace = new Trace();
  const table = new HostTable([
    { name: "Microsoft Graph", hosts: ["graph.microsoft.com"], handle: () => new Response() },
  ]);
  const latency: Latencies = ({ method }, caller) => (method === "POST" && caller === "deployer" ? 60 : 0);
  const dispatch = new Dispatch(table, new Clock(), trace, () => undefined, new Faults(), latency);
  await dispatch.answer(new Request(message, { method: "POST" }), "deployer");
  await dispatch.answer(new Request(message, { method: "POST" }), "bot");
  await dispatch.answer(new Request(message), "deployer");
  const [late, ...others] = trace.exchanges().map(({ milliseconds }) => milliseconds);
  expect(late).toBeGreaterThanOrEqual(59);
  expect(Math.max(...others)).toBeLessThan(50);
});

test("every known fault has a name of its own, and what it does to the chat", () => {
  expect(new Set(knownFaults.map(({ name }) => name)).size).toBe(knownFaults.length);
  for (const { effect, fault } of knownFaults) {
    expect(effect).toMatch(/\.$/);
    expect(() => new Faults().switchOn(fault)).not.toThrow();
  }
});
