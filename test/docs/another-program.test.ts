import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { existingKinds } from "../../infra/deployment/existing";
import { parseSettings } from "../../infra/settings/settings";

const text = readFileSync(join(__dirname, "../../docs/another-program.md"), "utf8");

test("the table names everything that can be handed in", () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual([...existingKinds]);
});

test("the lines of a stack's file that it shows are settings that are right", () => {
  const [, block] = /^```yaml\n([\s\S]*?)^```$/m.exec(text)!;
  const { config } = parse(block!) as { config: Record<string, unknown> };
  const connections = [
    { name: "Graph", provider: "entra", scopes: ["openid", "User.Read", "Mail.Read", "Mail.Send"], skill: "mail" },
  ];
  const all: Record<string, unknown> = { location: "westeurope", connections, ...config };
  const settings = parseSettings({
    project: "mail",
    stack: "dev",
    isEncrypted: () => false,
    config: Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        `mail:${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    environment: { ARM_TENANT_ID: "72f988bf-86f1-41af-91ab-2d7cd011db47" },
  });
  expect(settings).toMatchObject(config);
});
