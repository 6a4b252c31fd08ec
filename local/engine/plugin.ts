/**
 * What a plugin executable runs: `<node> plugin.js <package>`. Prints its port, then serves the package's stand-in to
 * Pulumi's engine over gRPC until the engine ends it.
 */
import { createPlugins } from "../plugins";
import { createSession } from "../plugins/session";
import { serve } from "./server";

const packageName = process.argv[2] ?? "";
const plugin = createPlugins(
  // Standard output belongs to the protocol: its first line is the port.
  createSession({ environment: process.env, warn: (message) => process.stderr.write(`${message}\n`) }),
)[packageName];

if (plugin) {
  void serve(plugin).then((port) => process.stdout.write(`${port}\n`));
} else {
  process.stderr.write(`There is no stand-in for the plugin "${packageName}".\n`);
  process.exitCode = 1;
}
