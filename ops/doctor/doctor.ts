import type { Access } from "../../infra/azure/access";
import { botId } from "../../infra/azure/bot-service";
import { webAppId, webVersion } from "../../infra/code/web-app";
import { botAt } from "../azure/bot-at";
import { ownResource } from "../azure/own-resource";
import type { StackSettings } from "../pulumi/stack-settings";
import { botAddressOfStack } from "../azure/stack-bot";
import { checks } from "./checks/checks";
import { type Diagnosis, judge, missingBot } from "./diagnosis";
import { OpsError } from "../cli/ops-error";
import { Reader } from "./read/reader";
import { readSetUp, type Target } from "./read/set-up";
import { valueOf } from "./set-up/read-value";
import { wantedOf } from "./read/wanted";
import { type Person, trySignIn } from "./sign-in";

/** A stack whose bot is gone: all that can be said of it. */
interface WithoutBot {
  readonly missing: Diagnosis;
}

/**
 * The bot that a stack deployed, and what its settings say of it; or what is known where only the bot itself is gone.
 * Throws an OpsError where nothing is deployed, and an AzureCallError where Azure may not be read.
 */
export async function targetOfStack(
  access: Access,
  settings: StackSettings,
  stack: string,
): Promise<Target | WithoutBot> {
  const { name, ...place } = await ownResource(access, settings, stack, "Microsoft.Web/sites", webVersion);
  const webApp = name === undefined ? undefined : webAppId({ ...place, webAppName: name });
  const address = await botAddressOfStack(access, settings, stack).catch((error: unknown) => {
    if (name === undefined || !(error instanceof OpsError)) throw error;
    return undefined;
  });
  if (address) {
    const bot = botId(address);
    // Of what was made by hand the program writes next to nothing, so it is judged by itself, and mended where it was made.
    const byHand = settings.adopted !== undefined || settings.existing?.endpoint !== undefined;
    return byHand
      ? { stack: undefined, bot, webApp, wanted: undefined }
      : { stack, bot, webApp, wanted: wantedOf(settings) };
  }
  const group = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroupName}`;
  const findings = [missingBot(stack, group, name!)];
  return { missing: { bot: group, findings, notChecked: [], signedIn: undefined } };
}

/** A bot by its id in Azure Resource Manager. Throws an OpsError where it is none. */
export function targetOfBot(id: string): Target {
  const bot = botAt(id);
  if (bot) return { stack: undefined, bot: bot.id, webApp: undefined, wanted: undefined };
  throw new OpsError(
    "bot-id-wrong",
    `${id} is no resource id of a bot: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.BotService/botServices/<bot>`,
    "az bot show --resource-group <group> --name <bot> --query id --output tsv",
  );
}

/** A real sign-in that is to be tried. */
export interface SignInAsked {
  /** What is written to the bot; else what the skill of the first connection answers to. */
  readonly say: string | undefined;
  /** Milliseconds that a person has for it. */
  readonly within: number;
  readonly person: Person;
}

/**
 * Looks at a bot and all that its sign-ins depend on. Changes nothing.
 * @param asked has somebody sign in for real, too
 * @throws OpsError where there is no such bot, and an AzureCallError where it may not be read
 */
export async function diagnose(access: Access, target: Target | WithoutBot, asked?: SignInAsked): Promise<Diagnosis> {
  if ("missing" in target) return target.missing;
  const reader = new Reader(access, target.bot.split("/")[2] ?? "");
  const setUp = await readSetUp(reader, target);
  if (!setUp) {
    throw new OpsError(
      "bot-missing",
      `There is no bot ${target.bot}`,
      "az resource list --resource-type Microsoft.BotService/botServices --output table",
    );
  }
  const { id, residency = "global" } = setUp.bot;
  const say = asked?.say ?? target.wanted?.says ?? "mail";
  const tried =
    asked &&
    (await reader.read("a real sign-in", id, () =>
      trySignIn(access, { bot: id, residency, say }, asked.person, asked.within),
    ));
  const signIn = tried && valueOf(tried);
  return {
    bot: id,
    findings: judge(checks, { ...setUp, signIn }),
    notChecked: reader.notChecked,
    signedIn: signIn?.ended === "answered" ? signIn.answers : undefined,
  };
}
