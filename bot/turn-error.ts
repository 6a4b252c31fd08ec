import { Activity, ActivityTypes } from "@microsoft/agents-activity";
import type { TurnContext } from "@microsoft/agents-hosting";
import { BotError } from "./error";
import type { Log } from "./log";
import { sentences } from "./sign-in/sentences";

/**
 * Ends a turn that failed: the cause goes to the log, a plain sentence to the user, and an invoke gets its answer.
 * Throws the cause again where not even the sentence could be sent, so that the channel sees 500 instead of a success.
 */
export async function apologise(context: TurnContext, error: Error, log: Log): Promise<void> {
  const { channelId, type, name } = context.activity;
  log.error({ err: error, channelId, type, name }, "turn failed");
  if (type === ActivityTypes.Invoke) {
    await context.sendActivity(Activity.fromObject({ type: ActivityTypes.InvokeResponse, value: { status: 500 } }));
  }
  try {
    await context.sendActivity(sentenceFor(error));
  } catch (again) {
    log.error({ err: again }, "the user could not be told");
    throw error;
  }
}

function sentenceFor(error: Error): string {
  if (error instanceof BotError && error.code === "connection_missing") {
    return sentences.connectionMissing(error.subject ?? "");
  }
  return "Something went wrong on my side. Please try again in a moment.";
}
