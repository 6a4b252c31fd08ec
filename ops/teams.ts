import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";

export const command = {
  typed: "npm run teams:package --",
  takes: "<stack>",
  describes: `
Writes the app package by which people install a deployed bot in Teams: manifest and icons, with the ids and addresses of the
bot as it stands in Azure. First it looks whether everything that has to agree does: the bot's id, the sign-in application's
id, its address, the connection's token exchange URL, the clients of Teams. The setting teams of the stack's file says the
scopes and what people read. Changes nothing in Azure; needs neither Pulumi's CLI nor the state.`,
  options: {
    output: { type: "string", value: "<zip>", does: "the file to write (teams-<stack>.zip)" },
    icons: {
      type: "string",
      value: "<folder>",
      does: "a folder with a color.png of 192 by 192 pixels and an outline.png of 32 by 32",
    },
    check: {
      type: "string",
      value: "<zip>",
      does: "a package that was made before: says what of it no longer agrees, and writes nothing",
    },
    json: jsonOption,
  },
  examples: [
    "npm run teams:package -- prod --icons design/teams",
    "npm run teams:package -- prod --check teams-prod.zip",
  ],
  ends: { done: "all agrees", found: "something does not; nothing was written" },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [stack = ""] }, { result, step, paint }) => {
  const [access, settingsOf, agreement, texts, manifests, teamsPackage, stackBot] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/stack-settings"),
    import("./teams/agreement"),
    import("../infra/deployment/teams-agreement"),
    import("./teams/manifest"),
    import("./teams/package"),
    import("./azure/stack-bot"),
  ]);
  const folder = process.cwd();
  const settings = await settingsOf.stackSettings(folder, stack, process.env);
  step("Reading the bot, its application and its channel.");
  const bot = await stackBot.botOfStack(access.deployerAccess(process.env), settings, stack);
  const { version = "1.0.0" } = JSON.parse(
    await readFile(resolve(folder, "package.json"), "utf8").catch(() => "{}"),
  ) as { version?: string };
  const wanted = manifests.manifestOfStack(bot, settings, stack, version);
  const manifest = values.check
    ? teamsPackage.manifestIn(await readFile(values.check).catch(() => undefined), values.check)
    : wanted;
  const wrong = agreement.disagreements(bot, manifest, stack, wanted);
  if (wrong.length > 0) {
    const count = wrong.length === 1 ? "1 value does" : `${wrong.length} values do`;
    for (const line of [...wrong.map(texts.disagreementText), `${stack}: ${count} not agree.`]) {
      process.stderr.write(`${line}\n`);
    }
    if (values.json) result({ stack, disagreements: wrong }, "");
    return "found";
  }
  if (values.check) {
    result({ stack, disagreements: [] }, paint("good", `${values.check}: everything agrees with ${bot.name}.`));
    return "done";
  }
  const file = values.output ?? `teams-${stack}.zip`;
  const { writeWhole } = await import("../infra/code/whole-file");
  const icons = values.icons ?? resolve(__dirname, "teams/icons");
  await writeWhole(resolve(file), await teamsPackage.packageOf(manifest, icons), 0o644);
  const { short } = manifest.name;
  result(
    { stack, disagreements: [], file, name: short, version: manifest.version },
    `${file}: ${short}, version ${manifest.version}. docs/teams.md says who uploads it where.`,
  );
  return "done";
});
