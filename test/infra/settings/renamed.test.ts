import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renamedSettings, underPresentNames } from "../../../infra/settings/renamed";
import { settingNames } from "../../../infra/settings/keys";

/** What people may have written since 0.2.0: a name is added here when it is published, and never taken out. */
const published = (
  "environment location residency displayName botAppType botHandle botSku hostingSize secretLifetimeDays secretsRenewed " +
  "secretsRotation adminConsent singleSignOn identity secretless protect purgeProtection vaultRetentionDays owner commit expires " +
  "serviceManagementReference tenant logRetentionDays connections chatPage code existing adopted tags appSettings teams"
).split(" ");

test("a setting that was published is still taken, or was renamed by the rule; a new one is published", () => {
  const taken = [...settingNames, ...Object.keys(renamedSettings)];
  expect(published.filter((name) => !taken.includes(name))).toEqual([]);
  expect(settingNames.filter((name) => !published.includes(name))).toEqual([]);
});

test("an old name goes when its time is over, leads to a setting that there is, and is not given to another", () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as { version: string };
  const number = (text: string): number => text.split(".").reduce((sum, part) => sum * 1_000 + Number(part), 0);
  for (const [old, { now, refusedFrom }] of Object.entries(renamedSettings)) {
    expect([old, number(refusedFrom) > number(version)]).toEqual([old, true]);
    expect([old, settingNames.includes(now), settingNames.includes(old)]).toEqual([old, true, false]);
  }
});

const renamed = { region: { now: "location", refusedFrom: "0.4.0" } };

test("a setting under its old name counts, and the warning types the new one", () => {
  const { config, before, warnings } = underPresentNames(
    { "bot:region": "westeurope", "bot:owner": "me" },
    "bot",
    renamed,
  );
  expect(config).toEqual({ "bot:location": "westeurope", "bot:owner": "me" });
  expect([...before]).toEqual([["bot:location", "bot:region"]]);
  expect(warnings).toEqual([
    "The setting region is called location now. From version 0.4.0 on the old name is refused: pulumi config rm region, then pulumi config set location ...",
  ]);
});

test("where both are said the old one stays, to be refused; another namespace is nobody's", () => {
  const both = { "bot:region": "westeurope", "bot:location": "northeurope" };
  expect(underPresentNames(both, "bot", renamed)).toEqual({ config: both, before: new Map(), warnings: [] });
  const other = { "azure-native:region": "westeurope", "bot:toString": "x" };
  expect(underPresentNames(other, "bot", renamed).config).toEqual(other);
});
