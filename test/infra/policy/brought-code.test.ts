import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SaidSettings } from "../../../infra/policy/resource";
import { deployWithFullNames, judge, type Judged } from "./judge";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "brought-"));
  await writeFile(join(folder, "package.json"), '{ "main": "index.js" }');
  await writeFile(join(folder, "index.js"), "");
  await writeFile(join(folder, "main.py"), "");
});
afterAll(() => rm(folder, { recursive: true }));

const connections = [{ name: "GraphConnection", scopes: ["openid", "offline_access", "User.Read"], readAs: "graph" }];
const deployed = async (code: object, more: object = {}): Promise<{ made: Judged; said: SaidSettings }> => {
  const said = { code: { folder, ...code }, connections } as unknown as SaidSettings;
  return { made: await deployWithFullNames({ ...said, ...more }), said };
};

test.each<[string, object, object?]>([
  ["the Agents SDK", { sdk: "agents-js" }],
  ["the Bot Framework SDK", { sdk: "botframework-js" }],
  ["the Agents SDK that is a managed identity", { sdk: "agents-js" }, { identity: "managed" }],
  ["Python, without a page", { sdk: "agents-python", start: "python main.py", messages: "/in" }],
])("a bot of %s keeps to every rule, because the stack's file says it", async (_sdk, code, more = {}) => {
  const { made, said } = await deployed(code, more);
  expect(await judge(made, {}, said)).toEqual([]);
});

test("the same without a word in the stack's file is somebody else's code", async () => {
  const { made } = await deployed({ sdk: "agents-js" });
  const found = await judge(made);
  expect(found.join("\n")).toContain("siteConfig.appCommandLine");
  expect(found.join("\n")).toContain("connections__serviceConnection__settings__clientSecret");
});

test("a secret in clear under the SDK's own name is refused", async () => {
  const { made, said } = await deployed({ sdk: "agents-js" });
  const site = made.resources.find(({ type }) => type === "azure-native:web:WebApp")!;
  const settings = (site.inputs["siteConfig"] as { appSettings: { name: string; value: string }[] }).appSettings;
  settings.find(({ name }) => name.endsWith("__clientSecret"))!.value = "in-clear";
  expect((await judge(made, {}, said)).join("\n")).toContain(
    "App setting connections__serviceConnection__settings__clientSecret has another value",
  );
});
