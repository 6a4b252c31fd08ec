import { createHash } from "node:crypto";
import type { Person } from "../../tenant";
import type { Bot } from "../registration";

/** Where people meet in Teams, as `conversationType` says it. */
export const placeKinds = ["personal", "groupChat", "channel"] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** A conversation of Teams before it is opened. */
export interface Place {
  readonly kind: PlaceKind;
  readonly id: string;
  /** What activities say of the conversation besides its id. */
  readonly about: Readonly<Record<string, unknown>>;
  /** `channelData` of what is sent there. */
  readonly channelData: Readonly<Record<string, unknown>>;
}

/** What the local tenant's one team is called. */
const teamName = "Contoso";

/**
 * Where a person meets a bot: the personal chat is theirs alone, the group chat and the channel are everybody's.
 * Ids have the forms of Teams: `a:1...`, `19:...@thread.v2`, `19:...@thread.tacv2;messageid=...`.
 * https://learn.microsoft.com/microsoftteams/platform/resources/bot-v3/bot-conversations/bots-conversations
 */
export function placeOf(kind: PlaceKind, bot: Pick<Bot, "id">, person: Person, tenantId: string): Place {
  const tenant = { id: tenantId };
  switch (kind) {
    case "personal":
      return {
        kind,
        id: `a:1${idOf(`${bot.id} ${person.objectId}`)}`,
        about: { conversationType: kind, tenantId },
        channelData: { tenant },
      };
    case "groupChat":
      return {
        kind,
        id: `19:${hexOf(`group of ${bot.id}`)}@thread.v2`,
        about: { conversationType: kind, tenantId, isGroup: true },
        channelData: { tenant },
      };
    case "channel": {
      const channel = `19:${hexOf(`channel of ${bot.id}`)}@thread.tacv2`;
      const team = { id: `19:${hexOf(`team of ${bot.id}`)}@thread.tacv2`, name: teamName };
      return {
        kind,
        // One post of the channel, to which all here are answers.
        id: `${channel};messageid=1776827520098`,
        about: { conversationType: kind, tenantId, isGroup: true },
        channelData: { teamsChannelId: channel, teamsTeamId: team.id, channel: { id: channel }, team, tenant },
      };
    }
  }
}

/** Id of a person at a bot: another one at each bot, as in Teams. */
export const userIdOf = (bot: Pick<Bot, "appId">, { objectId }: Pick<Person, "objectId">): string =>
  `29:1${idOf(`user ${bot.appId} ${objectId}`)}`;

const idOf = (text: string): string => createHash("sha256").update(text).digest("base64url").replace(/[-_]/g, "0");
const hexOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
