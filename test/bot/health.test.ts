import pino from "pino";
import { HealthMonitor, settingsHealth } from "../../bot/health";

const build = { version: "1.2.3", hash: "abc" };

function monitorOf(run: () => Promise<void>): { monitor: HealthMonitor; pass(milliseconds: number): void } {
  let now = 0;
  const probes = [{ name: "state", cure: "Grant the role.", run }];
  const monitor = new HealthMonitor(build, ["Graph"], probes, pino({ level: "silent" }), () => now);
  return { monitor, pass: (milliseconds) => void (now += milliseconds) };
}

test("what fails is named with its cure, never with its error", async () => {
  const { monitor } = monitorOf(() => Promise.reject(new Error("the password is hunter2")));
  expect(await monitor.health()).toEqual({
    status: "unwell",
    build,
    checks: [
      { name: "settings", ok: true },
      { name: "state", ok: false, cure: "Grant the role." },
    ],
    connections: ["Graph"],
  });
});

test("polling does not wear out what is checked, and a cure shows within seconds", async () => {
  let runs = 0;
  let works = false;
  const { monitor, pass } = monitorOf(async () => {
    runs++;
    if (!works) throw new Error("no");
  });
  for (let poll = 0; poll < 20; poll++) expect((await monitor.health()).status).toBe("unwell");
  expect(runs).toBe(1);
  works = true;
  pass(1_001);
  await monitor.health();
  await new Promise(setImmediate);
  expect([(await monitor.health()).status, runs]).toEqual(["well", 2]);
  pass(8_000);
  await monitor.health();
  expect(runs).toBe(2);
});

test("a check that hangs does not hold up the page", async () => {
  jest.useFakeTimers();
  try {
    const { monitor } = monitorOf(() => new Promise(() => undefined));
    const health = monitor.health();
    await jest.advanceTimersByTimeAsync(5_000);
    expect((await health).checks[1]).toEqual({
      name: "state",
      ok: false,
      cure: "The check is still running: ask again in a few seconds.",
    });
  } finally {
    jest.useRealTimers();
  }
});

test("wrong settings are all named, with their cures", () => {
  const faults = [
    { setting: "CHAT_PAGE", problem: "is missing", cure: "Deploy again." },
    { setting: "MicrosoftAppId", problem: "is empty", cure: "Deploy again." },
  ] as const;
  expect(settingsHealth(build, faults)).toEqual({
    status: "unwell",
    build,
    checks: [
      { name: "settings", ok: false, cure: "CHAT_PAGE is missing. Deploy again." },
      { name: "settings", ok: false, cure: "MicrosoftAppId is empty. Deploy again." },
    ],
    connections: [],
  });
});
