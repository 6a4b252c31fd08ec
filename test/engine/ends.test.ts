import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { usedApiVersions } from "../../infra/deployment/used";
import { now } from "./support/azure-calls";
import { type Stack, Workshop } from "./support/stack";

let workshop: Workshop;
let stack: Stack;
let program: string;
/** The program as it was while azure-native's own classes served: Key Vault in 2024-11-01. */
const before = 'export { Vault as KeyVault, Secret as KeyVaultSecret } from "@pulumi/azure-native/keyvault";\n';

beforeAll(async () => {
  workshop = await Workshop.open();
  program = join(workshop.folder, "project/infra/resources/key-vault.ts");
  await cp(program, join(workshop.folder, "key-vault.ts"));
  // Without a secret that ends: what is moved here is the clock, and nothing else.
  stack = await workshop.stack("dev", { identity: "managed", secretless: true });
  await writeFile(program, before);
  expect(await stack.up()).toMatchObject({ code: 0 });
});
afterAll(() => workshop?.close());

/** Moves the local Azure's clock to the beginning of a day. */
function onThe(day: string): void {
  const { clock } = workshop.azure;
  clock.advance(Date.parse(`${day}T00:00:00Z`) - clock.now().getTime());
}

/** The api-versions by which Key Vault's management was asked, in whichever words and however it answered. */
function versionsSince(since: number): string[] {
  const asked = workshop.azure.trace
    .exchanges(since)
    .map(({ url }) => new URL(url))
    // Not what stands at a vault by another service: roles, settings of its log.
    .filter(({ pathname }) => /\/providers\/Microsoft\.KeyVault\/(?!.*\/providers\/)/i.test(pathname))
    .map(({ searchParams }) => searchParams.get("api-version") ?? "");
  return [...new Set(asked)].sort();
}

test("from 2027-02-27 on Azure refuses the program that asks for Key Vault in an older version", async () => {
  onThe("2027-03-01");
  const run = await stack.refresh();
  expect(run.code).not.toBe(0);
  expect(run.text).toMatch(
    /NoRegisteredProviderFound.*API version '2024-11-01' for type 'vaults(\/secrets)?'.*2026-02-01/,
  );
});

test("a stack of that program is looked through and taken over by this one, which replaces no vault and asks for no old version", async () => {
  await cp(join(workshop.folder, "key-vault.ts"), program);
  const since = now(workshop.azure);
  expect(await stack.drift()).toMatchObject({ code: 0 });
  expect(await stack.up()).toMatchObject({ code: 0, effects: [] });
  expect(versionsSince(since)).toEqual(["2026-02-01"]);
});

test("at 2028-01-01 no command meets anything that has ended, and a stack is made anew", async () => {
  onThe("2028-01-01");
  const since = now(workshop.azure);
  expect(await stack.up()).toMatchObject({ code: 0, plan: [] });
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(await stack.destroy()).toMatchObject({ code: 0 });
  expect(await stack.up()).toMatchObject({ code: 0 });
  expect(versionsSince(since)).toEqual(["2026-02-01"]);
});

test("the calendar knows every api-version by which Azure was asked", () => {
  const asked = workshop.azure.trace
    .exchanges()
    .filter(({ caller, url }) => caller === "deployer" && url.startsWith("https://management.azure.com/"))
    .map(({ url }) => new URL(url))
    .filter(({ searchParams }) => searchParams.get("api-version") !== "2024-11-01")
    .map(({ pathname, searchParams }) => {
      const namespace = [...pathname.matchAll(/\/providers\/([^/]+)/gi)].at(-1)?.[1] ?? "Microsoft.Resources";
      return `${namespace.toLowerCase()} ${searchParams.get("api-version")}`;
    });
  const known = usedApiVersions.map(([namespace, version]) => `${namespace.toLowerCase()} ${version}`);
  expect([...new Set(asked)].filter((one) => !known.includes(one))).toEqual([]);
});
