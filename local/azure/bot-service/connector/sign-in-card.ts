import type { Activity, Attachment } from "../activity";
import type { Conversation } from "../direct-line/conversation";
import { badArgument, connectionNotFound } from "../errors";
import type { BotFramework } from "../framework";
import type { Bot } from "../registration";
import { signInResource } from "../token-service/sign-in-resource";

const oauthCard = "application/vnd.microsoft.card.oauth";

interface OAuthCard {
  readonly connectionName?: string;
  readonly buttons?: readonly { readonly type?: string; readonly value?: unknown }[];
}

/**
 * Puts a sign-in address into each OAuth card that comes without one, made for the user of this very conversation.
 * https://learn.microsoft.com/azure/bot-service/bot-builder-concept-authentication
 */
export function withSignInAddress(
  framework: BotFramework,
  bot: Bot,
  conversation: Conversation,
  activity: Activity,
): Activity {
  if (!activity.attachments?.some(lacksAddress)) return activity;
  const attachments = activity.attachments.map((attachment) =>
    lacksAddress(attachment) ? withAddress(framework, bot, conversation, activity, attachment) : attachment,
  );
  return { ...activity, attachments };
}

function lacksAddress({ contentType, content }: Attachment): boolean {
  if (contentType !== oauthCard) return false;
  return !(content as OAuthCard | undefined)?.buttons?.some(({ value }) => value);
}

function withAddress(
  framework: BotFramework,
  bot: Bot,
  conversation: Conversation,
  activity: Activity,
  attachment: Attachment,
): Attachment {
  const card = (attachment.content ?? {}) as OAuthCard;
  const name = card.connectionName;
  if (!name) throw badArgument("The OAuth card lacks its connectionName");
  const connection = framework.registrations.connection(bot, name);
  if (!connection) throw connectionNotFound(name);
  const userId = activity.recipient?.id ?? conversation.user?.id;
  if (!userId) throw badArgument("The OAuth card is for nobody: recipient.id is missing");
  const order = { bot, connection, channelId: conversation.channel.id, userId, conversationId: conversation.id };
  const { signInLink, tokenExchangeResource, tokenPostResource } = signInResource(framework, order);
  const [button = { type: "signin", title: "Sign in" }, ...others] = card.buttons ?? [];
  const buttons = [{ ...button, value: signInLink }, ...others];
  const content = { ...card, buttons, tokenExchangeResource, tokenPostResource };
  return { ...attachment, content };
}
