import { Activity, ActivityTypes, type Attachment } from "@microsoft/agents-activity";
import type { ConnectorClient, TurnContext } from "@microsoft/agents-hosting";
import { BotError } from "./error";
import type { Log } from "./log";
import { sentences } from "./sign-in/sentences";

/** What an answer is: words, or a card. */
export type Answer = { readonly text: string } | { readonly card: Attachment };

/** A person's own chat with the bot, opened because of what he asked in a group. */
export interface OwnChat {
  /** What he asked, as if it had been asked there. */
  readonly activity: Activity;
  send(answer: Answer): Promise<void>;
}

/**
 * Answers somebody in a group so that nobody else sees it: by a targeted message, or in his own chat with the bot.
 * https://learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages
 */
export class GroupAnswers {
  /** Outside the turn nothing of the context may be touched. */
  private readonly activity: Activity;

  constructor(
    private readonly context: TurnContext,
    private readonly connector: ConnectorClient,
    private readonly log: Log,
  ) {
    this.activity = context.activity;
  }

  /** Says something in the group, to all. Never anything of a person's. */
  async openly(text: string): Promise<void> {
    await this.context.sendActivity(messageOf({ text }));
  }

  /** Says something in the group that its asker alone sees; where Teams refuses that, in his own chat. */
  async say(text: string): Promise<void> {
    if (await this.isTargeted({ text })) return;
    const chat = await this.ownChat();
    if (!chat) return this.openly(sentences.askAlone);
    await chat.send({ text });
    await this.openly(sentences.answeredAlone);
  }

  /** Shows a card in the group that its asker alone sees. @throws BotError `targeting-refused` where Teams refuses that */
  async show(card: Attachment): Promise<void> {
    if (await this.isTargeted({ card })) return;
    throw new BotError("targeting-refused", "Teams takes no message that one person alone is to see here.");
  }

  /** Opens the asker's own chat with the bot; undefined where Teams does not let the bot. */
  async ownChat(): Promise<OwnChat | undefined> {
    const { from, recipient, conversation, serviceUrl } = this.activity;
    const tenantId = conversation?.tenantId;
    try {
      // The SDK's type knows no `bot`, which Teams asks for.
      const asked = {
        isGroup: false,
        bot: recipient,
        members: from ? [from] : [],
        tenantId,
        activity: undefined as never,
        channelData: { tenant: { id: tenantId } },
      };
      const made = await this.connector.createConversation(asked);
      const there = {
        channelId: "msteams",
        serviceUrl,
        from,
        recipient,
        conversation: { id: made.id, conversationType: "personal", tenantId, isGroup: false },
      };
      const { type, text, entities, timestamp } = this.activity;
      const activity = Activity.fromObject({ ...there, type, text, entities, timestamp });
      const send = async (answer: Answer): Promise<void> => {
        const sent = Object.assign(messageOf(answer), there, { from: recipient, recipient: from });
        await this.connector.sendToConversation(made.id, sent);
      };
      return { activity, send };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const fix = "The app must be installed for the person, with the scope personal: docs/teams.md.";
      this.log.warn({ err: error, fix }, "a person's own chat could not be opened");
      return undefined;
    }
  }

  /** Whether Teams took a message that the asker alone sees. Not by way of the context, which leaves `isTargeted` out. */
  private async isTargeted(answer: Answer): Promise<boolean> {
    const { id, from, recipient, conversation, channelId, serviceUrl } = this.activity;
    if (!from || !conversation || channelId !== "msteams") return false;
    const sent = Object.assign(messageOf(answer), {
      channelId,
      serviceUrl,
      conversation,
      from: recipient,
      recipient: { ...from, isTargeted: true },
      // The SDK puts isTargetedActivity into the address where it finds this mark: without it, all would read the message.
      entities: [{ type: "activityTreatment", treatment: "targeted" }],
      ...(id !== undefined && { replyToId: id }),
    });
    if (!sent.isTargetedActivity()) return false;
    try {
      if (id === undefined) await this.connector.sendToConversation(conversation.id, sent);
      else await this.connector.replyToActivity(conversation.id, id, sent);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const fix =
        "Targeted messages are in developer preview: with teams: { groups: personal } people are answered in their own chat.";
      this.log.warn({ err: error, fix }, "a targeted message was refused");
      return false;
    }
  }
}

function messageOf(answer: Answer): Activity {
  const content = "text" in answer ? { text: answer.text, textFormat: "markdown" } : { attachments: [answer.card] };
  return Activity.fromObject({ type: ActivityTypes.Message, ...content });
}

/** Teams says no: it would say so again. 401, 429 and 5xx are no such answers. */
function isRefusal(error: unknown): boolean {
  return [400, 403, 404, 405].includes(Number((error as { status?: unknown }).status));
}
