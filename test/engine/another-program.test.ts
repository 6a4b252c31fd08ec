import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findCli } from "./support/cli";
import { everythingIn, Portal } from "./support/portal";
import { Workshop } from "./support/stack";

// As docs/another-program.md tells it: a program in a folder of its own, which got the component by `pulumi package add`.

jest.setTimeout(900_000);

let workshop: Workshop;
let folder: string;
let before: string[];

const program = `
import * as pulumi from "@pulumi/pulumi";
import { BotSignIn } from "pulumi-bot-sign-in";

const mail = new BotSignIn("mail", {
  environment: "dev",
  location: "westeurope",
  tenantId: process.env.ARM_TENANT_ID!,
  connections: [{ name: "Graph", provider: "entra", scopes: ["openid", "User.Read", "Mail.Read", "Mail.Send"], skill: "mail" }],
  existing: { resourceGroup: "shared" },
  tags: { costCenter: "42" },
});
export const chatAddress: pulumi.Output<string> = mail.chatAddress;
export const resourceGroup = mail.resourceGroup;
`;

function cli(args: string[], environment: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  const child = spawn(findCli()!, [...args, "--non-interactive", "--color=never"], { cwd: folder, env: environment });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((done) => child.once("close", (code) => done({ code: code ?? -1, text })));
}

const inAzure = (...args: string[]): Promise<{ code: number; text: string }> =>
  cli([...args, "--stack", "dev"], { HOME: workshop.folder, ...workshop.environment });
const ours = (): string[] => everythingIn(workshop.azure).filter((id) => !before.includes(id));

beforeAll(async () => {
  workshop = await Workshop.open();
  folder = join(workshop.folder, "another");
  await mkdir(folder);
  const { subscriptionId } = workshop.azure.tenant;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/shared`;
  await new Portal(workshop.azure).arm("PUT", group, { location: "westeurope", tags: { owner: "somebody" } });
  before = everythingIn(workshop.azure);
  await writeFile(join(folder, "Pulumi.yaml"), "name: another\nruntime: nodejs\n");
  const dependencies = { "@pulumi/pulumi": "3.259.0" };
  const devDependencies = { typescript: "5.9.3", "@types/node": "24.19.2" };
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "another", dependencies, devDependencies }));
  await writeFile(join(folder, "index.ts"), program);
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        moduleResolution: "nodenext",
        strict: true,
        skipLibCheck: true,
      },
    }),
  );
  // npm has to reach its registry: nothing of the local Azure's proxy.
  const pulumi = Object.entries(workshop.environment).filter(([name]) => /^(PATH|PULUMI_)/.test(name));
  const environment = { ...process.env, ...Object.fromEntries(pulumi), npm_config_prefer_offline: "true" };
  const added = await cli(["package", "add", join(workshop.folder, "project/infra/provider")], environment);
  if (added.code !== 0) throw new Error(added.text);
});
afterAll(() => workshop?.close());

test("the package is added by one command, which writes it into the program's own project", async () => {
  expect(await readFile(join(folder, "Pulumi.yaml"), "utf8")).toMatch(/packages:\n\s+bot-sign-in: .*infra\/provider/);
});

test("the program comes up in the group that it was handed, and makes no other", async () => {
  await cli(["stack", "init", "dev"], { HOME: workshop.folder, ...workshop.environment });
  const up = await inAzure("up", "--yes", "--skip-preview");
  if (up.code !== 0) throw new Error(up.text);
  const groups = new Set(ours().flatMap((id) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? []));
  expect([...groups]).toEqual(["shared"]);
  expect(ours().some((id) => /\/sites\/another-mail-dev-[a-z0-9]{8}$/.test(id))).toBe(true);
});

test("up again changes nothing, and neither code nor a secret in clear is in the state", async () => {
  const again = await inAzure("up", "--yes", "--skip-preview", "--expect-no-changes");
  if (again.code !== 0) throw new Error(again.text);
  const { text } = await inAzure("stack", "export");
  expect(text).toContain("bot-sign-in:index:DirectLineSite");
  expect(text).not.toContain("__provider");
});

test("it goes down and leaves the group, with its tags, as it was", async () => {
  const { subscriptionId } = workshop.azure.tenant;
  const destroy = await inAzure("destroy", "--yes", "--skip-preview");
  if (destroy.code !== 0) throw new Error(destroy.text);
  expect(ours()).toEqual([]);
  expect(before.filter((id) => !everythingIn(workshop.azure).includes(id))).toEqual([]);
  const group = await new Portal(workshop.azure).arm("GET", `/subscriptions/${subscriptionId}/resourceGroups/shared`);
  expect(group).toMatchObject({ tags: { owner: "somebody" } });
});
