import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "../../contract/app-settings";
import { findLeftovers } from "../../ops/pulumi/processes";
import { killedRotate, operate, recover } from "./support/killing";
import { orphans } from "./support/orphans";
import { everythingIn } from "./support/portal";
import { type Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";
import { WriteNames } from "./support/write-names";

let workshop: Workshop;
let stack: Stack;
let before: Set<string>;

beforeAll(async () => {
  workshop = await Workshop.open();
  before = new Set(everythingIn(workshop.azure));
  stack = await workshop.stack("dev");
  expect(await stack.up()).toMatchObject({ code: 0 });
});
afterAll(() => workshop?.close());

const options = ["--yes", "--quiet", "0"];

/** The writes of a rotation that nobody disturbs. */
async function writesOf(): Promise<string[]> {
  const names = new WriteNames();
  const since = workshop.azure.trace.exchanges().at(-1)?.number;
  const { code, text } = await operate(workshop, stack, "rotate", ["dev", ...options]);
  expect([text, code]).toEqual([expect.stringContaining("is done."), 0]);
  return workshop.azure.trace.exchanges(since).flatMap((exchange) => names.nameOf(exchange) ?? []);
}

/** The rotations of the secrets in use, and of the passwords how many each application has. */
async function secrets(): Promise<{ rotations: number[]; passwords: number[] }> {
  const { text } = await operate(workshop, stack, "secrets", ["dev", "--json"]);
  const { secrets: all } = JSON.parse(text) as { secrets: { rotation: number; state: string }[] };
  const { clientId } = workshop.azure.tenant.deployer;
  const applications = [...workshop.azure.entra.applications.values()].filter(({ appId }) => appId !== clientId);
  return {
    rotations: [...new Set(all.flatMap(({ rotation, state }) => (state === "in use" ? [rotation] : [])))],
    passwords: applications.map(({ passwordCredentials }) => passwordCredentials.length),
  };
}

/** What the bot's own page says: well, or what is not. A process that has just started says so once its first checks are done. */
async function looks(): Promise<string> {
  const { chatAddress } = await stack.outputs();
  let said = "";
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(200)) {
    const page = await workshop.azure.call("stranger", new URL("healthz", String(chatAddress)).href);
    const { status, checks } = (await page.json()) as Health;
    if (status === "well") return status;
    said = checks.flatMap(({ name, ok, fix }) => (ok ? [] : [`${name}: ${fix}`])).join("; ");
  }
  return said;
}

test("a rotation that was killed after any of its writes goes on: the bot is well after each, and nothing is left behind", async () => {
  // Both places, so that each has its writes.
  const open = new Set([...(await writesOf()), ...(await writesOf())]);
  const wanted = [...open].sort();
  expect(wanted.length).toBeGreaterThan(10);
  const killedAt: string[] = [];
  const wrong: string[] = [];
  let done = 2;
  for (let rounds = 0; open.size > 0 && rounds < 2;) {
    const names = new WriteNames();
    const [killed, { code, text }] = await killedRotate(workshop, stack, options, (exchange) => {
      const name = names.nameOf(exchange);
      if (name === undefined || !open.delete(name)) return false;
      killedAt.push(name);
      return true;
    });
    if (killed) {
      const ended = await recover(workshop, stack, ["dev", "--yes"]);
      const found = [
        ...(await orphans(workshop.azure, [stack], before)),
        ...(await findLeftovers(stack.project)).map((left) => left.name),
      ];
      const health = await looks();
      if (ended.code !== 0 || found.length > 0 || health !== "well") {
        wrong.push(`${killedAt.at(-1)}: ${ended.code} ${health} ${found.join(" ")}\n${ended.text}`);
      }
      continue;
    }
    // What the first of two rotations in the same place has not met, the next may.
    rounds = killedAt.length > 0 ? rounds + 1 : rounds;
    done += 1;
    if (code !== 0) wrong.push(`rotation ${done}: ${code} ${text}`);
    const seen = await secrets();
    if (JSON.stringify(seen) !== JSON.stringify({ rotations: [done], passwords: [2, 2] })) {
      wrong.push(`rotation ${done}: ${JSON.stringify(seen)}`);
    }
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0, plan: [] });
    if (done > 30) break;
  }
  expect(wrong).toEqual([]);
  // What azuread or Azure does a second time only where the first was not killed does not come again.
  expect(killedAt.sort()).toEqual(wanted.filter((name) => !open.has(name)));
  expect([...open].filter((name) => !/time \d+$/.test(name))).toEqual([]);
  expect(await userSignsIn(workshop.azure, await stack.outputs())).toMatch(/newest message/);
});
