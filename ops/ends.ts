import { readdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { noticeDays } from "../infra/decisions/ends-ahead";
import { endsOfStacks, table } from "./ends/stacks";
import { PreflightError } from "./preflight/preflight-error";

const usage = `npm run ends [-- <stack>...]

Lists what of all that the stacks use ends on an announced day: api-versions, runtimes of App Service, parts of the Bot
Framework, TLS. Says what breaks, what to do and where it is announced. Without a stack it looks at every Pulumi.<stack>.yaml
in this folder. Asks nobody and changes nothing; when the secrets end, the output secretsExpire says.

  --within <days>  how far ahead counts as near (default ${noticeDays})
  --json           the same as JSON

Ends with 0 where nothing ends within those days, with 2 where something does or has ended, with 1 where it could not look.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean" }, json: { type: "boolean" }, within: { type: "string" } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const within = Number(values.within ?? noticeDays);
  if (!Number.isInteger(within) || within < 0) {
    process.stderr.write(`--within wants days, a whole number: it was ${values.within}\n`);
    return 1;
  }
  const stacks = positionals.length > 0 ? positionals : await stacksIn(process.cwd());
  const found = await endsOfStacks(process.cwd(), stacks, new Date());
  process.stdout.write(values.json ? `${JSON.stringify(found, null, 2)}\n` : `${table(found, within)}\n`);
  return found.some(({ daysLeft }) => daysLeft < within) ? 2 : 0;
}

/** Stacks that have a file here; what all previews share is none. */
async function stacksIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => /^Pulumi\.(?!preview\.)(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof PreflightError ? text : `The calendar itself failed: ${text}`}\n`);
    process.exitCode = 1;
  },
);
