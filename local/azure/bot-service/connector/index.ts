import { type Call, router, type Router } from "../../routes";
import type { Activity } from "../activity";
import { callingBot } from "../caller";
import type { Conversation } from "../direct-line/conversation";
import { member, readObject } from "../direct-line/body";
import { activityNotFound, badArgument, conversationNotFound, memberNotFound, missingProperty } from "../errors";
import type { BotFramework } from "../framework";
import type { Bot } from "../registration";
import { withSignInAddress } from "./sign-in-card";
import { addressed, isTargeted, readdressed } from "./targeted";

/** Activities that mean nothing to a person; channels take them and show them to nobody. */
const unseen = new Set(["trace", "conversationUpdate", "invokeResponse"]);

/**
 * Gives somebody's own chat with a bot, which the bot has asked for by his id.
 * @throws AzureError where there is none
 */
export type OwnChats = (bot: Bot, userId: string) => Conversation;

/**
 * The connector: what a bot says in its conversations.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 * @param folder that a channel's service address names before its paths: `/teams`
 * @param ownChats of a channel in which people have one
 */
export function createConnector(framework: BotFramework, folder = "", ownChats?: OwnChats): Router {
  const connector = new Connector(framework, ownChats);
  const base = `${folder}/v3/conversations`;
  return router({
    [`POST ${base}`]: (call) => connector.create(call),
    [`POST ${base}/{id}/activities`]: (call) => connector.send(call),
    [`POST ${base}/{id}/activities/{activity}`]: (call) => connector.send(call),
    [`PUT ${base}/{id}/activities/{activity}`]: (call) => connector.update(call),
    [`DELETE ${base}/{id}/activities/{activity}`]: (call) => connector.remove(call),
    [`GET ${base}/{id}/members`]: (call) => connector.members(call),
    [`GET ${base}/{id}/pagedmembers`]: (call) => connector.pagedMembers(call),
    [`GET ${base}/{id}/members/{member}`]: (call) => connector.member(call),
    [`GET ${base}/{id}/activities/{activity}/members`]: (call) => connector.members(call),
  });
}

class Connector {
  constructor(
    private readonly framework: BotFramework,
    private readonly ownChats?: OwnChats,
  ) {}

  async #open({ request, params }: Call): Promise<{ bot: Bot; conversation: Conversation }> {
    const { azure, registrations, conversations } = this.framework;
    const bot = await callingBot(azure, registrations, request);
    const conversation = conversations.find(params.id ?? "", bot.id);
    if (!conversation) throw conversationNotFound();
    return { bot, conversation };
  }

  /** Begins a conversation from the bot's side, with the one member it names. */
  async create({ request }: Call): Promise<Response> {
    const { azure, registrations, conversations } = this.framework;
    const bot = await callingBot(azure, registrations, request);
    const body = await readObject(request);
    const members = member(body, "members");
    const [user, ...others] = Array.isArray(members) ? (members as { id?: unknown; name?: unknown }[]) : [];
    if (typeof user?.id !== "string") throw missingProperty("The conversation lacks a member: members[0].id");
    if (others.length > 0) throw badArgument("A Direct Line conversation has one member besides the bot");
    const conversation = this.ownChats?.(bot, user.id) ?? conversations.open(conversations.newId(bot), bot);
    conversation.user ??= { id: user.id, ...(typeof user.name === "string" && { name: user.name }) };
    const first = member(body, "activity") as Activity | undefined;
    const activityId = first && this.#say(bot, conversation, first);
    return Response.json({ id: conversation.id, activityId, serviceUrl: conversation.serviceUrl }, { status: 201 });
  }

  async send(call: Call): Promise<Response> {
    const { bot, conversation } = await this.#open(call);
    const replyToId = call.params.activity;
    const { azure } = this.framework;
    const activity = addressed(call, await readActivity(call.request), conversation, azure.switches);
    const id = this.#say(bot, conversation, { ...activity, ...(replyToId && { replyToId }) });
    return Response.json({ id }, { status: takenWith(call, conversation) });
  }

  #say(bot: Bot, conversation: Conversation, activity: Activity): string {
    const id = conversation.nextId();
    if (unseen.has(activity.type)) return id;
    conversation.add(this.#shown(bot, conversation, { ...activity, id }));
    return id;
  }

  /** The activity as the client sees it: who, where and when are the channel's to say. */
  #shown(bot: Bot, conversation: Conversation, activity: Activity): Activity {
    const { serviceUrl: _unsaid, ...rest } = withSignInAddress(this.framework, bot, conversation, activity);
    return {
      ...rest,
      timestamp: this.framework.azure.clock.now().toISOString(),
      channelId: conversation.channel.id,
      from: { ...conversation.bot.account, ...(activity.from?.name !== undefined && { name: activity.from.name }) },
      conversation: { id: conversation.id },
    } as Activity;
  }

  async update(call: Call): Promise<Response> {
    const { bot, conversation } = await this.#open(call);
    const activity = readdressed(call, await readActivity(call.request), conversation.since(undefined));
    const id = call.params.activity as string;
    if (!conversation.replace(this.#shown(bot, conversation, { ...activity, id }))) throw activityNotFound();
    return Response.json({ id });
  }

  async remove(call: Call): Promise<Response> {
    const { conversation } = await this.#open(call);
    if (!conversation.remove(call.params.activity as string)) throw activityNotFound();
    return Response.json({});
  }

  async members(call: Call): Promise<Response> {
    const { conversation } = await this.#open(call);
    return Response.json(conversation.members);
  }

  async pagedMembers(call: Call): Promise<Response> {
    const { conversation } = await this.#open(call);
    return Response.json({ members: conversation.members });
  }

  async member(call: Call): Promise<Response> {
    const { conversation } = await this.#open(call);
    const found = conversation.members.find(({ id }) => id === call.params.member);
    if (!found) throw memberNotFound();
    return Response.json(found);
  }
}

/** Recorded in Teams: 201, and 202 where one person alone is to see it (microsoft/teams.net, docs/sso/*trace-2026-04-22*). */
function takenWith(call: Call, { channel }: Conversation): number {
  if (channel.id !== "msteams") return 200;
  return isTargeted(call) ? 202 : 201;
}

async function readActivity(request: Request): Promise<Activity> {
  const body = await readObject(request);
  if (typeof body.type !== "string") throw missingProperty("The activity lacks its type");
  return body as Activity;
}
