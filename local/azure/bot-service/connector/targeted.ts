import type { Call } from "../../routes";
import type { Switches } from "../../switches";
import type { Activity } from "../activity";
import type { Conversation } from "../direct-line/conversation";
import { badArgument, botNotInRoster, serviceError } from "../errors";

/**
 * Targeted messages of Teams, which one person of a group alone sees. The address says which are, whatever the activity says.
 * https://learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages
 */
export const isTargeted = ({ query }: Pick<Call, "query">): boolean => query.get("isTargetedActivity") === "true";

/**
 * What a bot sends, for everybody or for its receiver alone.
 * @throws AzureError as Teams refuses: without a receiver, or for somebody who is not there
 */
export function addressed(call: Call, activity: Activity, conversation: Conversation, switches: Switches): Activity {
  if (conversation.channel.id !== "msteams") return activity;
  if (!isTargeted(call)) return { ...activity, ...(activity.recipient && { recipient: openly(activity.recipient) }) };
  if (switches["no-targeted-messages"]) throw serviceError(400, "Unknown");
  const { recipient } = activity;
  if (!recipient?.id) throw badArgument("Recipient is required for a targeted message");
  // assumed: documents say that the receiver must be a member, not how Teams refuses another.
  if (!conversation.members.some(({ id }) => id === recipient.id))
    throw botNotInRoster("The recipient is not part of the conversation");
  return { ...activity, recipient: { ...recipient, isTargeted: true } };
}

/**
 * What takes the place of a message: whoever sees the message sees this.
 * @throws AzureError: whom a targeted message is for cannot be changed (microsoft/teams.ts#738)
 */
export function readdressed(
  call: Call,
  activity: Activity,
  { activities }: { activities: readonly Activity[] },
): Activity {
  if (isTargeted(call) && activity.recipient) throw badArgument("Cannot edit Recipient of Targeted Message");
  const before = activities.find(({ id }) => id === call.params.activity)?.recipient;
  return before?.isTargeted ? { ...activity, recipient: before } : activity;
}

function openly({ isTargeted: _, ...recipient }: NonNullable<Activity["recipient"]>): Activity["recipient"] {
  return recipient;
}
