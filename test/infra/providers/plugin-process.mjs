// Runs methods of providers' texts as the plugin of Pulumi's CLI does (@pulumi/pulumi/cmd/dynamic-provider): plain Node,
// no TypeScript, packages from the working directory. Calls to Azure Resource Manager end at a stand-in on loopback.
import { readFileSync } from "node:fs";
import requireFromString from "require-from-string";

const calls = JSON.parse(readFileSync(0, "utf8"));
const real = globalThis.fetch;
globalThis.fetch = (url, init) => real(String(url).replace("https://management.azure.com", process.env.STAND_IN), init);

const answers = [];
for (const [text, method, ...args] of calls) {
  const provider = requireFromString(text).handler();
  answers.push(await provider[method](...args).catch((error) => ({ error: `${error.name}: ${error.message}` })));
}
process.stdout.write(JSON.stringify(answers.map((answer) => answer ?? null)));
