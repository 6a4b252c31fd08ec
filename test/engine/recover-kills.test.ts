import type { LocalAzure } from "../../local/azure/azure";
import { findLeftovers } from "../../ops/pulumi/processes";
import { isWrite } from "./support/azure-calls";
import { killedUp, recover } from "./support/killing";
import { goesOn, lasting } from "./support/operations";
import { orphans } from "./support/orphans";
import { everythingIn } from "./support/portal";
import { type Stack, Workshop } from "./support/stack";
import { WriteNames } from "./support/write-names";

/** All that the program can make. */
const settings = { environment: "dev", singleSignOn: true, adminConsent: true };
/** What an operation lasts during which `up` is killed, in milliseconds of the local Azure's clock. */
const operationLasts = 60_000;

/** Two, so that two stacks are killed and recovered side by side and neither finds the other's processes. */
let here: Workshop;
let there: Workshop;
let before: Set<string>;

beforeAll(async () => {
  here = await Workshop.open();
  there = await Workshop.open();
  before = new Set([here, there].flatMap(({ azure }) => everythingIn(azure)));
});
afterAll(() => Promise.all([here?.close(), there?.close()]));

/** A write of `up`, by the name it has for every stack. */
interface Write {
  readonly name: string;
  /** Azure goes on working after its answer. */
  readonly goesOn: boolean;
}

/** The writes of an `up` that nobody disturbs. */
async function writesOf(stack: Stack, azure: LocalAzure): Promise<Write[]> {
  const names = new WriteNames();
  const since = azure.trace.exchanges().at(-1)?.number;
  expect(await stack.up("--parallel=1")).toMatchObject({ code: 0 });
  return azure.trace.exchanges(since).flatMap((exchange) => {
    const name = names.nameOf(exchange);
    return name === undefined ? [] : [{ name, goesOn: goesOn(exchange) }];
  });
}

/** One stack in whose life `up` is killed again and again. */
class KilledStack {
  readonly killedAt: string[] = [];
  /** Writes at which Azure was still working when `up` was killed, and went on until `recover` had seen it. */
  readonly underWay: string[] = [];
  readonly wrong: string[] = [];
  readonly #quick = new Map<string, () => void>();
  readonly #names = new WriteNames();

  private constructor(
    private readonly workshop: Workshop,
    readonly stack: Stack,
    private readonly others: readonly Stack[],
    private readonly open: Set<string>,
  ) {}

  /** Deploys a stack; kills `up` after each of these writes, recovers it, and lets the next `up` go on. */
  static async live(
    workshop: Workshop,
    name: string,
    writes: readonly Write[],
    others: readonly Stack[] = [],
  ): Promise<KilledStack> {
    const stack = await workshop.stack(name, settings);
    const life = new KilledStack(workshop, stack, others, new Set(writes.map((write) => write.name)));
    for (const write of writes) if (write.goesOn) life.#slow(write.name);
    while (await life.#killed()) await life.#recovered();
    const orphaned = await orphans(workshop.azure, [stack, ...others], before);
    const { code, plan } = await stack.preview("--expect-no-changes");
    if (orphaned.length > 0 || code !== 0) life.wrong.push(`at the end: ${[...orphaned, ...plan].join(" ")}`);
    return life;
  }

  /** What ARM makes by an operation lasts until somebody moves the clock; a push of code lasts as long as the bot's start. */
  #slow(write: string): void {
    const type = /\/providers\/([\w.]+\/\w+)\/\*$/.exec(write)?.[1];
    if (type) this.#quick.set(write, lasting(this.workshop.azure, type, operationLasts));
  }

  async #killed(): Promise<boolean> {
    this.#names.restart();
    return killedUp(this.workshop, this.stack, (exchange) => {
      const name = this.#names.nameOf(exchange);
      if (name === undefined || !this.open.delete(name)) return false;
      this.killedAt.push(name);
      this.#quick.get(name)?.();
      return true;
    });
  }

  async #recovered(): Promise<void> {
    const at = this.killedAt.at(-1)!;
    const { azure } = this.workshop;
    const awaited = this.#quick.has(at) ? endOnceAwaited(azure) : undefined;
    if (/\/api\/publish/.test(at) && pushUnderWay(azure)) this.underWay.push(at);
    const { code, text } = await recover(this.workshop, this.stack, [this.stack.name, "--yes"]);
    if (awaited?.()) this.underWay.push(at);
    const found = [
      ...(await orphans(azure, [this.stack, ...this.others], before)),
      ...(await findLeftovers(this.stack.project)).map((left) => left.name),
    ];
    if (code !== 0 || found.length > 0) this.wrong.push(`${at}: ${code} ${found.join(" ")}\n${text}`);
  }
}

/**
 * Watches whoever recovers: two looks before its plan and two while it waits for the unfinished resource, then the
 * operation's time passes. Gives whether that came about: who does not wait never meets it so often.
 */
function endOnceAwaited(azure: LocalAzure): () => boolean {
  let met = 0;
  const end = azure.trace.subscribe((exchange) => {
    if (exchange.caller !== "deployer" || isWrite(exchange) || !goesOn(exchange)) return;
    met += 1;
    if (met === 4) azure.clock.advance(operationLasts);
  });
  return () => {
    end();
    return met >= 4;
  };
}

function pushUnderWay({ resources }: LocalAzure): boolean {
  const status = resources.list("Microsoft.Web/sites/deploymentStatus").at(-1)?.properties["status"];
  return status !== undefined && !/^Runtime(Successful|Failed)$|Failed$/.test(String(status));
}

test("after an up that was killed after any of its writes, recover and up converge with nothing left behind", async () => {
  const whole = await here.stack("whole", settings);
  const writes = await writesOf(whole, here.azure);
  const shared = writes.map((write, at) => ({ write, first: at % 2 === 0 }));
  const lives = await Promise.all([
    KilledStack.live(
      here,
      "odd",
      shared.flatMap(({ write, first }) => (first ? [write] : [])),
      [whole],
    ),
    KilledStack.live(
      there,
      "even",
      shared.flatMap(({ write, first }) => (first ? [] : [write])),
    ),
  ]);
  // The second of two writes that make one resource does not come where the first was the last one before a kill.
  const killed = new Set(lives.flatMap(({ killedAt }) => killedAt));
  const left = writes.filter(({ name }) => !killed.has(name));
  if (left.length > 0) lives.push(await KilledStack.live(here, "last", left, [whole, lives[0]!.stack]));

  expect(lives.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(lives.flatMap(({ killedAt }) => killedAt).sort()).toEqual(writes.map(({ name }) => name).sort());
  expect(lives.flatMap(({ underWay }) => underWay).sort()).toEqual(
    writes.flatMap((write) => (write.goesOn ? [write.name] : [])).sort(),
  );
  expect(
    writes
      .filter((write) => write.goesOn)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([
    "POST /api/publish",
    "PUT /resourceGroups/*/providers/Microsoft.KeyVault/vaults/*",
    "PUT /resourceGroups/*/providers/Microsoft.OperationalInsights/workspaces/*",
    "PUT /resourceGroups/*/providers/Microsoft.Storage/storageAccounts/*",
  ]);
  // The one beside which others were killed and recovered.
  expect(await whole.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
});
