import { functions as armFunctions } from "./azure-native/functions";
import type { ArmRow } from "./azure-native/arm-row";
import { armResource } from "./azure-native/resource";
import { packageOf } from "./azure-native/package";
import { rows as armRows } from "./azure-native/table";
import * as azuread from "./azuread/table";
import { createPlugin, type Plugin, type PluginDefinition } from "./plugin";
import { rows as randomRows } from "./random/table";
import type { Session } from "./session";

/** azure-native itself, and what it is as a package of one module in one api-version. */
function azureNative(name: string, rows: readonly ArmRow[]): PluginDefinition {
  return {
    name,
    version: "3.28.0",
    rows: rows.map(armResource),
    functions: armFunctions(rows),
    table: "local/plugins/azure-native/table.ts",
    stable: ["name", "location"],
  };
}

/**
 * The stand-ins for Pulumi's provider plugins, by package. They do with HTTP what the real ones do, for the resource
 * types in their tables and for nothing else.
 */
export function createPlugins(session: Session): Readonly<Record<string, Plugin>> {
  return {
    "azure-native": createPlugin(
      {
        ...azureNative("azure-native", armRows),
        parameterized(parameter) {
          const { name, rows } = packageOf(armRows, parameter);
          return azureNative(name, rows);
        },
      },
      session,
    ),
    azuread: createPlugin(
      {
        name: "azuread",
        version: "6.9.1",
        rows: azuread.rows,
        functions: azuread.functions,
        table: "local/plugins/azuread/table.ts",
        stable: "all",
      },
      session,
    ),
    random: createPlugin(
      {
        name: "random",
        version: "4.21.2",
        rows: randomRows,
        functions: [],
        table: "local/plugins/random/table.ts",
        stable: "all",
      },
      session,
    ),
  };
}
