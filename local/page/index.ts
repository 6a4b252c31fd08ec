import { asMermaid, type Picture } from "../../contract/set-up-picture";
import { roleDefinition } from "../azure/arm/role-definitions";
import type { LocalAzure } from "../azure/azure";
import type { Exchange } from "../azure/exchange";
import type { OwnPages } from "../door/browser";
import { ownChatPath } from "../door/localhost-form";
import { consentForEveryone } from "./consent";
import { bundlePage, icon, pageDocument } from "./document";
import { changeFaults, faultState } from "./fault-panel";
import { OwnChat } from "./own-chat";
import { pictureOfStores } from "./picture";
import { PageToken } from "./page-token";
import { TeamsPanel } from "./teams-panel";
import { arrow } from "./ten-steps";

/** What the page is told about the bot once it is deployed. */
export interface DeployedBot {
  /** Host of the web app. */
  readonly host: string;
}

/**
 * The local Azure's own page at `/`: the bot's chat page in a frame, or one of its own for a bot that has none, Teams beside it,
 * the ten steps of the sign-in drawn live from the trace, what was deployed as a picture, and faults to switch on.
 * @param bot gives the deployed bot, or undefined while there is none
 * @param makingApp says what becomes of the bot's app in Teams while it is not there
 */
export function ownPages(
  azure: LocalAzure,
  bot: () => DeployedBot | undefined,
  makingApp: () => string = () => "",
): OwnPages {
  let bundle: Promise<{ script: string; style: string }> | undefined;
  const picture = (): Picture =>
    pictureOfStores({
      resources: azure.resources,
      entra: azure.entra,
      roleName: (id) => roleDefinition(id, azure.resources)?.name,
    });

  const token = new PageToken();
  const chat = new OwnChat(azure);
  const teams = new TeamsPanel(azure, makingApp);
  /** Path of the chat that is shown; undefined while there is no bot. */
  const chatPath = async (): Promise<string | undefined> => {
    const host = bot()?.host;
    return host && (await chat.pathOf(host));
  };
  const open: Record<string, (request: Request) => Response | Promise<Response>> = {
    "/": async (request) => pageDocument(await chatPath(), token.forPage(request)),
    "/page.js": async () => file((await (bundle ??= bundlePage())).script, "text/javascript"),
    "/page.css": async () => file((await (bundle ??= bundlePage())).style, "text/css"),
    "/icon.svg": () => file(icon, "image/svg+xml"),
  };
  /** What shows something of the local Azure, for the page alone. */
  const shown: Record<string, (query: URLSearchParams) => Response | Promise<Response>> = {
    "/bot": async () => Response.json({ chat: (await chatPath()) ?? null }),
    "/sign-outs": () =>
      Response.json(azure.hosts.signOuts().map(({ name, address }) => ({ name, path: pathOf(address) }))),
    "/exchange": (query) => detail(azure, Number(query.get("number"))),
    "/arrows": () => arrows(azure, bot() !== undefined),
    "/picture.json": () => Response.json(picture()),
    "/picture.mmd": () => file(`${asMermaid(picture())}\n`, "text/plain"),
    "/faults": () => Response.json(faultState(azure)),
    "/teams": (query) => Response.json(teams.state(query)),
    "/teams/changes": () => teams.changes(),
  };
  const answer = async (request: Request): Promise<Response | undefined> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith(`${ownChatPath}/`)) return chat.answer(request);
    const reads = request.method === "GET" || request.method === "HEAD";
    const [, panel, action] = /^\/(faults|teams|consent)\/([a-z-]+)$/.exec(pathname) ?? [];
    if (reads && open[pathname]) return open[pathname](request);
    if (!action && !shown[pathname]) return undefined;
    if (!token.allows(request)) return new Response("Only this local Azure's own page may do that.\n", { status: 403 });
    if (reads) return shown[pathname]?.(searchParams);
    if (request.method !== "POST" || !action) return new Response(null, { status: 405 });
    if (panel === "teams") return teams.act(action, request);
    if (panel === "consent")
      return action === "everyone" ? consentForEveryone(azure) : new Response(null, { status: 404 });
    return changeFaults(azure, action, await request.json().catch(() => undefined));
  };
  return async (request) => {
    const given = await answer(request);
    // No other site's page may take this into its own, as a script or a picture.
    given?.headers.set("cross-origin-resource-policy", "same-origin");
    given?.headers.set("x-content-type-options", "nosniff");
    return given;
  };
}

/** The bot of an Azure that somebody else deploys to: the web app that a bot registration's endpoint points to. */
export function deployedBot({ resources }: Pick<LocalAzure, "resources">): DeployedBot | undefined {
  for (const { properties } of resources.list("Microsoft.BotService/botServices")) {
    const host = typeof properties.endpoint === "string" && URL.parse(properties.endpoint)?.host;
    const site = resources.list("Microsoft.Web/sites").find((one) => one.properties.defaultHostName === host);
    if (site && host) return { host };
  }
  return undefined;
}

/** Where the localhost form has an address. */
function pathOf(address: string): string {
  const { host, pathname } = new URL(address);
  return `/${host}${pathname}`;
}

function file(content: string, type: string): Response {
  return new Response(content, { headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" } });
}

/** Request and answer of one exchange; the trace holds no secret, so neither does this. */
function detail(azure: LocalAzure, number: number): Response {
  const exchange = azure.trace.exchanges(number - 1).find((entry) => entry.number === number);
  return exchange ? Response.json(exchange) : new Response(null, { status: 404 });
}

/**
 * Server-sent events: the kept arrows, then each new one. They begin with the first bot that is registered: nobody talks
 * before, and what its code lacks until then is still being made.
 * @param registered whether there is a bot, whose registration the trace may keep no more
 */
function arrows(azure: LocalAzure, registered: boolean): Response {
  const encoder = new TextEncoder();
  let talks = registered && !azure.trace.exchanges().some(registersBot);
  let end = (): void => undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (exchange: Exchange): void => {
        talks ||= registersBot(exchange);
        const drawn = talks && arrow(exchange);
        if (drawn) controller.enqueue(encoder.encode(`id: ${drawn.number}\ndata: ${JSON.stringify(drawn)}\n\n`));
      };
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      for (const exchange of azure.trace.exchanges()) send(exchange);
      end = azure.trace.subscribe(send);
    },
    cancel: () => end(),
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

function registersBot({ method, url, status }: Exchange): boolean {
  return method === "PUT" && status < 300 && /\/Microsoft\.BotService\/botServices\/[^/?]+\?/i.test(url);
}
