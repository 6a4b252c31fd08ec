import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentDefaults, environments } from "../../infra/settings/environment";
import { policies } from "../../infra/policy/policies";
import { root } from "../support/deployed";

const path = join(root, "docs/runbook.md");
const text = readFileSync(path, "utf8");
const commands = [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, block]) => block!).join("\n");

test("every npm command of the runbook exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const used = [...commands.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
  expect(used).toEqual(expect.arrayContaining(["preflight", "drift"]));
  for (const name of used) expect(Object.keys(scripts)).toContain(name);
});

test("the table of environments is the program's own", () => {
  const row = (name: keyof (typeof environmentDefaults)["dev"]): string[] =>
    environments.map((environment) => String(environmentDefaults[environment][name]));
  for (const name of ["protect", "logRetentionDays", "secretLifetimeDays", "singleSignOn"] as const) {
    expect(text).toContain(`| \`${name}\` | ${row(name).join(" | ")} |`);
  }
  const pairs = (one: string[], other: string[]): string =>
    one.map((value, at) => `${value}, ${other[at]}`).join(" | ");
  expect(text).toContain(`| \`botSku\`, \`hostingSize\` | ${pairs(row("botSku"), row("hostingSize"))} |`);
  expect(text).toContain(
    `| \`purgeProtection\`, \`vaultRetentionDays\` | ${pairs(row("purgeProtection"), row("vaultRetentionDays"))} |`,
  );
});

test("the policy pack's setting is spelt as the pack spells it", () => {
  const [name, values] = Object.entries(
    JSON.parse(/^\{ "secrets-end.*\}$/m.exec(commands)![0]) as Record<string, object>,
  )[0]!;
  const { configSchema } = policies(() => new Date()).find((policy) => policy.name === name)!;
  expect(Object.keys(configSchema!.properties)).toEqual(expect.arrayContaining(Object.keys(values)));
});
