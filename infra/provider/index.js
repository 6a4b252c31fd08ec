// What Pulumi starts: registers a loader of TypeScript, then serves. Plain JavaScript, because nothing is loaded before it.
require("tsx/cjs");
require("./serve").serve(process.argv.slice(2));
