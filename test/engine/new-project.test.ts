import { cp, mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Stack, Workshop } from "./support/stack";
import { userSignsIn } from "./support/user";

const root = resolve(__dirname, "../..");
let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop?.close());

test("pulumi new makes a project under a name of its own, which comes up, and its users sign in", async () => {
  const template = join(workshop.folder, "template");
  const folder = join(workshop.folder, "mail-bot");
  await mkdir(folder);
  const files = ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "tsconfig.json", "infra", "bot", "contract"];
  for (const file of files) await cp(join(root, file), join(template, file), { recursive: true });
  const own = new Stack(workshop, "dev", folder);
  // Without a stack, for which it would install the packages that are here already.
  await own.mustRun("new", [template, "--name", "mail-bot", "--generate-only", "--yes"]);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await own.mustRun("stack", ["init", "dev"]);

  expect(await own.up()).toMatchObject({ code: 0 });
  const outputs = await own.outputs();
  expect(outputs).toMatchObject({ resourceGroup: expect.stringMatching(/^mail-bot-dev-[0-9a-f]{6}$/) as string });
  expect(await userSignsIn(workshop.azure, outputs)).toMatch(/newest message/);
});
