import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program that holds one process under a guard and says its group and the guard's folder. */
const program = `
import { spawn } from "node:child_process";
import { Guard } from ${JSON.stringify(join(__dirname, "../../../local/azure/app-service/guard"))};
const guard = new Guard();
const folder = guard.folder;
const start = () => spawn("/bin/sh", ["-c", "sleep 60 & wait"], { detached: true, stdio: "ignore" }).pid!;
const [kept, gone] = [start(), start()];
guard.add(gone);
guard.add(kept);
guard.remove(gone);
setTimeout(() => console.log(JSON.stringify({ folder, kept, gone })), 50);
setInterval(() => undefined, 1000);
`;

test("when the local Azure is killed hard, its apps end and its folder goes; what was released is left alone", async () => {
  const tsx = join(__dirname, "../../../node_modules/tsx/dist/cli.mjs");
  const parent = spawn(process.execPath, [tsx, "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const [line] = await new Promise<string[]>((resolve) =>
    createInterface({ input: parent.stdout }).once("line", (text) => resolve([text])),
  );
  const { folder, kept, gone } = JSON.parse(line!) as { folder: string; kept: number; gone: number };
  try {
    expect([existsSync(folder), alive(kept), alive(gone)]).toEqual([true, true, true]);
    process.kill(-parent.pid!, "SIGKILL");
    for (let tries = 0; tries < 100 && (alive(kept) || existsSync(folder)); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect([existsSync(folder), alive(kept), alive(gone)]).toEqual([false, false, true]);
  } finally {
    process.kill(-gone, "SIGKILL");
  }
});

/** True while the group's leader runs. A killed orphan that nobody reaps still has an entry, but it does not run. */
function alive(group: number): boolean {
  try {
    process.kill(group, 0);
  } catch {
    return false;
  }
  const status = `/proc/${group}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, "utf8"));
}
