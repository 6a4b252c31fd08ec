import type { Activity } from "@microsoft/agents-activity";
import type { TeamsGroups } from "../../contract/app-settings";

/** A conversation of Teams with others in it. */
export type TeamsGroup = "groupChat" | "channel";

const kinds: readonly string[] = ["groupChat", "channel"] satisfies readonly TeamsGroup[];

/**
 * What kind of group an activity of Teams comes from; undefined where it is none, or where anything else is said of it. Not
 * within Copilot: the SDK marks no message of a sub-channel as one person's alone.
 */
export function teamsGroupOf({
  channelId,
  conversation,
}: Pick<Activity, "channelId" | "conversation">): TeamsGroup | undefined {
  const type = conversation?.conversationType ?? "";
  return channelId === "msteams" && kinds.includes(type) ? (type as TeamsGroup) : undefined;
}

/** How somebody who asks in a group is answered; `off` where that is not to be. */
export function answeredIn(groups: TeamsGroups, activity: Activity): TeamsGroups {
  const asked = activity.type === "message" || activity.type === "invoke";
  return asked && teamsGroupOf(activity) ? groups : "off";
}
