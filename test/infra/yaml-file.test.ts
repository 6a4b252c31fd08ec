import { readProject } from "../../local/embedded/project";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackSettings } from "../../ops/pulumi/stack-settings";
import { endsOfStacks } from "../../ops/ends/stacks";
import { readShared } from "../../ops/preview/settings-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yaml-file-test-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: bot-sign-in\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each<[reader: string, file: string, read: () => unknown]>([
  ["npm run preflight", "Pulumi.dev.yaml", () => stackSettings(folder, "dev", {})],
  ["npm run ends", "Pulumi.dev.yaml", () => endsOfStacks(folder, ["dev"], new Date())],
  ["npm run preview", "Pulumi.preview.yaml", () => readShared(folder)],
  ["npm start", "Pulumi.dev.yaml", async () => readProject(folder, "dev")],
])("%s names file and line of what is no YAML in %s, and shows none of its text", async (_reader, file, read) => {
  writeFileSync(join(folder, file), "config:\n  bot-sign-in:clientSecret: hunter2: x\n");
  const error = await Promise.resolve()
    .then(read)
    .catch((caught: unknown) => caught);
  expect((error as Error).message).toMatch(
    new RegExp(`^${file} is no YAML: .* at line 2, column \\d+\\W+Correct that line\\.$`),
  );
  expect((error as Error).message).not.toContain("hunter2");
});
