import type { Access } from "../../infra/azure/access";
import { type DeployedBot, liveDisagreements } from "../../infra/deployment/teams-agreement";
import { botOfStack } from "../azure/stack-bot";
import { OpsError } from "../cli/ops-error";
import { type Finding, unreadable } from "./finding";
import type { StackSettings } from "../pulumi/stack-settings";

/** Whether what Teams compares agrees at a bot that is deployed already; nothing where there is none yet. */
export async function teamsAgreement(access: Access, settings: StackSettings, stack: string): Promise<Finding[]> {
  let bot: DeployedBot;
  try {
    bot = await botOfStack(access, settings, stack);
  } catch (error) {
    if (error instanceof OpsError) return [];
    const what = "Teams: bot, sign-in app and connections agree";
    return [{ what, state: "unsure", because: unreadable("them", error) }];
  }
  const wrong = liveDisagreements(bot, stack);
  if (wrong.length === 0) return [{ what: "Teams: bot, sign-in app and connections agree", state: "held" }];
  return wrong.map(({ value, found, expected, fix }) => ({
    what: `Teams: ${value} agrees with the others`,
    state: "missing",
    because: `${found}, where ${expected} is expected`,
    fix,
  }));
}
