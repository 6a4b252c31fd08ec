import { buildSync } from "esbuild";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { draftOf } from "../../infra/code/whole-file";
import { shellWord } from "../../cli/shell-word";

const root = resolve(__dirname, "../..");

/** Packages whose provider plugins have a stand-in. */
export const standIns = ["azure-native", "azuread", "random"] as const;
export type StandIn = (typeof standIns)[number];

/**
 * Fills a folder with provider plugins for Pulumi's own engine, which finds executables of the name
 * `pulumi-resource-<package>` on PATH before it looks into its own plugin folder.
 * https://www.pulumi.com/docs/iac/concepts/plugins/
 * @param real paths of real plugins that serve instead of their stand-ins
 * @returns what PATH has to begin with: this folder, then the project's own Node
 */
export function makePluginExecutables(folder: string, real: Partial<Record<StandIn, string>> = {}): string {
  mkdirSync(folder, { recursive: true });
  const bundle = bundlePlugins();
  for (const name of standIns) {
    const executable = join(folder, `pulumi-resource-${name}`);
    const realPlugin = real[name];
    if (realPlugin) {
      symlinkSync(realPlugin, executable);
    } else {
      writeFileSync(executable, `#!/bin/sh\nexec ${shellWord(process.execPath)} ${shellWord(bundle)} ${name} "$@"\n`);
      chmodSync(executable, 0o755);
    }
  }
  return [folder, join(root, "node_modules/.bin")].join(delimiter);
}

/**
 * One file for all three, because a plugin is started for each of Pulumi's commands. It lies below node_modules, so that
 * it finds the packages it leaves outside. Written whole and under its hash: somebody else's engine may be starting it.
 */
function bundlePlugins(): string {
  const folder = join(root, "node_modules/.cache/bot-sign-in");
  const {
    outputFiles: [bundle],
  } = buildSync({
    entryPoints: [join(__dirname, "plugin.ts")],
    outdir: folder,
    write: false,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node24",
    format: "cjs",
    logLevel: "silent",
  });
  const text = bundle?.contents ?? new Uint8Array();
  const file = join(folder, `plugin-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.js`);
  mkdirSync(folder, { recursive: true });
  const draft = draftOf(file);
  writeFileSync(draft, text, { flag: "wx" });
  renameSync(draft, file);
  return file;
}
