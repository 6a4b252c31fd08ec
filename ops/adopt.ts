import { sdkNames } from "../infra/facts/sdks";
import { UsageError } from "../cli/arguments";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { shellWord } from "../cli/shell-word";

export const command = {
  typed: "npm run adopt --",
  takes: "<bot>",
  describes: `
Brings a bot that was made by hand, named by its ARM resource id, under this program: looks at the bot, its applications, connections, channels, web app and
vault, and writes a stack's settings and a file for pulumi import with which pulumi preview replaces and deletes nothing. Says
what is the stack's from then on, what is only used, what pulumi up writes and what nobody can read. Of a multi-tenant bot, which
Azure would only make anew, it tells the order that loses least. Reads Azure and Microsoft Graph as whoever deploys (ARM_*
variables, else the Azure CLI), and changes nothing there. Without --stack it only looks.`,
  options: {
    stack: { type: "string", value: "<name>", does: "the stack to write the settings and the imports for" },
    overwrite: { type: "boolean", does: "replaces settings that the stack has already" },
    code: {
      type: "string",
      value: "<folder or zip>",
      does: "the bot's code: its web app is adopted, too, and gets it; without it the app stays as it is",
    },
    sdk: { type: "string", value: "<name>", does: `beside --code, whose SDK it uses: ${sdkNames.join(", ")}` },
    json: jsonOption,
  },
  examples: [
    "npm run adopt -- /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.BotService/botServices/<name>",
    "npm run adopt -- /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.BotService/botServices/<name> --stack prod",
    "npm run adopt -- /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.BotService/botServices/<name> --stack prod --code ../my-bot --sdk agents-js",
  ],
  ends: {
    done: "settings and imports are written",
    found: "it only looked",
    left: "the bot can only be made anew: its plan was told",
  },
} as const satisfies Command;

runIfMain(module, command, async ({ values, operands: [id = ""] }, { result, paint, step }) => {
  const { code, sdk } = values;
  if (code !== undefined && !(sdkNames as readonly string[]).includes(sdk ?? "")) {
    throw new UsageError("wrong-value", `--code wants --sdk, one of ${sdkNames.join(", ")}`);
  }
  if (code === undefined && sdk !== undefined) throw new UsageError("wrong-value", "--sdk goes with --code");
  const [{ deployerAccess }, { projectOf }, { readHandMade }, { decide }, write, report] = await Promise.all([
    import("../infra/azure/access"),
    import("./pulumi/project"),
    import("./adopt/read"),
    import("./adopt/decide"),
    import("./adopt/write"),
    import("./adopt/report"),
  ]);
  const folder = process.cwd();
  if (values.stack !== undefined) write.checkStackName(values.stack);
  const project = await projectOf(folder);
  step("Looking at the bot and what it stands on.");
  const seen = await readHandMade(deployerAccess(process.env), id);
  const stack = values.stack ?? seen.bot.name.replaceAll(".", "-");
  const from = code === undefined ? {} : { code: { [/\.zip$/i.test(code) ? "zip" : "folder"]: code, sdk: sdk! } };
  const decision = decide(seen, { project, stack, ...from });
  if (decision.kind === "rebuild") {
    result({ bot: seen.bot.id, ...decision }, report.rebuildText(decision, paint));
    return "left";
  }
  const config = write.configOf(decision, project, seen.subscriptionId);
  write.checkSettings(config, project, stack);
  const written = values.stack === undefined ? undefined : write.filesOf(stack);
  if (written) {
    const { imports } = decision;
    await write.writeAdoption(folder, stack, { config, imports, overwrite: values.overwrite ?? false });
  }
  const { imports, notes } = decision;
  const next = report.nextCommands(stack);
  const words = [id, "--stack", stack, ...(code === undefined ? [] : ["--code", code, "--sdk", sdk!])];
  const asked = words.map(shellWord).join(" ");
  const text = report.adoptionText({ asked, notes, next, written }, paint);
  result({ bot: seen.bot.id, stack, config, imports, notes, written, next: written ? next : [] }, text);
  return written ? "done" : "found";
});
