import type { Activity } from "@microsoft/agents-activity";
import { BotError } from "../error";
import type { TokenService } from "./token-service";

/**
 * The channels on which a conversation can be known to be one person's, and what `conversationType` says so. A channel
 * that is not here is taken for a group, and so is a type: a new kind of conversation must not show a mail to all in it.
 *
 * Teams: https://learn.microsoft.com/microsoftteams/platform/resources/bot-v3/bot-conversations/bots-conversations
 * (`personal`, `groupChat`, `channel`). A conversation of Direct Line or Web Chat belongs to the holder of its token.
 */
const privateTypes: ReadonlyMap<string, readonly (string | undefined)[]> = new Map([
  ["msteams", ["personal"]],
  ["directline", [undefined, "personal"]],
  ["webchat", [undefined, "personal"]],
]);

/** What Teams adds to an activity of a team, a channel or a meeting. */
const groupData = ["team", "channel", "meeting", "teamsTeamId", "teamsChannelId"];

/** Whether nobody but its sender sees what is said in the conversation of an activity. Everything must say so. */
export function isPrivate(activity: Pick<Activity, "channelIdChannel" | "conversation" | "channelData">): boolean {
  const { conversation, channelData = {} } = activity;
  const types = privateTypes.get(activity.channelIdChannel ?? "");
  if (!types || !conversation) return false;
  const { id, isGroup = false, conversationType } = conversation;
  if (isGroup !== false || !types.includes(conversationType)) return false;
  // Teams names channels and group chats 19:...@thread.tacv2 (.skype, .v2).
  if (/@thread\b/i.test(String(id))) return false;
  if (typeof channelData !== "object" || channelData === null || Array.isArray(channelData)) return false;
  return groupData.every((name) => (channelData as Record<string, unknown>)[name] == null);
}

/** The Token Service in a conversation with others: it signs users out, and gives neither tokens nor sign-in addresses. */
export function withheld(tokens: TokenService): TokenService {
  const refuse = (): Promise<never> =>
    Promise.reject(new BotError("conversation-not-private", "Others would see what is said in this conversation."));
  return {
    tokenOrSignIn: refuse,
    token: refuse,
    exchange: refuse,
    signOut: (connection) => tokens.signOut(connection),
  };
}
