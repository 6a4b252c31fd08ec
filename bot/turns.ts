import { randomUUID } from "node:crypto";
import { Activity, ActivityTypes } from "@microsoft/agents-activity";
import type { TurnContext, UserTokenClient } from "@microsoft/agents-hosting";
import { isPrivate, withheld } from "./sign-in/private-chat";
import { tokenServiceFor } from "./sign-in/token-service";
import type { Turn } from "./sign-in/turn";

/** A turn of the SDK as the conversation sees it. Nothing of it may be kept: the SDK revokes the context at its end. */
export function turnOf(context: TurnContext, client: UserTokenClient, appId: string): Turn {
  const { activity } = context;
  const id = activity.id || randomUUID();
  // An event never reaches the chat's client, and Web Chat holds an answer to an activity that it does not know back for
  // five seconds. Without an id the SDK sends the answer into the conversation instead.
  if (activity.type === ActivityTypes.Event) activity.id = undefined;
  const tokens = tokenServiceFor(client, activity, appId);
  return {
    id,
    ...sentAtOf(activity),
    activity,
    owner: {
      // Not with a sub-channel: a client can choose one, and would be another owner with each.
      channelId: activity.channelIdChannel ?? "",
      conversationId: activity.conversation?.id ?? "",
      userId: activity.from?.id ?? "",
    },
    tokens: isPrivate(activity) ? tokens : withheld(tokens),
    say: async (text) => {
      await context.sendActivity(Activity.fromObject({ type: ActivityTypes.Message, text, textFormat: "markdown" }));
    },
    show: async (card) => {
      await context.sendActivity(Activity.fromObject({ type: ActivityTypes.Message, attachments: [card] }));
    },
    answer: async (status, body) => {
      // The SDK turns this activity into the HTTP answer of the invoke; it reaches no connector.
      const value = { status, body };
      await context.sendActivity(Activity.fromObject({ type: ActivityTypes.InvokeResponse, value }));
    },
  };
}

function sentAtOf({ timestamp }: Activity): Pick<Turn, "sentAt"> {
  const sentAt = new Date(timestamp ?? Number.NaN);
  return Number.isNaN(sentAt.getTime()) ? {} : { sentAt };
}
