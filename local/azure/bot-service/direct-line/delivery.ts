import type { Azure } from "../../service";
import type { Account, Activity } from "../activity";
import type { ChannelKey } from "../channel-key";
import { botFailed } from "../errors";
import type { Bot } from "../registration";
import { type Conversation, directLine, teams } from "./conversation";

/** How long a bot may take for a turn before a channel gives up, in milliseconds. */
const timeout = 15_000;

/** Brings activities to bots. */
export class Delivery {
  constructor(
    private readonly azure: Azure,
    private readonly key: ChannelKey,
    private readonly wait = timeout,
  ) {}

  /** A client's activity as the bot gets it: who, where and when are the channel's to say. */
  envelope(conversation: Conversation, from: Account, activity: Activity): Activity {
    return {
      ...activity,
      id: activity.type === "invoke" ? crypto.randomUUID() : conversation.nextId(),
      timestamp: this.azure.clock.now().toISOString(),
      channelId: conversation.channel.id,
      serviceUrl: conversation.serviceUrl,
      from,
      conversation: conversation.account,
      recipient: conversation.bot.account,
    };
  }

  /**
   * Posts an activity to the bot's endpoint, signed as Bot Service signs.
   * @param tries how often it is posted, the same each time, to a bot that does not answer within 15 s
   * @returns the bot's answer, whatever its status below 500
   * @throws AzureError BotError, where the bot cannot be reached, fails or takes longer than 15 s
   */
  async post(bot: Bot, activity: Activity, tries = 1): Promise<Response> {
    if (!bot.endpoint) throw botFailed(`the bot ${bot.handle} has no messaging endpoint`);
    const token = await this.key.token(bot.appId, String(activity.serviceUrl));
    let answer: Response;
    try {
      answer = await withTimeout(
        this.azure.call(callerOf(activity), bot.endpoint, {
          method: "POST",
          headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` },
          body: JSON.stringify(activity),
        }),
        this.wait,
      );
    } catch (error) {
      if (error instanceof TimedOut && tries > 1) return this.post(bot, activity, tries - 1);
      throw botFailed(error instanceof TimedOut ? "bot timed out" : `bot not available: ${(error as Error).message}`);
    }
    if (answer.status >= 500) throw botFailed("bot returned an error", answer.status);
    return answer;
  }

  /** Like {@link post}, for activities to which a bot has nothing to answer but that it took them. */
  async deliver(bot: Bot, activity: Activity): Promise<void> {
    const answer = await this.post(bot, activity);
    if (answer.status >= 300) throw botFailed("bot returned an error", answer.status);
  }

  /** Tells the bot who is in the conversation. A bot that does not take it loses nothing but a greeting. */
  async announce(bot: Bot, conversation: Conversation, members: readonly Account[]): Promise<void> {
    const from = conversation.user ?? { id: conversation.id };
    const update = this.envelope(conversation, from, { type: "conversationUpdate", membersAdded: members });
    await this.deliver(bot, update).catch((error: Error) =>
      this.azure.log(`Direct Line: ${bot.handle} did not take a conversationUpdate. ${error.message}`),
    );
  }
}

/** The channel that delivers an activity, as the trace names it. */
function callerOf({ channelId }: Activity): string {
  return channelId === teams.id ? teams.name : directLine.name;
}

class TimedOut extends Error {}

async function withTimeout(answer: Promise<Response>, wait: number): Promise<Response> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut()), wait).unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
