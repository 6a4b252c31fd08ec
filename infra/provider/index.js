// What Pulumi starts: registers a loader of TypeScript, then serves. Plain JavaScript, because nothing is loaded before it.
const { join } = require("node:path");
const { enableCompileCache, flushCompileCache } = require("node:module");

// Pulumi's SDK is 800 files, compiled at every command otherwise. Node before 22 has no such cache.
enableCompileCache?.(join(__dirname, "../../node_modules/.cache/bot-sign-in/compiled"));
// Pulumi ends a provider without letting it exit, which is when Node would write the cache.
setTimeout(() => flushCompileCache?.(), 3_000).unref();

require("tsx/cjs");
require("./serve").serve(process.argv.slice(2));
