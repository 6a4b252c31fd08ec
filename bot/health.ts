import type { Build, Health, HealthCheck } from "../contract/app-settings";
import { inTurn } from "./deadline";
import type { Log } from "./log";
import type { SettingFault } from "./settings";

/** Something the bot needs to do its work. `run` throws where it is missing. */
export interface Probe {
  readonly name: string;
  /** What to do where it is missing; may follow from what `run` threw, but tells nothing of its words. */
  readonly fix: string | ((error: unknown) => string);
  run(): Promise<void>;
}

/** Milliseconds that results stay fresh: App Service asks once a minute, a deployment many times, until all is well. */
const freshFor = { well: 8_000, unwell: 1_000 };
/** Milliseconds that the first answer waits for the first results. */
const timeout = 5_000;
/**
 * Milliseconds for which a check that never passed is no error: a deployment brings the code before the bot is registered and
 * before its secrets are in the vault.
 */
const settling = 120_000;

/**
 * What the health page says. The checks run in the background, so that the page answers at once; only the first answer
 * waits for them a little.
 */
export class HealthMonitor {
  private results: HealthCheck[] = [];
  private checkedAt = -Infinity;
  private running?: Promise<void>;
  /** Checks that have passed since the start. */
  private readonly passed = new Set<string>();
  /** Checks that fail: since when, and whether the log calls it an error. */
  private readonly failing = new Map<string, { readonly since: number; told: boolean }>();

  constructor(
    private readonly build: Build,
    private readonly connections: readonly string[],
    private readonly probes: readonly Probe[],
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async health(): Promise<Health> {
    const age = this.now() - this.checkedAt;
    if (age > (this.results.every(({ ok }) => ok) ? freshFor.well : freshFor.unwell)) this.refresh();
    if (this.checkedAt === -Infinity && this.running) await Promise.race([this.running, sleep(timeout)]);
    const checks: HealthCheck[] = [{ name: "settings", ok: true }, ...this.known()];
    const status = checks.every(({ ok }) => ok) ? "well" : "unwell";
    return { status, build: this.build, checks, connections: this.connections };
  }

  private known(): HealthCheck[] {
    if (this.results.length > 0) return this.results;
    return this.probes.map(({ name }) => ({
      name,
      ok: false,
      fix: "The check is still running: ask again in a few seconds.",
    }));
  }

  private refresh(): void {
    this.running ??= Promise.all(this.probes.map((probe) => this.check(probe)))
      .then((results) => {
        this.results = results;
        this.checkedAt = this.now();
      })
      .finally(() => {
        this.running = undefined;
      });
  }

  private async check({ name, fix, run }: Probe): Promise<HealthCheck> {
    try {
      // Of a check that never ends the page would tell what was found before it, and run no other.
      await inTurn(run);
      if (this.failing.delete(name)) this.log.info({ check: name }, "health check passes now");
      this.passed.add(name);
      return { name, ok: true };
    } catch (error) {
      const todo = typeof fix === "string" ? fix : fix(error);
      this.failed(name, todo, error);
      return { name, ok: false, fix: todo };
    }
  }

  /** Tells the log once that a check fails: at first as something to come, and as an error when it does not come. */
  private failed(check: string, fix: string, error: unknown): void {
    const known = this.failing.get(check);
    const { since, told } = known ?? { since: this.now(), told: false };
    const isError = this.passed.has(check) || this.now() - since >= settling;
    if (isError && !told) this.log.error({ err: error, check, fix }, "health check failed");
    if (!isError && !known) this.log.info({ check, because: reasonOf(error) }, "health check does not pass yet");
    this.failing.set(check, { since, told: told || isError });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The health of a bot whose settings are wrong: it does nothing else than say so. */
export function settingsHealth(build: Build, faults: readonly SettingFault[]): Health {
  const checks = faults.map(({ setting, problem, fix }) => ({
    name: "settings",
    ok: false,
    fix: `${setting} ${problem}. ${fix}`,
  }));
  return { status: "unwell", build, checks, connections: [] };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
