import { Activity, ActivityTypes } from "@microsoft/agents-activity";
import type { TurnContext } from "@microsoft/agents-hosting";
import { lastWords } from "./deadline";
import { BotError } from "./error";
import { type Log, logText } from "./log";
import { sentences } from "./sign-in/sentences";

/**
 * Ends a turn that failed: the cause goes to the log, a plain sentence to the user, and an invoke gets its answer.
 * Throws the cause again where not even the sentence could be sent, so that the channel sees 500 instead of a success.
 *
 * Nothing had an effect in a turn that ends here, so the user may try again, with one exception: where what was done could
 * not be told, the channel alone is told, and gets the answer when it delivers the activity again.
 */
export async function apologise(context: TurnContext, error: Error, log: Log): Promise<void> {
  const { channelId, type, name } = context.activity;
  const what = { channelId: logText(channelId), type: logText(type), name: logText(name) };
  log.error({ err: error, ...what }, "turn failed");
  if (codeOf(error) === "answer-not-said") throw error;
  if (type === ActivityTypes.Invoke) {
    await context.sendActivity(Activity.fromObject({ type: ActivityTypes.InvokeResponse, value: { status: 500 } }));
  }
  try {
    await lastWords(() => context.sendActivity(sentenceFor(error)));
  } catch (again) {
    log.error({ err: again }, "the user could not be told");
    throw error;
  }
}

/** What the user reads of a turn that failed and changed nothing. */
export function sentenceFor(error: Error): string {
  switch (codeOf(error)) {
    case "connection-missing":
      return sentences.connectionMissing((error as BotError).subject ?? "");
    case "targeting-refused":
      return sentences.askAlone;
    case "turn-out-of-time":
      return sentences.outOfTime;
    default:
      return "Something went wrong on my side. Please try again in a moment.";
  }
}

function codeOf(error: Error): string | undefined {
  return error instanceof BotError ? error.code : undefined;
}
