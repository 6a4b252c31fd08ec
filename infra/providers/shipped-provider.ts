import type * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import { readdirSync } from "node:fs";
import * as path from "node:path";

type Provider = pulumi.dynamic.ResourceProvider;

/**
 * A dynamic provider whose code travels with the stack.
 *
 * Pulumi writes a dynamic provider's functions, with all they capture, as text into the stack's state and runs that text
 * later in a plain Node process. Functions written in the usual way do not survive that well: what they capture has to be
 * found by Pulumi's closure serialiser, which follows imports, classes and module variables with mixed success and would
 * carry any secret it meets into the state in clear. So a provider here captures exactly one thing, a string: its own
 * module and what that imports from this project, bundled by esbuild. Packages stay outside and are loaded from the
 * project's node_modules when a method runs. The string is made from source files alone, so it cannot hold a secret, and
 * a resource of an older deployment is still deleted by the code that made it.
 *
 * @param file name of a module in this folder that exports the provider's methods (`check`, `diff`, `create`, ...)
 */
export function shippedProvider(file: string): Provider {
  let provider = providers.get(file);
  if (!provider) providers.set(file, (provider = providerOf(file)));
  return provider;
}

/** Pulumi serialises each provider object once, however many resources share it. */
const providers = new Map<string, Provider>();

function providerOf(file: string): Provider {
  // An object, because the serialiser writes an object once and repeats a string in each function.
  const code = { source: bundled(file) };
  return {
    check: async (olds, news) => methodsOf(code.source).check!(olds, news),
    diff: async (id, olds, news) => methodsOf(code.source).diff!(id, olds, news),
    create: async (inputs) => methodsOf(code.source).create(inputs),
    read: async (id, props) => methodsOf(code.source).read!(id, props),
    update: async (id, olds, news) => methodsOf(code.source).update!(id, olds, news),
    delete: async (id, props) => methodsOf(code.source).delete!(id, props),
  };
}

/** Every provider of this folder has the whole lifecycle, so that no engine meets a missing method. */
export type WholeProvider<Inputs, Outputs> = Required<
  Omit<pulumi.dynamic.ResourceProvider<Inputs, Outputs>, "configure">
>;

// Runs in the plugin's process as well: it may use nothing but its argument and what every CommonJS module has.
function methodsOf(source: string): Provider {
  const module: { exports: { provider?: Provider } } = { exports: {} };
  new Function("module", "exports", "require", source)(module, module.exports, require);
  return module.exports.provider!;
}

let sources: ReadonlyMap<string, string> | undefined;

/** The text of a provider's module. All of them are bundled at once, because each start of esbuild costs as much as all. */
function bundled(file: string): string {
  sources ??= bundleAll(readdirSync(__dirname).filter((name) => name.endsWith(".provider.ts")));
  const source = sources.get(file);
  if (source === undefined) throw new Error(`There is no provider ${file} in ${__dirname}.`);
  return source;
}

function bundleAll(files: readonly string[]): ReadonlyMap<string, string> {
  const { outputFiles } = buildSync({
    entryPoints: files.map((file) => path.join(__dirname, file)),
    absWorkingDir: __dirname,
    outdir: __dirname,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    minify: true,
    logLevel: "silent",
  });
  return new Map(
    outputFiles.map(({ path: output, text }) => {
      const name = path.basename(output, ".js");
      // Stack traces of the plugin then name the module instead of "anonymous".
      return [`${name}.ts`, `${text}//# sourceURL=${name}\n`];
    }),
  );
}
