import { randomUUID } from "node:crypto";
import { Activity, ActivityTypes, type SuggestedActions } from "@microsoft/agents-activity";
import type { ConnectorClient, TurnContext, UserTokenClient } from "@microsoft/agents-hosting";
import { GroupAnswers } from "./group-answers";
import type { Log } from "./log";
import type { Settings } from "./settings";
import { isPrivate, withheld } from "./sign-in/private-chat";
import { answeredIn, teamsGroupOf } from "./sign-in/teams-groups";
import { tokenServiceFor } from "./sign-in/token-service";
import type { Turn } from "./turn";

/** What a turn is made of. */
export interface TurnParts {
  readonly settings: Pick<Settings, "appId" | "teamsGroups">;
  readonly tokens: UserTokenClient;
  /** Undefined where the channel takes all answers in its request's own. */
  readonly connector: ConnectorClient | undefined;
  readonly log: Log;
}

/** A turn of the SDK as the conversation sees it. Nothing of it may be kept: the SDK revokes the context at its end. */
export function turnOf(context: TurnContext, parts: TurnParts): Turn {
  const { activity } = context;
  const { appId, teamsGroups } = parts.settings;
  const id = activity.id || randomUUID();
  // An event never reaches the chat's client, and Web Chat holds an answer to an activity that it does not know back for
  // five seconds. Without an id the SDK sends the answer into the conversation instead.
  if (activity.type === ActivityTypes.Event) activity.id = undefined;
  const tokens = tokenServiceFor(parts.tokens, activity, appId);
  const turn: Turn = {
    id,
    ...sentAtOf(activity),
    activity,
    owner: ownerOf(activity),
    tokens: isPrivate(activity) ? tokens : withheld(tokens),
    say: async (text, replies = []) => {
      const said = { type: ActivityTypes.Message, text, textFormat: "markdown" };
      const offered = isPrivate(activity) && replies.length > 0 ? { suggestedActions: quickReplies(replies) } : {};
      await context.sendActivity(Activity.fromObject({ ...said, ...offered }));
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
  const groups = answeredIn(teamsGroups, activity);
  if (groups === "off" || isPrivate(activity) || !parts.connector) return turn;
  const answers = new GroupAnswers(context, parts.connector, parts.log);
  if (groups === "personal") return { ...turn, alone: () => aloneOf(turn, answers, parts) };
  // Teams signs nobody in by itself in a channel: a card that says it could is answered with resourcematchfailed.
  const inGroup = teamsGroupOf(activity) === "channel" ? tokenServiceFor(parts.tokens, activity, appId, false) : tokens;
  return {
    ...turn,
    tokens: inGroup,
    aside: true,
    say: (text) => answers.say(text),
    show: (card) => answers.show(card),
  };
}

/** A turn in the own chat of somebody who asked in a group. */
async function aloneOf(turn: Turn, answers: GroupAnswers, { tokens, settings }: TurnParts): Promise<Turn | undefined> {
  const chat = await answers.ownChat();
  if (!chat) return undefined;
  const { activity } = chat;
  const { id, sentAt, answer } = turn;
  return {
    id,
    ...(sentAt && { sentAt }),
    answer,
    activity,
    owner: ownerOf(activity),
    tokens: tokenServiceFor(tokens, activity, settings.appId),
    say: (text) => chat.send({ text }),
    show: (card) => chat.send({ card }),
  };
}

/**
 * Buttons that say their words for the person. Web Chat shows all of them, Teams the first three:
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/suggested-actions
 */
function quickReplies(words: readonly string[]): SuggestedActions {
  return { to: [], actions: words.map((word) => ({ type: "imBack", title: word, value: word })) };
}

function ownerOf(activity: Activity): Turn["owner"] {
  return {
    // Not with a sub-channel: a client can choose one, and would be another owner with each.
    channelId: activity.channelIdChannel ?? "",
    conversationId: activity.conversation?.id ?? "",
    userId: activity.from?.id ?? "",
  };
}

function sentAtOf({ timestamp }: Activity): Pick<Turn, "sentAt"> {
  const sentAt = new Date(timestamp ?? Number.NaN);
  return Number.isNaN(sentAt.getTime()) ? {} : { sentAt };
}
