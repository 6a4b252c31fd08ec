import { readdir } from "node:fs/promises";
import type { LocalAzure } from "../../local/azure/azure";
import type { Exchange } from "../../local/azure/exchange";
import type { Receipt } from "../../ops/preview/receipt";
import { findLeftovers } from "../../ops/pulumi/processes";
import { isWrite, now } from "./support/azure-calls";
import { everythingIn, softDeleted } from "./support/portal";
import { Previews } from "./support/previews";
import { Stack, Workshop } from "./support/stack";

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

/** Names what one command writes: its kind, and the how many-th of it this is, whichever that may be. */
function numbering(): (exchange: Exchange) => string {
  const times = new Map<string, number>();
  return (exchange) => {
    const kind = kindOf(exchange);
    const time = (times.get(kind) ?? 0) + 1;
    times.set(kind, time);
    return time > 1 ? `${kind}, time ${time}` : kind;
  };
}

/** What `down` writes: a batch's parts are asked for by Graph itself. */
function isDeletion({ method, url, caller }: Exchange): boolean {
  return /^(deployer|Microsoft Graph)$/.test(caller) && (method === "DELETE" || url.includes("/purge?"));
}

/** The names of what a command wrote since then, in order. */
function namesSince({ trace }: LocalAzure, since: number, counts: (exchange: Exchange) => boolean): string[] {
  return trace
    .exchanges(since)
    .filter((exchange) => exchange.status < 300 && counts(exchange))
    .map(numbering());
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

  /** Runs a command and kills it the moment Azure has done the write of this name. */
  killed(args: readonly string[], counts: (exchange: Exchange) => boolean, write: string): Promise<boolean> {
    const nameOf = numbering();
    return this.previews.killed(
      args,
      (exchange) => exchange.status < 300 && counts(exchange) && nameOf(exchange) === write,
    );
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

/** Numbers that no test used yet. */
let number = 0;
/** What a whole life of a preview writes. */
let [upWrites, downWrites]: string[][] = [];

beforeAll(async () => {
  const [shop] = shops as [Shop, Shop];
  const { azure } = shop.workshop;
  const before = now(azure);
  await shop.previews.json("up", String(++number));
  upWrites = namesSince(azure, before, isWrite);
  const between = now(azure);
  expect(await shop.wrongAfterDown(number)).toEqual([]);
  downWrites = namesSince(azure, between, isDeletion);
});

/** Lets both shops share these writes, and gives what was wrong, by write. */
async function wrongAt(
  writes: readonly string[],
  kill: (shop: Shop, number: number, write: string) => Promise<boolean>,
): Promise<string[]> {
  const open = writes.values();
  const wrong: string[] = [];
  await Promise.all(
    shops.map(async (shop) => {
      for (const write of open) {
        const own = ++number;
        const killed = await kill(shop, own, write);
        const found = [...(killed ? [] : ["it was not killed"]), ...(await shop.wrongAfterDown(own))];
        if (found.length > 0) wrong.push(`${write}: ${found.join("; ")}`);
      }
    }),
  );
  return wrong;
}

test("after an up that was killed after any of its writes, down leaves nothing", async () => {
  expect(upWrites!.length).toBeGreaterThan(35);
  expect(await wrongAt(upWrites!, (shop, own, write) => shop.killed(["up", String(own)], isWrite, write))).toEqual([]);
});

test("a down that was killed after any of its writes goes on the next time, and nothing is left", async () => {
  expect(downWrites).toEqual(
    expect.arrayContaining([
      "DELETE Microsoft.OperationalInsights/workspaces",
      "DELETE /applications/*",
      "DELETE /applications/*, time 2",
      "DELETE resource group",
      "POST Microsoft.KeyVault/locations/deletedVaults/purge",
      "DELETE /directory/deletedItems/*, time 2",
    ]),
  );
  expect(
    await wrongAt(downWrites!, async (shop, own, write) => {
      await shop.previews.json("up", String(own));
      return shop.killed(["down", String(own)], isDeletion, write);
    }),
  ).toEqual([]);
});
