import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rows } from "../../local/plugins/azure-native/table";
import { ends } from "../../infra/facts/ends";
import { endsAhead, endsOf, endText } from "../../infra/deployment/ends-ahead";
import { usedApiVersions, usedBy } from "../../infra/deployment/used";
import { endsOfStacks, table } from "../../ops/ends/stacks";
import { endsOfStack } from "../../ops/preflight/ends";
import { apiVersionsOf } from "../../local/azure/arm/api-versions";

const root = join(__dirname, "../..");
const own = usedBy(undefined, "managed");
const on = (day: string): Date => new Date(`${day}T12:00:00Z`);

test("every row has a day, what breaks, what to do and where it is announced", () => {
  for (const { what, at, breaks, fix, source } of ends) {
    expect([what, at]).toEqual([what, expect.stringMatching(/^20\d\d-\d\d-\d\d$/)]);
    expect([what, Number.isNaN(Date.parse(at))]).toEqual([what, false]);
    for (const text of [breaks, fix]) expect(text).toMatch(/^[A-Z].{20,}\.$/);
    expect(source).toMatch(/^https:\/\//);
  }
});

test("nothing that the program uses has ended on 2028-01-01, nor ends within 90 days of it", () => {
  expect(endsAhead(own, on("2028-01-01"))).toEqual([]);
  expect(endsOf(own, on("2028-01-01")).map(({ what }) => what)).toEqual(["Node.js 24 on App Service"]);
});

test.each([
  ["the day before the notice begins", "2028-01-31", 0],
  ["the first day of the notice", "2028-02-01", 1],
  ["long after the end", "2029-01-01", 1],
])("%s: %s", (_when, day, count) => {
  expect(endsAhead(own, on(day))).toHaveLength(count);
});

const runtimeOf = (runtime: string) => ({ ...own, runtime });

test.each([
  ["NODE|22-lts", ["Node.js 22 on App Service"]],
  ["NODE|24-lts", ["Node.js 24 on App Service"]],
  ["DOTNETCORE|8.0", [".NET 8 on App Service"]],
  ["DOTNETCORE|10.0", [".NET 10 on App Service"]],
  ["PYTHON|3.1", []],
  ["PYTHON|3.12", ["Python 3.12 on App Service"]],
])("a bot that is brought for %s is told of its runtime's end, and of no other's", (runtime, met) => {
  expect(endsOf(runtimeOf(runtime), on("2026-11-29")).map(({ what }) => what)).toEqual(met);
});

test("who still asks in an older version, with an older SDK, TLS or type of registration is met", () => {
  const older = {
    apiVersions: [["Microsoft.KeyVault", "2024-11-01"]] as const,
    runtime: "PYTHON|3.14",
    sdk: "botframework",
    botType: "MultiTenant",
    tls: "1.0",
  };
  expect(endsOf(older, on("2026-11-29")).map(({ what }) => what)).toEqual([
    "New registrations of the type MultiTenant",
    "TLS 1.0 and 1.1 at Azure's services",
    "The Bot Framework SDK",
    "TLS 1.0 and 1.1 at Azure Storage",
    "Key Vault's management in api-versions before 2026-02-01",
  ]);
});

test("the warning says what, when, what breaks and what to do", () => {
  const [end] = endsAhead({ ...own, apiVersions: [["Microsoft.KeyVault", "2024-11-01"]] }, on("2027-02-01"));
  expect(endText(end!)).toBe(
    "Key Vault's management in api-versions before 2026-02-01: over on 2027-02-27, in 25 days. " +
      "Azure refuses every read, write and deletion of vaults and their secrets in such a version. " +
      "Ask in 2026-02-01 or newer; azure-native has it as a package of its own (infra/resources/key-vault.ts). " +
      "(https://learn.microsoft.com/azure/key-vault/general/migrate-api-version)",
  );
});

describe("preflight", () => {
  const net = { code: { folder: "bot", sdk: "agents-net", runtime: "DOTNETCORE|8.0" }, identity: "secret" } as const;

  test("says what comes next where nothing is near", () => {
    expect(endsOfStack({ identity: "secret" }, on("2026-11-29"))).toEqual([
      {
        what: "Calendar: nothing that the stack uses ends within 90 days",
        state: "held",
        because: "the next: Node.js 24 on App Service, 2028-05-01",
      },
    ]);
  });

  test("warns of a runtime that is over, and lets the deployment go on: it still deploys", () => {
    expect(endsOfStack(net, on("2026-11-29"))).toEqual([
      expect.objectContaining({
        what: "Calendar: .NET 8 on App Service is over since 2026-11-11",
        state: "unsure",
        because: "passed",
        fix: expect.stringContaining("DOTNETCORE|10.0") as string,
      }),
    ]);
  });
});

describe("the api-versions that the calendar knows of are those that are asked for", () => {
  const versions = new Set(usedApiVersions.map(([, version]) => version));

  test("by azure-native, as its own classes say, but for Key Vault's package", () => {
    const used = rows.flatMap(({ token, path, apiVersion }) => {
      const [, module = "", name = ""] = token.split(":");
      const namespace = [...path.matchAll(/\/providers\/([^/]+)/g)].at(-1)?.[1] ?? "Microsoft.Resources";
      const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
      const text = readFileSync(join(root, "node_modules/@pulumi/azure-native", module, file), "utf8");
      expect([token, /Uses Azure REST API version ([\w-]+)\./.exec(text)?.[1]]).toEqual([token, apiVersion]);
      // Networks are of the examples alone.
      return ["keyvault", "network", "privatedns"].includes(module) ? [] : [`${namespace} ${apiVersion}`];
    });
    expect(usedApiVersions.map(([namespace, version]) => `${namespace} ${version}`)).toEqual(
      expect.arrayContaining([...new Set(used)]),
    );
  });

  test("by the program's own code and the commands", () => {
    const sources = ["infra/azure", "infra/code", "infra/provider", "ops"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(root, folder, file), "utf8")),
    );
    // A constant or a member that is called a version, and what stands in an address.
    const written = /(?:[vV]ersion\w*(?: =|:) "|api-version=)(20\d\d-\d\d-\d\d(?:-preview)?)/g;
    const found = sources.flatMap((text) => [...text.matchAll(written)].map(([, version]) => version!));
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((version) => !versions.has(version))).toEqual([]);
  });

  test("and Azure has each of them", () => {
    for (const [namespace, version] of usedApiVersions) {
      const parts = { "Microsoft.Authorization": ["/roleAssignments", "/locks", "/policyAssignments"] }[namespace] ?? [
        "",
      ];
      const published = parts.flatMap((part) => apiVersionsOf(`${namespace}${part}`));
      expect([namespace, published]).toEqual([namespace, expect.arrayContaining([version])]);
    }
  });
});

