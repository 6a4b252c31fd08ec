import { measured } from "../../../ops/rotate/gap";
import { quietMinute } from "../../../ops/rotate/quiet";
import { StandInAccess } from "../../infra/provider/stand-in-access";

const page = (quietFor?: number): Response =>
  Response.json({ status: "well", build: { version: "1", hash: "a" }, checks: [], connections: [], quietFor });

test("a connection is replaced when nobody has written for a minute", async () => {
  let said = 30;
  const access: StandInAccess = new StandInAccess(() => page((said += 10)));
  expect(await quietMinute(access, ["https://mail/healthz"], 600_000)).toBe("quiet");
  expect(access.requests).toHaveLength(3);
});

test("it is not while somebody writes, however long that is waited for", async () => {
  expect(await quietMinute(new StandInAccess(() => page(3)), ["https://mail/healthz"], 60_000)).toBe("never");
  expect(
    await quietMinute(new StandInAccess(() => new Response("", { status: 502 })), ["https://mail/healthz"], 60_000),
  ).toBe("never");
});

test("of several bots all have to be quiet in the same minute: one deployment replaces the connections of all", async () => {
  // Each is quiet for a while, mail at first and post later; then both are.
  const quietFor: Record<string, readonly number[]> = { mail: [90, 3, 70, 80], post: [3, 90, 30, 90] };
  const looks: Record<string, number> = {};
  const access: StandInAccess = new StandInAccess(({ url: { hostname } }) => {
    const look = (looks[hostname] = (looks[hostname] ?? 0) + 1);
    return page(quietFor[hostname]![look - 1]);
  });
  const both = ["https://mail/healthz", "https://post/healthz"];
  expect(await quietMinute(access, both, 600_000)).toBe("quiet");
  expect(looks).toEqual({ mail: 4, post: 4 });
});

test("a page that does not say when somebody wrote last is no reason to wait", async () => {
  const access = new StandInAccess(() => page());
  expect(await quietMinute(access, ["https://mail/healthz"], 60_000)).toBe("unknown");
  expect(access.requests).toHaveLength(1);
});

test("the seconds in which a connection is away are measured as Azure answers, not as the deployment says", async () => {
  // Every look and the wait after it take 250 ms of this clock: there, 8 looks away, there again.
  let looks = 0;
  let done = (): void => undefined;
  const ended = new Promise<void>((resolve) => (done = resolve));
  const access: StandInAccess = new StandInAccess(() => {
    looks += 1;
    if (looks === 14) done();
    return looks > 3 && looks <= 11 ? new Response("{}", { status: 404 }) : Response.json({ id: "x" });
  });
  const [, gaps] = await measured(access, ["/subscriptions/s/x/connections/Graph"], () => ended);
  expect(gaps).toEqual([{ connection: "Graph", seconds: 2.3 }]);
});

test("what fails meanwhile fails, and the watch ends", async () => {
  const access = new StandInAccess(() => Response.json({}));
  await expect(measured(access, ["/a/connections/Graph"], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
