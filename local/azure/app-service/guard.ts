import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Reads `+ <group>` and `- <group>` until its input ends, which is when the local Azure has gone, however it went.
 * Then it ends the process groups that are left and removes the folder.
 */
const watch = `
groups=" "
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
rm -rf -- "$1"
`;

/**
 * Keeps App Service's promise that nothing is left behind: it owns the private folder of all content and knows every
 * running process group. A kill that cannot be caught ends this process without a word, so a small shell holds the
 * other end of a pipe and cleans up when the pipe closes.
 */
export class Guard {
  #folder?: string;
  #watcher?: ChildProcess;
  #closed = false;

  /** Private folder for content; made at first use. Throws an `Error` after {@link close}. */
  get folder(): string {
    this.#folder ??= this.#begin();
    return this.#folder;
  }

  add(group: number): void {
    this.#tell(`+ ${group}\n`);
  }

  remove(group: number): void {
    this.#tell(`- ${group}\n`);
  }

  /** Removes the folder. Every process must have been removed before. */
  async close(): Promise<void> {
    this.#closed = true;
    const watcher = this.#watcher;
    if (watcher?.stdin?.writable) {
      const exited = new Promise<void>((resolve) => watcher.once("exit", () => resolve()));
      watcher.stdin.end();
      await exited;
    }
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
    this.#watcher = this.#folder = undefined;
  }

  #begin(): string {
    if (this.#closed) throw new Error("App Service is closed.");
    const folder = mkdtempSync(join(tmpdir(), "app-service-"));
    if (process.platform === "win32") {
      process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
      return folder;
    }
    // Detached: Ctrl-C reaches the whole foreground group, and the watcher must outlive it.
    this.#watcher = spawn("/bin/sh", ["-c", watch, "app-service-guard", folder], {
      detached: true,
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#watcher.on("error", () => undefined);
    this.#watcher.stdin?.on("error", () => undefined);
    this.#watcher.unref();
    (this.#watcher.stdin as unknown as { unref?(): void } | null)?.unref?.();
    return folder;
  }

  #tell(line: string): void {
    if (this.#watcher?.stdin?.writable) this.#watcher.stdin.write(line);
  }
}
