import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ModuleKind, transpileModule } from "typescript";
import { parse } from "yaml";
import { environments } from "../../infra/settings/environment";
import { residencies } from "../../infra/facts/residency";
import * as component from "../../infra/bot-sign-in";
import { createProvider } from "../../infra/provider/provider";
import { tenantId } from "../support/azure-answers";
import { madeBy } from "../support/bot-sign-in";

// Bundling the bot has tests of its own.
jest.mock("../../infra/code/package", () => ({
  packageBot: () => Promise.resolve({ hash: "a".repeat(64), zipPath: "/tmp/bot.zip" }),
}));

/** What `pulumi package add` calls the package that it makes. */
const { language } = JSON.parse(createProvider().schema) as { language: { nodejs: { packageName: string } } };
const sdk = language.nodejs.packageName;
const root = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const readme = read("README.md");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "local/README.md",
  ...readdirSync(join(root, "docs")).flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
];
const { license, scripts } = JSON.parse(read("package.json")) as { license: string; scripts: Record<string, string> };

test.each(documents)("every link of %s leads to a file and a heading that are there", (file) => {
  for (const [, target] of read(file)
    .replace(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(target!)) continue;
    const [path = "", heading] = target!.split("#");
    const full = path ? resolve(root, dirname(file), path) : join(root, file);
    expect([target, existsSync(full)]).toEqual([target, true]);
    if (heading) expect([target, headings(relative(root, full))]).toEqual([target, expect.arrayContaining([heading])]);
  }
});

/** Headings as GitHub addresses them. */
function headings(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test.each(["README.md", "CONTRIBUTING.md", "docs/commands.md", "docs/deploy.md"])(
  "every npm command of %s exists",
  (file) => {
    const used = [...read(file).matchAll(/npm (?:run )?(start|test|[a-z]+(?:\:[a-z]+)?)(?= --|`|$)/gm)].map(
      ([, name]) => name!,
    );
    expect(used.length).toBeGreaterThan(0);
    for (const name of used.filter((one) => one !== "ci")) expect(Object.keys(scripts)).toContain(name);
  },
);

test("whoever makes a first change finds each place that CONTRIBUTING.md names", () => {
  const places = [...read("CONTRIBUTING.md").matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)].map(([, place]) => place!);
  expect(places.length).toBeGreaterThan(15);
  expect(places.filter((place) => !existsSync(join(root, place)))).toEqual([]);
});

test("the list of commands leaves out none that a person runs", () => {
  const tools = ["postinstall", "typecheck", "lint", "format", "docs"];
  for (const name of Object.keys(scripts).filter((one) => !tools.includes(one))) {
    expect(read("docs/commands.md")).toMatch(new RegExp(`\\| \`npm (run )?${name}\\b`));
  }
});

describe("the five settings of a first deployment", () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, name, says, example]) => ({
    name,
    says,
    example,
  }));
  const dev = (parse(read("Pulumi.dev.yaml")) as { config: Record<string, unknown> }).config;
  const { template } = parse(read("Pulumi.yaml")) as { template: { config: Record<string, { default: string }> } };

  test("are those of Pulumi.dev.yaml, with its values", () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(dev));
    expect(rows).toHaveLength(5);
    for (const { name, example } of rows.slice(0, 4)) expect(example).toBe(`\`${String(dev[name!])}\``);
  });

  test("are what pulumi new asks for, but the connections, which the stack's file brings", () => {
    const asked = Object.entries(template.config).map(([name, { default: value }]) => [name, value]);
    expect(Object.fromEntries(asked)).toEqual(
      Object.fromEntries(Object.entries(dev).filter(([name]) => name !== "connections")),
    );
  });

  test("name every value that they take", () => {
    const said = (name: string): string => rows.find((row) => row.name === name)!.says!;
    for (const one of environments.filter((environment) => environment !== "preview"))
      expect(said("environment")).toContain(`\`${one}\``);
    for (const one of residencies) expect(said("residency")).toContain(`\`${one}\``);
  });
});

test("the program of one's own that the first page shows makes a bot with its sign-in", async () => {
  const [, text] = /^```ts\n([\s\S]*?)^```$/m.exec(readme)!;
  const { outputText } = transpileModule(text!, { compilerOptions: { module: ModuleKind.CommonJS } });
  const load = (name: string): unknown => (name === sdk ? component : undefined);
  const before = process.env.ARM_TENANT_ID;
  process.env.ARM_TENANT_ID = tenantId;
  const warn = jest.spyOn(console, "warn").mockReturnValue();
  const made = await madeBy(() => new Function("require", "exports", outputText)(load, {}) as unknown);
  warn.mockRestore();
  if (before === undefined) delete process.env.ARM_TENANT_ID;
  else process.env.ARM_TENANT_ID = before;
  const names = made.map(({ type, name }) => `${type.split(/[:/]/).at(-1)} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining(["Bot mail-bot", "WebApp mail-host", "BotConnection mail-connections-Graph"]),
  );
});

test("the command that brings the component names the provider's folder, and the import the package that it makes", () => {
  const [, folder] = /^pulumi package add <this checkout>\/(\S+)$/m.exec(readme)!;
  expect(existsSync(join(root, folder!, "PulumiPlugin.yaml"))).toBe(true);
  expect(readme).toContain(`from "${sdk}"`);
});

test("the licence is the one that package.json names", () => {
  expect(license).toBe("MIT");
  expect(read("LICENSE")).toMatch(/^MIT License\n\nCopyright \(c\) \d{4} The bot-sign-in authors\n/);
});

test("the first page stays one: what is longer stands in docs/", () => {
  expect(readme.split("\n").length).toBeLessThan(130);
});

test("every document is in the list of documents, once", () => {
  const links = [...read("docs/README.md").matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file!);
  const files = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && file !== "README.md");
  expect(links.sort()).toEqual(files.sort());
});
