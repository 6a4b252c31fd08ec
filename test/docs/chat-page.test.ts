import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseSettings, type Settings } from "../../infra/settings/settings";

const root = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The settings of a stack whose file has these lines, too. */
function settingsWith(lines: string): Settings {
  const { config } = parse(read("Pulumi.prod.yaml")) as { config: Record<string, unknown> };
  const all = { ...config, ...(parse(lines) as Record<string, unknown>) };
  return parseSettings({
    project: "bot-sign-in",
    stack: "prod",
    config: Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        `bot-sign-in:${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    isEncrypted: () => false,
    environment: { ARM_TENANT_ID: "99999999-8888-7777-6666-555555555555" },
  });
}

test("the chat page that docs/chat-page.md shows can be deployed as it stands there", () => {
  const blocks = [...read("docs/chat-page.md").matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
  expect(blocks.map((block) => settingsWith(block).chatPage)).toEqual([
    {
      enabled: true,
      access: { signedInTo: "GraphConnection" },
      allowedNetworks: ["203.0.113.0/24", "2001:db8::/32"],
      framedBy: ["https://intranet.contoso.com"],
    },
  ]);
});

test("the chat page that Pulumi.prod.yaml offers is one for people who sign in", () => {
  const [line = ""] = read("Pulumi.prod.yaml").match(/(?<=^# {3})chatPage.*$/m) ?? [];
  expect(settingsWith(line).chatPage).toEqual({
    enabled: true,
    access: { signedInTo: "GraphConnection" },
    allowedNetworks: [],
    framedBy: ["https://intranet.contoso.com"],
  });
});
