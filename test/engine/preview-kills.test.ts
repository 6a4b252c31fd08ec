import { readdir } from "node:fs/promises";
import type { Exchange } from "../../local/azure/trace";
import type { Receipt } from "../../ops/preview/receipt";
import { findLeftovers } from "../../ops/recover/leftover-processes";
import { isWrite, now } from "./support/azure-calls";
import { everythingIn, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";

jest.setTimeout(1_500_000);

/** Two, so that two previews are killed side by side and neither finds the other's processes. */
let shops: Shop[];
beforeAll(async () => {
  shops = await Promise.all([Shop.open(), Shop.open()]);
});
afterAll(() => Promise.all((shops ?? []).map(({ workshop }) => workshop.close())));

/** What was written, by its kind: `PUT Microsoft.KeyVault/vaults/secrets`, `PATCH /applications/* displayName`. */
function kindOf({ method, url, requestBody }: Exchange): string {
  const { hostname, pathname } = new URL(url);
  const [, below] = /.*\/providers\/(.+)$/i.exec(pathname) ?? [];
  if (below !== undefined) {
    const [namespace, ...segments] = below.split("/");
    return `${method} ${[namespace, ...segments.filter((_segment, at) => at % 2 === 0)].join("/")}`;
  }
  if (/^\/subscriptions\//.test(pathname)) return `${method} resource group`;
  const path = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*");
  const fields = method === "PATCH" ? Object.keys(JSON.parse(requestBody ?? "{}") as object).join(" ") : "";
  return [method, hostname.includes(".scm.") ? "code" : path.replace("/v1.0", ""), fields].filter(Boolean).join(" ");
}

class Shop {
  private constructor(
    readonly workshop: Workshop,
    readonly previews: Previews,
    private readonly empty: readonly string[],
  ) {}

  static async open(): Promise<Shop> {
    const workshop = await Workshop.open();
    return new Shop(workshop, await Previews.in(workshop), everythingIn(workshop.azure));
  }

  /** Runs a command and kills it, with all that it started, the moment Azure has done something of which `here` is true. */
  async killed(args: readonly string[], here: (exchange: Exchange) => boolean): Promise<boolean> {
    const { child, said } = this.previews.start(args);
    let killed = false;
    const end = this.workshop.azure.trace.subscribe((exchange) => {
      if (killed || exchange.status >= 300 || !here(exchange)) return;
      killed = true;
      process.kill(-child.pid!, "SIGKILL");
    });
    const { code, err } = await said;
    end();
    if (!killed && code !== 0) throw new Error(`preview ${args.join(" ")} ended with ${code}\n${err}`);
    return killed;
  }

  /** Takes a preview down, and says what was wrong then, asking everybody but our own code. */
  async wrongAfterDown(number: number): Promise<string[]> {
    const { code, out, err } = await this.previews.run("down", String(number), "--json");
    const { azure } = this.workshop;
    const { sites: _sites, accounts: _accounts, ...bins } = await softDeleted(azure);
    const { text } = await new Stack(this.workshop, "any").mustRun("stack", ["ls", "--json"]);
    return [
      ...(code === 0 ? [] : [`down ended with ${code}: ${out}${err}`]),
      ...(code === 0 ? (JSON.parse(out) as Receipt).left.map(({ what }) => `on the receipt: ${what}`) : []),
      ...everythingIn(azure).filter((id) => !this.empty.includes(id)),
      ...Object.entries(bins).flatMap(([bin, names]) => names.map((name) => `in the bin of ${bin}: ${name}`)),
      ...(JSON.parse(text) as { name: string }[]).map(({ name }) => `stack ${name}`),
      ...(await readdir(this.previews.folder)).filter((file) => /^Pulumi\.pr-/.test(file)),
      ...(await findLeftovers(this.previews.folder)).map(({ name }) => `process ${name}`),
    ];
  }
}

test("after an up that was killed at any kind of write, down leaves nothing", async () => {
  const [first] = shops as [Shop, Shop];
  const { azure } = first.workshop;
  const since = now(azure);
  await first.previews.json("up", "1000");
  const kinds = [...new Set(azure.trace.exchanges(since).filter(isWrite).map(kindOf))];
  expect(kinds.length).toBeGreaterThan(20);
  const wrong: string[] = [];
  const note = (at: string, found: readonly string[]): void => {
    if (found.length > 0) wrong.push(`${at}: ${found.join("; ")}`);
  };
  note("a whole one", await first.wrongAfterDown(1000));

  const open = kinds.entries();
  await Promise.all(
    shops.map(async (shop) => {
      for (const [at, kind] of open) {
        const killed = await shop.killed(
          ["up", String(at + 1)],
          (exchange) => isWrite(exchange) && kindOf(exchange) === kind,
        );
        note(kind, [...(killed ? [] : ["it was not killed"]), ...(await shop.wrongAfterDown(at + 1))]);
      }
    }),
  );
  expect(wrong).toEqual([]);
});

test("a down that is killed after any of its writes goes on the next time, and nothing is left", async () => {
  const [shop] = shops as [Shop, Shop];
  await shop.previews.json("up", "7");
  const at: string[] = [];
  const deletes = ({ method, url, caller }: Exchange): boolean =>
    /^(deployer|Microsoft Graph)$/.test(caller) && (method === "DELETE" || url.includes("/purge?"));
  // What was deleted once is not deleted again, so each run comes one write further.
  const unseen = (exchange: Exchange): boolean => {
    const write = `${kindOf(exchange)} ${exchange.url}`;
    if (!deletes(exchange) || at.includes(write)) return false;
    at.push(write);
    return true;
  };
  while (await shop.killed(["down", "7"], unseen));
  expect(at.map((write) => write.split(" ").slice(0, -1).join(" "))).toEqual(
    expect.arrayContaining([
      "DELETE Microsoft.OperationalInsights/workspaces",
      ...["DELETE /applications/*", "DELETE resource group"],
      // The bins are emptied all at once, so that one of these is not met again.
      expect.stringMatching(/deletedVaults\/purge$|deletedItems\/\*$/),
    ]),
  );
  expect(at.length).toBeGreaterThan(4);
  expect(await shop.wrongAfterDown(7)).toEqual([]);
});
