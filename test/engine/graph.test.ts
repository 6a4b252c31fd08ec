import { creationOf } from "../../ops/graph/creation";
import { type AzureCall, latencyOf } from "../../ops/graph/latencies";
import type { State } from "../../ops/pulumi/state";
import { type Stack, Workshop } from "./support/stack";

let workshop: Workshop;
let stack: Stack;
let calls: AzureCall[];

beforeAll(async () => {
  workshop = await Workshop.open();
  stack = await workshop.stack("dev");
  expect(await stack.up()).toMatchObject({ code: 0 });
  calls = workshop.azure.trace.exchanges().filter(({ caller }) => caller === "deployer");
});
afterAll(() => workshop?.close());

/** How often each row of the latencies is met. */
function tally(met: readonly AzureCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of met) {
    const row = latencyOf(call);
    const name = `${call.method} ${row?.host} ${row?.path ?? ""}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
/** Names are asked for with POST, all at once, and nothing is written. */
const isWrite = ({ method, url }: AzureCall): boolean =>
  method !== "GET" && !url.includes("/oauth2/") && !/\/checkNameAvailability$/i.test(new URL(url).pathname);

test("the graph counts every write that an up makes, no more and no less, or its critical path would be another", async () => {
  const { text } = await stack.mustRun("stack", ["export", "--stack", "dev"]);
  const counted = ((JSON.parse(text) as State).deployment.resources ?? []).flatMap(
    (resource) => creationOf(resource).calls,
  );
  expect(tally(counted.filter(isWrite))).toEqual(tally(calls.filter(isWrite)));
  // How often a deployment's status and the app's health are asked depends on this machine: some seconds in all.
  const reading = (all: readonly AzureCall[]): number =>
    all.filter((call) => call.method === "GET").reduce((sum, call) => sum + (latencyOf(call)?.milliseconds ?? 0), 0);
  expect(Math.abs(reading(counted) - reading(calls))).toBeLessThan(5_000);
});

test("npm run graph draws the deployed stack, from its resource group to its code", async () => {
  const { code, text } = await stack.graph();
  expect(code).toBe(0);
  const [summary = "", form, ...lines] = text.trimEnd().split("\n");
  expect(summary).toMatch(
    /^%% Critical path of dev: \d+\.\d s = Preconditions bot-sign-in-preconditions .* -> ResourceGroup bot-sign-in-group 3\.0 s -> .* -> DeployedCode bot-sign-in-code .* -> BotHealth bot-sign-in-health /,
  );
  expect(form).toBe("flowchart LR");
  // Everything that Mermaid is given is a box, an arrow between two boxes, or the one style.
  const boxes = new Set(lines.flatMap((line) => /^ {2}(n\d+)\["[^"\]]+"\](:::critical)?$/.exec(line)?.[1] ?? []));
  const arrows = lines.flatMap((line) => /^ {2}(n\d+) (?:-->|==>) (n\d+)$/.exec(line)?.slice(1) ?? []);
  expect(arrows.filter((end) => !boxes.has(end))).toEqual([]);
  expect(lines).toHaveLength(boxes.size + arrows.length / 2 + 1);
  expect(lines.filter((line) => line.includes("==>"))).toHaveLength(summary.split(" -> ").length - 1);
});

test("npm run graph says in one sentence that there is no such stack", async () => {
  const { code, text } = await stack.graph("nowhere");
  expect(code).toBe(1);
  expect(text).toBe("There is no stack nowhere in this state: pulumi stack ls shows those that there are\n");
});
