import { PluginError } from "../error";
import type { ArmRow } from "./arm-row";

/** The modules that are served in another api-version than azure-native's own, as azure-native 3.28.0 names versions. */
const versions: Readonly<Record<string, readonly string[]>> = { keyvault: ["v20260201"] };

/** A package that azure-native makes of itself: one module in one api-version. */
export interface VersionPackage {
  /** `azure-native_keyvault_v20260201` */
  readonly name: string;
  readonly rows: readonly ArmRow[];
}

/**
 * The package that a parameter asks for.
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/provider_parameterize.go
 * @param parameter module and version as JSON in base64, as generated packages send them
 * @throws PluginError `UnknownPackage` in azure-native's words
 */
export function packageOf(rows: readonly ArmRow[], parameter: Uint8Array): VersionPackage {
  const { module, version } = argumentsIn(parameter);
  const available = versions[module];
  if (!available) throw new PluginError("unknown-package", `module ${module} not found.`);
  if (!available.includes(version)) {
    throw new PluginError(
      "unknown-package",
      `no resources found for module ${module} at API version ${version}. Available API versions: ${available.join(", ")}`,
    );
  }
  const name = `azure-native_${module}_${version}`;
  const apiVersion = version.replace(/^v(\d{4})(\d\d)(\d\d)/, "$1-$2-$3").replace(/(\d)([a-z]+)$/, "$1-$2");
  const own = `azure-native:${module}:`;
  return {
    name,
    rows: rows
      .filter(({ token }) => token.startsWith(own))
      .map((row) => ({ ...row, token: `${name}:${module}:${row.token.slice(own.length)}`, apiVersion })),
  };
}

function argumentsIn(parameter: Uint8Array): { module: string; version: string } {
  try {
    const json = Buffer.from(Buffer.from(parameter).toString("latin1"), "base64").toString("utf8");
    const { module, version } = JSON.parse(json) as { module?: unknown; version?: unknown };
    return { module: String(module), version: String(version) };
  } catch (error) {
    throw new PluginError("unknown-package", `failed to deserialize parameterize args: ${String(error)}`);
  }
}
