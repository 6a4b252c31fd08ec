import type { WebSocket } from "ws";
import { AzureError } from "../../error";
import { notServed } from "../../gap";
import { type Call, router, type Router } from "../../routes";
import { newId } from "../../secrets";
import type { Service } from "../../hosted-service";
import type { Account, Activity } from "../activity";
import { crossOrigin } from "../cross-origin";
import { badArgument, conversationNotFound, forbidden, missingProperty, pathNotFound } from "../errors";
import type { BotFramework } from "../framework";
import { hostsOf } from "../residency";
import { type Access, readAccess } from "./access";
import { member, readObject } from "./body";
import type { Conversation } from "./conversation";
import { type TokenClaims, tokenLifetime } from "./tokens";

/**
 * directline.botframework.com and its regional twins: Direct Line 3.0, and the connector for the conversations that
 * live there.
 * @param connector answers the connector's paths
 */
export function createDirectLine(framework: BotFramework, connector: Router): Service {
  const directLine = new DirectLine(framework);
  const base = "/v3/directline";
  const find = router({
    [`POST ${base}/tokens/generate`]: (call) => directLine.generate(call),
    [`POST ${base}/tokens/refresh`]: (call) => directLine.refresh(call),
    [`GET ${base}/session/getsessionid`]: (call) => directLine.session(call),
    [`POST ${base}/conversations`]: (call) => directLine.start(call),
    [`GET ${base}/conversations/{id}`]: (call) => directLine.reconnect(call),
    [`POST ${base}/conversations/{id}/activities`]: (call) => directLine.post(call),
    [`GET ${base}/conversations/{id}/activities`]: (call) => directLine.read(call),
    [`POST ${base}/conversations/{id}/upload`]: (call) => directLine.upload(call),
  });
  return {
    name: "Direct Line",
    hosts: hostsOf("directline"),
    paths: [...find.paths, ...connector.paths],
    lacks: ["uploads"],
    handle: (request) =>
      crossOrigin(request, async () => {
        const answer = (await find(request)) ?? (await connector(request));
        if (!answer) throw pathNotFound(request);
        return answer;
      }),
    upgrade: (request) => directLine.upgrade(request),
    close: () => framework.conversations.close(),
  };
}

class DirectLine {
  constructor(private readonly framework: BotFramework) {}

