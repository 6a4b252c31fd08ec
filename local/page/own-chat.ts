import { randomBytes } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ChatPage } from "../../bot/chat-page/page";
import type { Answer } from "../../bot/host/answer";
import { bundleChatPage } from "../../infra/code/bundle";
import { cacheFolder } from "../../infra/code/cache";
import { webChatFile } from "../../infra/code/web-chat";
import { residencyOfLocation } from "../azure/bot-service/residency";
import type { LocalAzure } from "../azure/azure";
import { ownChatPath } from "../door/localhost-form";
import { isSameOrigin } from "./same-origin";

const root = resolve(__dirname, "../..");
const cookieName = "own-chat";

/**
 * A chat page for bots that have none: the one of the bundled bot, served by the local Azure at `/chat/<host of the web
 * app>/`. It stands in for the page that such a bot's users would have at its own address, whose origin the Direct Line
 * site trusts. In Azure nobody serves it.
 */
export class OwnChat {
  #page: Promise<ChatPage> | undefined;

  constructor(private readonly azure: LocalAzure) {}

  /** Path of the page that shows a bot: its own where it has one. */
  async pathOf(host: string): Promise<string> {
    const answer = await this.azure.call("local Azure", `https://${host}/`).catch(() => undefined);
    await answer?.body?.cancel();
    const html = answer?.headers.get("content-type")?.includes("html") ?? false;
    return html && answer!.status !== 404 ? `/${host}/` : `${ownChatPath}/${host}/`;
  }

  /** Answers what belongs to the page; undefined for everything else. */
  async answer(request: Request): Promise<Response | undefined> {
    const url = new URL(request.url);
    const [, host, path = ""] = new RegExp(`^${ownChatPath}/([^/]+)(/.*)$`).exec(url.pathname) ?? [];
    const bot = host === undefined ? undefined : this.#botAt(host);
    if (!bot) return undefined;
    if (request.method === "POST") return isSameOrigin(request) ? this.#post(request, bot, path) : refused();
    const page = await (this.#page ??= this.#made());
    const { status, headers, content }: Answer =
      path === "/" ? page.page() : ((await page.file(path, url.searchParams, {})) ?? { status: 404 });
    return new Response(content as BodyInit | undefined, { status, headers: this.#reachable(headers) });
  }

  async #post(request: Request, bot: Bot, path: string): Promise<Response> {
    if (path === "/api/sign-out")
      return Response.json({}, { headers: { "set-cookie": `${cookieName}=; Max-Age=0; Path=${ownChatPath}` } });
    if (path !== "/api/token") return new Response(null, { status: 404 });
    const known = /(?:^|;\s*)own-chat=(dl_[\w-]{22})(?:;|$)/.exec(request.headers.get("cookie") ?? "")?.[1];
    const user = known ?? `dl_${randomBytes(16).toString("base64url")}`;
    const directLine = `https://${bot.prefix}directline.botframework.com/v3/directline`;
    const answer = await this.azure.call("browser", `${directLine}/tokens/generate`, {
      method: "POST",
      headers: { authorization: `Bearer ${bot.key}`, "content-type": "application/json" },
      body: JSON.stringify({ user: { id: user, name: "You" } }),
    });
    const { token, conversationId, expires_in } = (await answer.json()) as Record<string, unknown>;
    const domain = directLine.replace("https://", `${this.azure.browserOrigin}/`);
    const cookie = `${cookieName}=${user}; HttpOnly; SameSite=Strict; Path=${ownChatPath}`;
    return Response.json(
      { token, conversationId, expiresIn: expires_in, domain },
      { status: answer.status, headers: { "set-cookie": cookie } },
    );
  }

  #botAt(host: string): Bot | undefined {
    const { resources } = this.azure;
    for (const bot of resources.list("Microsoft.BotService/botServices")) {
      if (URL.parse(String(bot.properties.endpoint))?.host !== host) continue;
      const channel = resources.get(`${bot.id}/channels/DirectLineChannel`);
      const { sites = [] } = (channel?.properties.properties ?? {}) as {
        sites?: { key: string; isSecureSiteEnabled?: boolean }[];
      };
      const site = sites.find(({ isSecureSiteEnabled }) => isSecureSiteEnabled) ?? sites[0];
      if (site) return { key: site.key, prefix: residencyOfLocation(bot.location)?.prefix ?? "" };
    }
    return undefined;
  }

  async #made(): Promise<ChatPage> {
    await mkdir(cacheFolder(root), { recursive: true });
    const folder = await mkdtemp(join(cacheFolder(root), "own-chat-"));
    try {
      const given = join(root, "bot/chat-page/public");
      const [client, webChat, names] = await Promise.all([bundleChatPage(root), webChatFile(root), readdir(given)]);
      await Promise.all(names.map((name) => copyFile(join(given, name), join(folder, name))));
      await writeFile(join(folder, "chat.js"), client);
      await writeFile(join(folder, "webchat.js"), webChat);
      const settings = {
        chatTitle: "Chat",
        chatFrameAncestors: "'self'",
        directLineEndpoint: this.azure.browserOrigin,
      };
      // The page keeps its files in memory.
      return new ChatPage(folder, "", settings);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Direct Line's WebSocket is at this origin, too, in its localhost form. */
  #reachable(given: Answer["headers"] = {}): Record<string, string> {
    const headers = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const socket = this.azure.browserOrigin.replace("http:", "ws:");
    const { "content-security-policy": policy, "strict-transport-security": _strict, ...others } = headers;
    return policy
      ? { ...others, "content-security-policy": policy.replace("connect-src", `connect-src ${socket}`) }
      : others;
  }
}

interface Bot {
  /** Secret of the Direct Line site. */
  readonly key: string;
  /** What stands before the residency's hosts. */
  readonly prefix: string;
}

const refused = (): Response => new Response("Only this local Azure's own page may do that.\n", { status: 403 });
