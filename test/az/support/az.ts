import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The version that the tests were written with, and that `--install` brings. */
export const azVersion = "2.91.0";

/** Where `npm run test:az -- --install` puts it: a Python environment of its own, beside what the project can get again. */
const own = resolve(__dirname, "../../../node_modules/.cache/bot-sign-in/az");

/** The folder with az that is used: PATH's, or our own; undefined where there is none. */
export function findAz(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(own, "bin")];
  return folders.find((folder) => folder !== "" && existsSync(join(folder, "az")));
}

/** Brings az by pip into a folder of its own; a few minutes and 700 MB. Throws where Python or the package cannot be had. */
export function installAz(): void {
  const run = (command: string, args: string[]): void => {
    const { status, error } = spawnSync(command, args, { stdio: "inherit" });
    if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")} ended with ${status}`);
  };
  run("python3", ["-m", "venv", own]);
  run(join(own, "bin", "pip"), ["install", "--quiet", `azure-cli==${azVersion}`]);
}