  #access(request: Request): Promise<Access> {
    return readAccess(request, this.framework.registrations, this.framework.directLineTokens);
  }

  /** Makes a token for a new conversation out of the site's secret; the conversation begins later. */
  async generate({ request }: Call): Promise<Response> {
    const access = await this.#access(request);
    if (access.token) throw forbidden("Tokens are generated with the site's secret, not with a token");
    const body = await readObject(request);
    const user = readUser(access, member(body, "user"));
    const origins = member(body, "trustedOrigins");
    const conv = this.framework.conversations.newId(access.bot);
    return this.#answerToken({
      bot: access.bot.id,
      site: access.site.siteId,
      conv,
      ...(user && { user: user.id, userName: user.name }),
      ...(Array.isArray(origins) && { origins: origins.map(String) }),
    });
  }

  async refresh({ request }: Call): Promise<Response> {
    const { token } = await this.#access(request);
    if (!token) throw forbidden("A token is refreshed with itself, not with the site's secret");
    return this.#answerToken(token);
  }

  async #answerToken(claims: TokenClaims): Promise<Response> {
    const { bot, site, conv, user, userName, origins } = claims;
    const token = await this.framework.directLineTokens.issue({ bot, site, conv, user, userName, origins });
    return Response.json({ conversationId: conv, token, expires_in: tokenLifetime });
  }

  async session({ request }: Call): Promise<Response> {
    return this.framework.sessions.begin(request, await this.#access(request));
  }

  /** Begins the token's conversation, or finds it again. With the secret: a new one each time. */
  async start({ request, url }: Call): Promise<Response> {
    const access = await this.#access(request);
    const { conversations, delivery } = this.framework;
    const body = await readObject(request);
    const id = access.token?.conv ?? conversations.newId(access.bot);
    const known = conversations.find(id, access.bot.id);
    if (known) return this.#answerConversation(url, access, known, "-", 200);
    const conversation = conversations.open(id, access.bot);
    conversation.user = userOfToken(access.token) ?? readUser(access, member(body, "user"));
    const members = [access.bot.account, ...(conversation.user ? [conversation.user] : [])];
    conversation.started = delivery.announce(access.bot, conversation, members);
    return this.#answerConversation(url, access, conversation, "-", 201);
  }

  async reconnect({ request, url, query, params }: Call): Promise<Response> {
    const access = await this.#access(request);
    const conversation = this.#conversation(access, params.id);
    return this.#answerConversation(url, access, conversation, query.get("watermark") ?? "-", 200);
  }

  async #answerConversation(
    url: URL,
    { bot, site, token: shown }: Access,
    { id, user }: Conversation,
    watermark: string,
    status: number,
  ): Promise<Response> {
    const claims = { bot: bot.id, site: site.siteId, conv: id, user: user?.id, userName: user?.name };
    const token = await this.framework.directLineTokens.issue({ ...claims, origins: shown?.origins });
    const query = new URLSearchParams({ watermark, t: token });
    const streamUrl = `wss://${url.hostname}/v3/directline/conversations/${id}/stream?${query}`;
    const answer = { conversationId: id, token, expires_in: tokenLifetime, streamUrl, referenceGrammarId: "" };
    return Response.json(answer, { status });
  }

  #conversation({ bot, token }: Access, id = ""): Conversation {
    if (token && token.conv !== id) throw forbidden("The token belongs to another conversation");
    const conversation = this.framework.conversations.find(id, bot.id);
    if (!conversation) throw conversationNotFound();
    return conversation;
  }

  /** Hands an activity to the bot and answers when the bot has taken it; an invoke gets the bot's own answer. */
  async post({ request, params }: Call): Promise<Response> {
    const access = await this.#access(request);
    const conversation = this.#conversation(access, params.id);
    const body = await readObject(request);
    if (typeof body.type !== "string") throw missingProperty("Invalid or missing activities in HTTP body");
    const { delivery } = this.framework;
    await conversation.started;
    const from = await this.#sender(access, conversation, body.from as Account | undefined);
    const activity = delivery.envelope(conversation, from, body as Activity);
    if (activity.type === "invoke") {
      const answer = await delivery.post(access.bot, activity);
      return new Response(await answer.text(), { status: answer.status, headers: contentType(answer) });
    }
    conversation.add(activity);
    await delivery.deliver(access.bot, activity);
    return Response.json({ id: activity.id });
  }

  /** The token's user, whoever the activity says it is from; the activity's where the token names none. */
  async #sender({ bot, token }: Access, conversation: Conversation, from?: Account): Promise<Account> {
    const owner = userOfToken(token);
    if (owner) return { ...(from?.name !== undefined && { name: from.name }), ...owner };
    if (!from?.id) throw missingProperty("The activity lacks the id of its sender: from.id");
    if (!conversation.user) {
      conversation.user = { id: from.id, ...(from.name !== undefined && { name: from.name }) };
      conversation.started = this.framework.delivery.announce(bot, conversation, [conversation.user]);
      await conversation.started;
    }
    return from;
  }

  async read({ request, query, params }: Call): Promise<Response> {
    const conversation = this.#conversation(await this.#access(request), params.id);
    return Response.json(conversation.since(query.get("watermark")));
  }

  async upload({ request, params }: Call): Promise<Response> {
    const access = await this.#access(request);
    this.#conversation(access, params.id);
    if (access.site.isBlockUserUploadEnabled) throw forbidden("User upload is disabled for the site");
    throw notServed("uploads: send the file's address as an attachment's contentUrl");
  }

  async upgrade(request: Request): Promise<((socket: WebSocket) => void) | Response> {
    try {
      const url = new URL(request.url);
      const id = /^\/v3\/directline\/conversations\/([^/]+)\/stream$/i.exec(url.pathname)?.[1];
      if (!id) throw pathNotFound(request);
      const conversation = this.#conversation(await this.#access(request), decodeURIComponent(id));
      return (socket) => conversation.stream(socket, url.searchParams.get("watermark"));
    } catch (error) {
      if (error instanceof AzureError) return error.toResponse();
      throw error;
    }
  }
}

function userOfToken(token: TokenClaims | undefined): Account | undefined {
  if (!token?.user) return undefined;
  return { id: token.user, ...(token.userName !== undefined && { name: token.userName }) };
}

/**
 * The user that a request names. With enhanced authentication an id begins with `dl_`, and one that is left out is
 * made. https://learn.microsoft.com/azure/bot-service/bot-builder-security-enhanced
 */
function readUser({ site }: Access, given: unknown): Account | undefined {
  const id = member(given, "id");
  const name = member(given, "name");
  const named = typeof name === "string" ? { name } : {};
  if (typeof id === "string" && id !== "") {
    if (site.isSecureSiteEnabled && !id.startsWith("dl_")) throw badArgument("The user's id must begin with 'dl_'");
    return { id, ...named };
  }
  return site.isSecureSiteEnabled ? { id: `dl_${newId(16, "hex")}`, ...named } : undefined;
}

function contentType(answer: Response): Record<string, string> {
  const type = answer.headers.get("content-type");
  return type ? { "content-type": type } : {};
}
