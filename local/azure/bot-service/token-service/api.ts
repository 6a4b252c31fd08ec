import { type Call, router, type Router } from "../../routes";
import { callingBot } from "../caller";
import { member, readObject } from "../direct-line/body";
import { badArgument, connectionNotFound, consentRequired, serviceError, tokenNotFound } from "../errors";
import type { BotFramework } from "../framework";
import type { Bot } from "../registration";
import { residencyOfHost } from "../residency";
import { ProviderRefused, type TokenSet } from "./identity-provider";
import { signInResource } from "./sign-in-resource";
import type { TokenOwner } from "./user-tokens";

/**
 * The Token Service's API, as the SDKs call it. The bot is the one that the bearer token names.
 * https://learn.microsoft.com/azure/bot-service/bot-builder-concept-authentication
 */
export function createTokenApi(framework: BotFramework): Router {
  const api = new TokenApi(framework);
  return router({
    "GET /api/usertoken/GetToken": (call) => api.getToken(call),
    "GET /api/usertoken/GetTokenOrSignInResource": (call) => api.getTokenOrSignInResource(call),
    "GET /api/usertoken/GetTokenStatus": (call) => api.getTokenStatus(call),
    "POST /api/usertoken/GetAadTokens": (call) => api.getAadTokens(call),
    "POST /api/usertoken/exchange": (call) => api.exchange(call),
    "DELETE /api/usertoken/SignOut": (call) => api.signOut(call),
    "GET /api/botsignin/GetSignInResource": (call) => api.getSignInResource(call),
    "GET /api/botsignin/GetSignInUrl": (call) => api.getSignInUrl(call),
  });
}

class TokenApi {
  constructor(private readonly framework: BotFramework) {}

