import { HealthMonitor, settingsHealth } from "../../bot/health";
import { createLog } from "../../bot/log";
import { turnTime } from "../../contract/turn";

const build = { version: "1.2.3", hash: "abc" };

interface Monitored {
  readonly monitor: HealthMonitor;
  /** What the log holds: level and message. */
  readonly log: string[];
  pass(milliseconds: number): void;
}

function monitorOf(run: () => Promise<void>): Monitored {
  let now = 0;
  const log: string[] = [];
  const write = (line: string): void => {
    const { level, msg, err, because } = JSON.parse(line) as Record<string, unknown>;
    log.push([level, msg, because ?? (err as { message?: string })?.message].filter(Boolean).join(": "));
  };
  const probes = [{ name: "state", fix: "Grant the role.", run }];
  const monitor = new HealthMonitor(build, ["Graph"], probes, createLog({ write }), () => now);
  return { monitor, log, pass: (milliseconds) => void (now += milliseconds) };
}

test("what fails is named with its fix, never with its error", async () => {
  const { monitor } = monitorOf(() => Promise.reject(new Error("the password is hunter2")));
  expect(await monitor.health()).toEqual({
    status: "unwell",
    build,
    checks: [
      { name: "settings", ok: true },
      { name: "state", ok: false, fix: "Grant the role." },
    ],
    connections: ["Graph"],
  });
});

test("polling does not wear out what is checked, and a fix shows within seconds", async () => {
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

/** Asks anew, and waits for what is found. */
async function look({ monitor, pass }: Monitored, milliseconds: number): Promise<void> {
  pass(milliseconds);
  await monitor.health();
  await new Promise(setImmediate);
}

test("what a deployment has still to bring is no error in the log, and told once", async () => {
  let works = false;
  const monitored = monitorOf(() => (works ? Promise.resolve() : Promise.reject(new Error("no bot is registered"))));
  await look(monitored, 0);
  await look(monitored, 5_000);
  works = true;
  await look(monitored, 5_000);
  expect(monitored.log).toEqual([
    "info: health check does not pass yet: no bot is registered",
    "info: health check passes now",
  ]);
});

test("what does not come is an error after two minutes, and what stops passing is one at once", async () => {
  let works = false;
  const monitored = monitorOf(() => (works ? Promise.resolve() : Promise.reject(new Error("no role"))));
  for (let asked = 0; asked < 4; asked++) await look(monitored, 60_000);
  expect(monitored.log).toEqual([
    "info: health check does not pass yet: no role",
    "error: health check failed: no role",
  ]);
  works = true;
  await look(monitored, 60_000);
  works = false;
  await look(monitored, 60_000);
  await look(monitored, 60_000);
  expect(monitored.log.slice(2)).toEqual(["info: health check passes now", "error: health check failed: no role"]);
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
      fix: "The check is still running: ask again in a few seconds.",
    });
  } finally {
    jest.useRealTimers();
  }
});

test("a check that passed and hangs now fails in the time of a turn, and is run again", async () => {
  jest.useFakeTimers();
  try {
    let service: Promise<void> = Promise.resolve();
    const { monitor, pass } = monitorOf(() => service);
    const later = async (milliseconds: number): Promise<string> => {
      pass(milliseconds);
      await monitor.health();
      await jest.advanceTimersByTimeAsync(turnTime);
      return (await monitor.health()).status;
    };
    expect(await later(0)).toBe("well");
    service = new Promise(() => undefined);
    expect(await later(60_000)).toBe("unwell");
    service = Promise.resolve();
    expect(await later(60_000)).toBe("well");
  } finally {
    jest.useRealTimers();
  }
});

test("wrong settings are all named, with their fixes", () => {
  const faults = [
    { setting: "CHAT_PAGE", problem: "is missing", fix: "Deploy again." },
    { setting: "MicrosoftAppId", problem: "is empty", fix: "Deploy again." },
  ] as const;
  expect(settingsHealth(build, faults)).toEqual({
    status: "unwell",
    build,
    checks: [
      { name: "settings", ok: false, fix: "CHAT_PAGE is missing. Deploy again." },
      { name: "settings", ok: false, fix: "MicrosoftAppId is empty. Deploy again." },
    ],
    connections: [],
  });
});