describe("npm run ends", () => {
  test("tells of this project's own stacks what comes next, and of none that it is near", async () => {
    const found = await endsOfStacks(root, ["dev", "prod"], on("2026-11-29"));
    expect(table(found, 90)).toBe(
      "2028-05-01   518 days  Node.js 24 on App Service (dev, prod)\nNothing ends within 90 days.",
    );
  });

  test("tells of what is near what breaks, what to do and where it is announced", async () => {
    const [line, breaks, fix, source, end] = table(await endsOfStacks(root, ["prod"], on("2028-04-01")), 90).split(
      "\n",
    );
    expect(line).toBe("2028-05-01    29 days  Node.js 24 on App Service (prod)");
    expect([breaks, fix, source].every((text) => /^ {4}\S/.test(text!))).toBe(true);
    expect(end).toBe("One ends within 90 days, or has ended.");
  });

  test.each(["config:", "config:\n  bot-sign-in:code:"])(
    "a file that says %j and nothing of it is read as one without",
    async (text) => {
      const folder = mkdtempSync(join(tmpdir(), "ends-"));
      try {
        writeFileSync(join(folder, "Pulumi.yaml"), "name: bot-sign-in\n");
        writeFileSync(join(folder, "Pulumi.dev.yaml"), `${text}\n`);
        const found = await endsOfStacks(folder, ["dev"], on("2026-11-29"));
        expect(found).toEqual(await endsOfStacks(root, ["dev"], on("2026-11-29")));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  test("a stack without a file is refused by its name", async () => {
    await expect(endsOfStacks(root, ["nope"], on("2026-11-29"))).rejects.toThrow("There is no file Pulumi.nope.yaml");
  });
});
