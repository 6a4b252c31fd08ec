import { decodeJwt } from "jose";
import { notServed } from "../../gap";
import { type Call, router, type Router } from "../../routes";
import { teams } from "../direct-line/conversation";
import { readCookie } from "../direct-line/sessions";
import { serviceError } from "../errors";
import type { BotFramework } from "../framework";
import { ProviderRefused, type TokenSet } from "./identity-provider";
import { codePage, errorPage, refusedPage, signedInPage, teamsCodePage } from "./pages";
import type { SignIn, Visit } from "./sign-ins";
import type { TokenOwner, TokenResponse } from "./user-tokens";

const redirectPath = "/.auth/web/redirect";
const oldLink = "The Sign In code was not found or expired. Please try asking the bot to sign in again.";

/** What a person's browser sees of the Token Service: the sign-in address and the way back from the provider. */
export function createSignInPages(framework: BotFramework): Router {
  const pages = new SignInPages(framework);
  return router({
    "GET /api/oauth/signin": (call) => pages.signIn(call),
    [`GET ${redirectPath}`]: (call) => pages.comeBack(call),
  });
}

class SignInPages {
  constructor(private readonly framework: BotFramework) {}

  /** Sends the browser to the provider, with a cookie that ties the way back to it. */
  async signIn({ request, url, query }: Call): Promise<Response> {
    const { id, sessionId } = readSignIn(query);
    const signIn = this.framework.signIns.find(id);
    const owner = signIn && this.#owner(signIn);
    if (!owner) return errorPage(400, oldLink);
    const { connection } = owner;
    const known = sessionId && this.framework.sessions.ofBrowser(sessionId, request) ? sessionId : undefined;
    const visit = this.framework.signIns.depart(id, known);
    const { state, challenge } = visit;
    const provider = this.framework.userTokens.provider(connection);
    const location = provider.authorizeUrl(connection, { redirectUri: redirectUri(url), state, challenge });
    // Nothing leaves the machine: a browser sent there would meet the real provider.
    const host = URL.parse(location)?.hostname ?? location;
    if (!this.framework.azure.serves(host)) return errorPage(400, notServed(host).message);
    const attributes = `Path=${redirectPath}; Max-Age=600; Secure; HttpOnly; SameSite=Lax`;
    return new Response(null, {
      status: 302,
      headers: {
        location,
        "set-cookie": `consent${state}=${visit.cookie}; ${attributes}`,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      },
    });
  }

  /** Takes the provider's answer: keeps the token for the chat's own browser, or shows any other the code. */
  async comeBack({ request, url, query }: Call): Promise<Response> {
    const state = query.get("state") ?? "";
    const visit = this.framework.signIns.visit(state);
    if (!visit) return errorPage(400, oldLink);
    if (readCookie(request, `consent${state}`) !== visit.cookie) {
      throw serviceError(400, `Missing session cookie (consent${state}) in consent redirect request.`);
    }
    this.framework.signIns.arrive(visit);
    const code = query.get("code");
    if (!code) {
      const said = query.get("error_description") ?? query.get("error") ?? "The provider sent no code.";
      return refusedPage(query, said);
    }
    const signIn = this.framework.signIns.finish(visit.signInId);
    const owner = signIn && this.#owner(signIn);
    if (!signIn || !owner) return errorPage(400, oldLink);
    try {
      const { connection } = owner;
      const answer = { code, redirectUri: redirectUri(url), verifier: visit.verifier };
      const tokens = await this.framework.userTokens.provider(connection).redeem(connection, answer);
      return this.#finish(request, visit, signIn, owner, tokens);
    } catch (error) {
      if (error instanceof ProviderRefused) return errorPage(400, error.description);
      throw error;
    }
  }

  #finish(request: Request, visit: Visit, signIn: SignIn, owner: TokenOwner, tokens: TokenSet): Response {
    if (!this.#isChatBrowser(request, visit, signIn)) {
      const code = this.framework.userTokens.offer(owner, tokens);
      return this.#isTeamsUser(signIn, owner, tokens) ? teamsCodePage(code) : codePage(code);
    }
    this.#tellBot(signIn, owner, this.framework.userTokens.keep(owner, tokens));
    return signedInPage();
  }

  /** True where this browser runs the very chat, as the very user, that the address was made for. */
  #isChatBrowser(request: Request, visit: Visit, signIn: SignIn): boolean {
    const session = visit.sessionId && this.framework.sessions.ofBrowser(visit.sessionId, request);
    if (!session || signIn.channelId !== "directline") return false;
    return session.userId === signIn.userId && session.conversationId === signIn.conversationId;
  }

  /**
   * True where Teams may be handed the code: the address was made for Teams, compared exactly (`msteams:COPILOT` is shown the
   * code, microsoft/Agents-for-net#827), and whoever signed in is the user of Teams. Else the code is shown, to be typed. Where
   * the provider's token does not say who it is, it is taken for the user's.
   */
  #isTeamsUser({ channelId, userId, conversationId }: SignIn, { bot }: TokenOwner, { accessToken }: TokenSet): boolean {
    if (channelId !== teams.id) return false;
    const conversation = conversationId && this.framework.conversations.find(conversationId, bot.id);
    const user = (conversation || undefined)?.members.find(({ id }) => id === userId);
    const signedIn = objectIdIn(accessToken);
    return user?.aadObjectId === undefined || signedIn === undefined || signedIn === user.aadObjectId;
  }

  /** The event that lets the bot go on, in the conversation where it asked. The page does not wait for its turn. */
  #tellBot(signIn: SignIn, { bot }: TokenOwner, value: TokenResponse): void {
    const { conversations, delivery, azure } = this.framework;
    const conversation = signIn.conversationId && conversations.find(signIn.conversationId, bot.id);
    if (!conversation) return;
    const from = conversation.user ?? { id: signIn.userId };
    const event = delivery.envelope(conversation, from, { type: "event", name: "tokens/response", value });
    delivery
      .deliver(bot, event)
      .catch((error: Error) =>
        azure.log(`Token Service: ${bot.handle} did not take tokens/response. ${error.message}`),
      );
  }

  /** Whose sign-in it is; undefined where the bot or the connection has gone since. */
  #owner({ botId, connectionName, settingId, channelId, userId }: SignIn): TokenOwner | undefined {
    const bot = this.framework.registrations.byId(botId);
    const connection = bot && this.framework.registrations.connection(bot, connectionName);
    if (!bot || connection?.settingId !== settingId) return undefined;
    return { bot, connection, channelId, userId };
  }
}

/** Whose token of Entra's it is; undefined where it is none. */
function objectIdIn(token: string): unknown {
  try {
    return decodeJwt(token)["oid"];
  } catch {
    return undefined;
  }
}

/** Web Chat appends the session to the sign-in address encoded, so it arrives inside the value of `signin`. */
function readSignIn(query: URLSearchParams): { id: string; sessionId?: string } {
  const [id = "", ...rest] = (query.get("signin") ?? "").split("&");
  const sessionId = new URLSearchParams(rest.join("&")).get("code_challenge") ?? query.get("code_challenge");
  return { id, ...(sessionId && { sessionId }) };
}

const redirectUri = (url: URL): string => `https://${url.hostname}${redirectPath}`;
