import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PulumiStack } from "../../../ops/pulumi/pulumi-stack";

const root = resolve(__dirname, "../../..");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "interrupted-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A pulumi that ends in good order a while after it was interrupted, and says on its way what it does. */
const pulumi = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const note = (text) => appendFileSync(${JSON.stringify("NOTES")}, text + "\\n");
process.on("SIGINT", () => {
  note("interrupted");
  setTimeout(() => {
    process.stdout.write("let go of the lock\\n", () => note("ended well"));
    process.stderr.write("error: update canceled\\n");
    process.exitCode = 255;
    clearInterval(alive);
  }, 300);
});
const alive = setInterval(() => undefined, 1_000);
note("started");
`;

test.each(["SIGINT", "SIGTERM"] as const)(
  "where a command gets %s, pulumi lets go of its lock before the command ends",
  async (signal) => {
    const notes = join(folder, "notes");
    await writeFile(join(folder, "pulumi"), pulumi.replace("NOTES", notes));
    await chmod(join(folder, "pulumi"), 0o755);
    const work = join(folder, "work.ts");
    const stack = JSON.stringify(join(root, "ops/pulumi/pulumi-stack.ts"));
    await writeFile(
      work,
      `import { PulumiStack } from ${stack};\nnew PulumiStack("dev").refresh().catch((error: Error) => console.error(error.message));\n`,
    );
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const child = spawn(process.execPath, [tsx, work], {
      env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((done) => child.once("close", done));
    const told = (): Promise<string> => readFile(notes, "utf8").catch(() => "");
    while (!(await told()).includes("started")) await new Promise((wake) => setTimeout(wake, 50));
    child.kill(signal);
    await ended;
    expect(await told()).toBe("started\ninterrupted\nended well\n");
    expect(said).toBe(
      "pulumi refresh --yes --skip-preview of dev failed: update canceled. Correct that, then run it again.\n",
    );
  },
);

test("a pulumi that is ended before it says anything is told by what ended it", async () => {
  await writeFile(join(folder, "pulumi"), "#!/bin/sh\nkill -9 $$\n");
  await chmod(join(folder, "pulumi"), 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
  await expect(new PulumiStack("dev", { env }).refresh()).rejects.toThrow(
    "pulumi refresh --yes --skip-preview of dev failed: it was ended by SIGKILL. Correct that, then run it again.",
  );
});
