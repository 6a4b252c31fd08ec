import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Build, buildFile } from "../contract/app-settings";

/** Reads what was deployed from beside the bundle. Run from its sources the bot has no such file, and says so. */
export function readBuild(folder: string): Build {
  try {
    const { version, hash } = JSON.parse(readFileSync(join(folder, buildFile), "utf8")) as Partial<Build>;
    if (typeof version === "string" && typeof hash === "string") return { version, hash };
  } catch {
    // No file, or not ours: both mean that this is not a deployed package.
  }
  return { version: "not packaged", hash: "" };
}
