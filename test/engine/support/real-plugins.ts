import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type StandIn, standIns } from "../../../local/engine/plugin-executables";

/** A provider plugin as Pulumi installs it. */
export interface RealPlugin {
  readonly name: StandIn;
  readonly version: string;
  /** Its executable. */
  readonly path: string;
}

/** The real plugins in Pulumi's own plugin folder for which there are stand-ins, one of each: the last by version. */
export function realPlugins(
  folder = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins"),
): RealPlugin[] {
  const installed = existsSync(folder) ? readdirSync(folder) : [];
  return standIns.flatMap((name) => {
    const prefix = `resource-${name}-v`;
    const versions = installed
      .filter((entry) => entry.startsWith(prefix) && existsSync(join(folder, entry, `pulumi-resource-${name}`)))
      .map((entry) => entry.slice(prefix.length))
      .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
    const version = versions.at(-1);
    return version ? [{ name, version, path: join(folder, prefix + version, `pulumi-resource-${name}`) }] : [];
  });
}