  /** @param unknown how it is refused that there is no such connection */
  async #bot(asked: Call, unknown = connectionNotFound): Promise<Bot> {
    const { azure, registrations } = this.framework;
    const bot = await callingBot(azure, registrations, asked.request);
    if (residencyOfHost(asked.url.hostname) === bot.residency) return bot;
    azure.log(
      `Token Service: ${bot.handle} lives in '${bot.residency.location}' and asked ${asked.url.hostname}. ` +
        `Its Token Service is https://${bot.residency.prefix}api.botframework.com`,
    );
    // A residency's Token Service knows its own bots' connections only (known mistake 4).
    throw unknown(parameter(asked, "connectionName") ?? "");
  }

  async #owner(asked: Call, unknown = connectionNotFound): Promise<TokenOwner> {
    const bot = await this.#bot(asked, unknown);
    const userId = required(asked, "userId");
    const channelId = parameter(asked, "channelId") ?? "";
    const connection = this.#connection(bot, required(asked, "connectionName"), unknown);
    return { bot, connection, channelId, userId };
  }

  #connection(bot: Bot, name: string, unknown = connectionNotFound): TokenOwner["connection"] {
    const connection = this.framework.registrations.connection(bot, name);
    if (!connection) throw unknown(name);
    return connection;
  }

  async #token(asked: Call, owner: TokenOwner): Promise<unknown> {
    const code = parameter(asked, "code");
    const { userTokens } = this.framework;
    return code ? userTokens.redeem(owner, code) : await userTokens.get(owner);
  }

  async getToken(asked: Call): Promise<Response> {
    const token = await this.#token(asked, await this.#owner(asked, tokenNotFound));
    if (!token) throw tokenNotFound();
    return Response.json(token);
  }

  async getTokenOrSignInResource(asked: Call): Promise<Response> {
    const owner = await this.#owner(asked);
    const tokenResponse = await this.#token(asked, owner);
    if (tokenResponse) return Response.json({ tokenResponse });
    const { conversationId, msAppId } = readState(required(asked, "state"));
    return Response.json({ signInResource: signInResource(this.framework, { ...owner, conversationId, msAppId }) });
  }

  async getSignInResource(asked: Call): Promise<Response> {
    const bot = await this.#bot(asked);
    const { connectionName, channelId, userId, ...more } = readState(required(asked, "state"));
    if (!connectionName || !channelId || !userId) throw badArgument("The state lacks connection, channel or user");
    const connection = this.#connection(bot, connectionName);
    return Response.json(signInResource(this.framework, { bot, connection, channelId, userId, ...more }));
  }

  async getSignInUrl(asked: Call): Promise<Response> {
    const made = (await (await this.getSignInResource(asked)).json()) as { signInLink: string };
    return new Response(made.signInLink, { headers: { "content-type": "text/plain; charset=utf-8" } });
  }

  async getTokenStatus(asked: Call): Promise<Response> {
    const bot = await this.#bot(asked);
    const userId = required(asked, "userId");
    const channelId = parameter(asked, "channelId") ?? "";
    const wanted = parameter(asked, "include")?.split(",");
    const connections = this.framework.registrations.connections(bot);
    const statuses = connections
      .filter(({ name }) => !wanted || wanted.includes(name))
      .map(async (connection) => ({
        channelId,
        connectionName: connection.name,
        hasToken: Boolean(await this.framework.userTokens.get({ bot, connection, channelId, userId })),
        serviceProviderDisplayName: connection.providerDisplayName,
      }));
    return Response.json(await Promise.all(statuses));
  }

  async getAadTokens(asked: Call): Promise<Response> {
    const owner = await this.#owner(asked);
    const resources = member(await readObject(asked.request), "resourceUrls");
    if (!Array.isArray(resources)) throw badArgument("The body lacks its list of resourceUrls");
    const tokens: Record<string, unknown> = {};
    for (const resource of resources.map(String)) {
      const token = await this.framework.userTokens.forResource(owner, resource);
      if (token) tokens[resource] = token;
    }
    return Response.json(tokens);
  }

  async exchange(asked: Call): Promise<Response> {
    const owner = await this.#owner(asked);
    const { connection } = owner;
    const token = member(await readObject(asked.request), "token");
    if (typeof token !== "string" || token === "") throw badArgument("The body lacks the token to exchange");
    if (!connection.parameters.get("tokenexchangeurl")) {
      throw serviceError(
        400,
        `Token exchange is not configured: connection ${connection.name} has no tokenExchangeUrl`,
      );
    }
    const { userTokens } = this.framework;
    let tokens: TokenSet;
    try {
      tokens = await userTokens.provider(connection).exchange(connection, token);
    } catch (error) {
      if (!(error instanceof ProviderRefused)) throw error;
      if (/AADSTS65001/.test(error.description) || error.code === "interaction_required") throw consentRequired();
      throw serviceError(400, `Unable to exchange token: ${error.description}`);
    }
    return Response.json(userTokens.keep(owner, tokens));
  }

  async signOut(asked: Call): Promise<Response> {
    const bot = await this.#bot(asked);
    const userId = required(asked, "userId");
    const channelId = parameter(asked, "channelId") ?? "";
    const name = parameter(asked, "connectionName");
    const { registrations, userTokens } = this.framework;
    const connections = name ? [this.#connection(bot, name)] : registrations.connections(bot);
    for (const connection of connections) userTokens.signOut({ bot, connection, channelId, userId });
    // Exactly 200: the SDK takes 204 for a failure.
    return new Response(null, { status: 200 });
  }
}

/** A query parameter, whose name SDKs spell in more than one case; undefined where it is empty. */
function parameter({ query }: Call, name: string): string | undefined {
  return [...query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] || undefined;
}

function required(asked: Call, name: string): string {
  const value = parameter(asked, name);
  if (!value) throw badArgument(`The query parameter ${name} is missing`);
  return value;
}

interface State {
  readonly connectionName?: string;
  readonly conversationId?: string;
  readonly channelId?: string;
  readonly userId?: string;
  /** Undefined where it is empty, as the Agents SDK for JavaScript sends it. */
  readonly msAppId?: string;
}

/** Reads the state that a bot sends along: base64 of a JSON object with the conversation's reference. */
function readState(state: string): State {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(Buffer.from(state, "base64").toString("utf8")) as Record<string, unknown>;
  } catch {
    throw badArgument("The state is not a base64 text of JSON");
  }
  const reference = member(value, "conversation");
  const text = (found: unknown): string | undefined => (typeof found === "string" ? found : undefined);
  return {
    connectionName: text(member(value, "connectionName")),
    conversationId: text(member(member(reference, "conversation"), "id")),
    channelId: text(member(reference, "channelId")),
    userId: text(member(member(reference, "user"), "id")),
    msAppId: text(member(value, "msAppId")) || undefined,
  };
}
