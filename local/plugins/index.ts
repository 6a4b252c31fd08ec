import { functions as armFunctions } from "./azure-native/functions";
import { armResource } from "./azure-native/resource";
import { rows as armRows } from "./azure-native/table";
import * as azuread from "./azuread/table";
import { createPlugin, type Plugin } from "./plugin";
import { rows as randomRows } from "./random/table";
import type { Session } from "./session";

/**
 * The stand-ins for Pulumi's provider plugins, by package. They do with HTTP what the real ones do, for the resource
 * types in their tables and for nothing else.
 */
export function createPlugins(session: Session): Readonly<Record<string, Plugin>> {
  return {
    "azure-native": createPlugin(
      {
        name: "azure-native",
        version: "3.28.0",
        rows: armRows.map(armResource),
        functions: armFunctions(armRows),
        table: "local/plugins/azure-native/table.ts",
        stable: ["name", "location"],
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
