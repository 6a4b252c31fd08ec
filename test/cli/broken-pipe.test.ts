import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "broken-pipe-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a command whose reader has enough goes on to its end: nothing of what it does is left by half", async () => {
  const work = join(folder, "work.ts");
  await writeFile(
    work,
    `import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { runIfMain } from ${JSON.stringify(join(root, "cli/run.ts"))};
const command = { typed: "x", takes: "", describes: "x", options: {}, examples: [], ends: { done: "done" } };
runIfMain(module, command, async (_asked, { say }) => {
  for (let line = 0; line < 5; line += 1) {
    say("line");
    await wait(50);
  }
  writeFileSync(${JSON.stringify(join(folder, "ended"))}, "well");
  return "done";
});
`,
  );
  const child = spawn(process.execPath, ["--import", "tsx", work], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const [code] = (await once(child, "close")) as [number];
  expect([code, said]).toEqual([0, ""]);
  expect(await readFile(join(folder, "ended"), "utf8")).toBe("well");
});
