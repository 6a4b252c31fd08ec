import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { AzureCallError } from "../infra/azure/azure-call-error";
import { deployerAccess } from "../infra/azure/access";
import { writeWhole } from "../infra/code/whole-file";
import { SettingsError } from "../infra/settings-error";
import { PreflightError } from "./preflight/preflight-error";
import { stackSettings } from "./preflight/stack-settings";
import { disagreements, disagreementText } from "./teams/agreement";
import { manifestIn, packageOf } from "./teams/package";
import { botOfStack, manifestOfStack } from "./teams/stack-bot";
import { TeamsError } from "./teams/teams-error";

const usage = `npm run teams:package -- <stack> [--output <zip>] [--icons <folder>] [--check <zip>]

Writes the app package by which people install a deployed bot in Teams: manifest and icons, with the ids and addresses of the
bot as it stands in Azure. First it looks whether everything that has to agree does: the bot's id, the sign-in application's
id, its address, the connection's token exchange URL, the clients of Teams. The setting teams of the stack's file says the
scopes and what people read. Changes nothing in Azure; needs neither Pulumi's CLI nor the state.

--output  the file to write (teams-<stack>.zip)
--icons   a folder with a color.png of 192 by 192 pixels and an outline.png of 32 by 32
--check   a package that was made before: says what of it no longer agrees, and writes nothing

Ends with 0 where all agrees, with 2 where something does not, with 1 where it could not find out.

npm run teams:package -- prod --icons design/teams
`;

const options = {
  help: { type: "boolean" },
  output: { type: "string" },
  icons: { type: "string" },
  check: { type: "string" },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [stack] = positionals;
  if (values.help || stack === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const folder = process.cwd();
  const settings = await stackSettings(folder, stack, process.env);
  const bot = await botOfStack(deployerAccess(process.env), settings, stack);
  const { version = "1.0.0" } = JSON.parse(
    await readFile(resolve(folder, "package.json"), "utf8").catch(() => "{}"),
  ) as { version?: string };
  const wanted = manifestOfStack(bot, settings, stack, version);
  const manifest = values.check ? manifestIn(await readFile(values.check), values.check) : wanted;
  const wrong = disagreements(bot, manifest, stack, wanted);
  for (const one of wrong) process.stderr.write(`${disagreementText(one)}\n`);
  if (wrong.length > 0) {
    process.stderr.write(`${stack}: ${wrong.length === 1 ? "1 value does" : `${wrong.length} values do`} not agree.\n`);
    return 2;
  }
  if (values.check) {
    process.stdout.write(`${values.check}: everything agrees with ${bot.name}.\n`);
    return 0;
  }
  const file = values.output ?? `teams-${stack}.zip`;
  await writeWhole(resolve(file), await packageOf(manifest, values.icons ?? resolve(__dirname, "teams/icons")), 0o644);
  process.stdout.write(
    `${file}: ${manifest.name.short}, version ${manifest.version}. docs/teams.md says who uploads it where.\n`,
  );
  return 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const known = [TeamsError, PreflightError, SettingsError, AzureCallError].some((kind) => error instanceof kind);
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${known ? text : `The package could not be made: ${text}`}\n`);
    process.exitCode = 1;
  },
);
