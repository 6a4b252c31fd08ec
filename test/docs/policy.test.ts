import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { policies } from "../../infra/policy/policies";
import { types } from "../../infra/policy/types";
import type { Recording } from "../support/recorder";
import { environmentConfig } from "../infra/program";
import { changed, deployWithFullNames, judge, withAnother } from "../infra/policy/judge";

const path = join(__dirname, "../../docs/policy.md");
const text = readFileSync(path, "utf8");
const config = JSON.parse(/^```\n(\{[\s\S]*?\n\})\n```$/m.exec(text)![1]!) as Record<string, object>;

let prod: Recording;
beforeAll(async () => {
  prod = await deployWithFullNames({}, { stack: "prod", config: environmentConfig("prod") });
});

test("the table says every rule, in the pack's own words", () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, name, promise]) => [name, promise]);
  expect(rows).toEqual(policies(() => new Date()).map(({ name, description }) => [name, description]));
});

const binding = "azure-native:web:WebAppHostNameBinding";
const inputs = (): object => ({ resourceGroupName: prod.one(types.group).inputs["resourceGroupName"] });

test.each([
  ["a host name", () => withAnother(prod, binding, "chat-domain", inputs())],
  ["a debugger", () => changed(prod, { type: types.webApp, inputs: { "siteConfig.remoteDebuggingEnabled": true } })],
  [
    "an app setting",
    () => {
      const { siteConfig } = prod.one(types.webApp).inputs as { siteConfig: { appSettings: object[] } };
      const appSettings = [...siteConfig.appSettings, { name: "LOG_LEVEL", value: "debug" }];
      return changed(prod, { type: types.webApp, inputs: { "siteConfig.appSettings": appSettings } });
    },
  ],
  [
    "a longer life of secrets",
    () => changed(prod, { type: types.applicationPassword, name: "bot", inputs: { endDate: "2027-10-01T00:00:00Z" } }),
  ],
])("the file that it shows lets %s pass, which is refused without it", async (_what, make) => {
  expect(await judge(make())).not.toEqual([]);
  expect(await judge(make(), config)).toEqual([]);
});

test("the file that it shows lets no second host name pass", async () => {
  expect(await judge(withAnother(prod, binding, "another-domain", inputs()), config)).toHaveLength(1);
});

test("every link leads somewhere", () => {
  const links = [...text.matchAll(/\]\(([^)#][^)]*)\)/g)].map(([, link]) => link!);
  for (const link of links) expect([link, existsSync(resolve(dirname(path), link))]).toEqual([link, true]);
});
