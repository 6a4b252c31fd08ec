/**
 * What a plugin executable runs: `<node> plugin.js <package> <address of the engine>`. Prints its port, then serves the
 * package's stand-in to Pulumi's engine over gRPC until the engine ends it.
 */
import { main } from "@pulumi/pulumi/provider";
import { createPlugins } from "../plugins";
import { createSession } from "../plugins/session";

const [, , packageName = "", ...engine] = process.argv;
const plugin = createPlugins(
  // Standard output belongs to the protocol: its first line is the port.
  createSession({ environment: process.env, warn: (message) => process.stderr.write(`${message}\n`) }),
)[packageName];

if (plugin) {
  void main(plugin, engine);
} else {
  process.stderr.write(`There is no stand-in for the plugin "${packageName}".\n`);
  process.exitCode = 1;
}
