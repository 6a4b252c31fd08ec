import type { Exchange } from "../azure/exchange";
import { mistakeOf, type Mistake } from "./mistakes";

/** The parties of a sign-in, in the order in which the page draws them. */
export const parties = ["User", "Channel", "Bot", "Token Service", "Identity provider", "Service"] as const;
export type Party = (typeof parties)[number];

/** The ten steps of a sign-in, as Microsoft's documentation of bot authentication tells them. */
export const steps: readonly string[] = [
  "You send the request to the bot",
  "The channel adds who you are and delivers the message",
  "The bot asks the Token Service for your token",
  "The Token Service has none",
  "The bot replies with a sign-in card",
  "A sign-in address for this very request is made",
  "You see the card with the sign-in button",
  "You press it: the provider's sign-in page opens",
  "You sign in: the token is stored, the bot is told",
  "The bot calls the service with the token",
];

/** One arrow of the drawing. */
export interface Arrow {
  readonly number: number;
  readonly from: Party;
  readonly to: Party;
  /** A service without a lane of its own, drawn beside the party that called it. */
  readonly outside?: string;
  /** Which identity provider or service it is, where the exchange is with one of them. */
  readonly at?: string;
  /** The conversation that it names; absent where it names none. */
  readonly conversation?: { readonly id: string; readonly name: string };
  /** Steps (1 to 10) that this exchange shows; empty for what belongs to none of them. */
  readonly steps: readonly number[];
  readonly method: string;
  /** The path with ids shortened, for reading. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** True where the exchange failed in a way that a person should see: 4xx and 5xx, but not "no token yet". */
  readonly refused: boolean;
  /** What is known of the failure. */
  readonly mistake?: Mistake;
}

/** The party on whose lane a service stands; undefined for services that have no part in a sign-in. */
function partyOf(service: string, path: string): Party | undefined {
  switch (service) {
    case "Direct Line":
    case "Teams":
      return "Channel";
    case "Bot Connector":
    case "Token Service":
      return path.startsWith("/v3/") ? "Channel" : "Token Service";
    case "App Service":
      return "Bot";
    case "Entra ID":
    case "GitHub":
    case "Company identity provider":
      return "Identity provider";
    case "Microsoft Graph":
    case "GitHub API":
    case "Company orders":
      return "Service";
    default:
      return undefined;
  }
}

const callers: Readonly<Record<string, Party>> = {
  browser: "User",
  bot: "Bot",
  "Direct Line": "Channel",
  Teams: "Channel",
  "Bot Connector": "Channel",
  "Token Service": "Token Service",
};

/** An exchange as an arrow of the drawing; undefined where it is no part of a person's talk with the bot. */
export function arrow(exchange: Exchange): Arrow | undefined {
  const url = new URL(exchange.url);
  const from = callers[exchange.caller];
  if (!from || isNoise(exchange, url)) return undefined;
  const mistake = mistakeOf(exchange);
  const refused = mistake !== undefined || (exchange.status >= 400 && !isExpected(exchange, url));
  const to = partyOf(exchange.service, url.pathname);
  const onLanes = to !== undefined && from !== to;
  const conversation = conversationOf(exchange, url);
  // What has no lane, and what the bot does for itself, is shown only where it failed.
  if (!refused && !(onLanes && isPartOfTalk(exchange))) return undefined;
  return {
    number: exchange.number,
    from,
    to: onLanes ? to : from,
    ...(!onLanes && { outside: exchange.service }),
    ...(onLanes && (to === "Identity provider" || to === "Service") && { at: exchange.service }),
    ...(conversation && { conversation }),
    steps: stepsOf(exchange, url, to, refused),
    method: exchange.method,
    path: shortened(url.pathname),
    status: exchange.status,
    milliseconds: Math.round(exchange.milliseconds),
    refused,
    ...(mistake && { mistake }),
  };
}

/** Files of pages, keys, health checks and preflights: they would bury the talk, and fail for reasons of their own. */
function isNoise({ method, url: address }: Exchange, url: URL): boolean {
  return (
    method === "OPTIONS" ||
    method === "HEAD" ||
    address.includes("health-check") ||
    /\/healthz$|\/health\/|\.(js|css|ico|png|svg)$|keys$|openidconfiguration$|openid-configuration$/i.test(url.pathname)
  );
}

/** Leaves out pages, polling, and the bot's own token. */
function isPartOfTalk({ service, caller, method, url }: Exchange): boolean {
  if (service === "App Service") return method === "POST" && !url.endsWith("/api/token");
  if (service === "Direct Line" && method === "GET") return /session/i.test(url);
  if (service === "Direct Line" && caller === "bot") return !url.endsWith("/tokens/generate");
  return !(service === "Entra ID" && caller === "bot");
}

/** Answers with 4xx that say "not there yet" and nothing else. */
function isExpected({ service, status, caller }: Exchange, url: URL): boolean {
  if (status !== 404 && status !== 409 && status !== 412) return false;
  if (service === "Blob Storage") return true;
  // With a code the answer says that the code is wrong.
  return caller === "bot" && /\/api\/usertoken\/gettoken$/i.test(url.pathname) && !url.searchParams.get("code");
}

/** A path that a person can read: ids and other long segments cut. */
function shortened(path: string): string {
  return decodeURIComponent(path)
    .split("/")
    .map((segment) => (segment.length > 20 && /\d|[|]/.test(segment) ? `${segment.slice(0, 4)}…` : segment))
    .join("/");
}

/** The conversation in an activity's address, or in the activity itself where it is delivered to the bot. */
function conversationOf({ service, requestBody }: Exchange, { pathname }: URL): Arrow["conversation"] {
  const [, inPath] = /\/conversations\/([^/]+)/.exec(pathname) ?? [];
  if (inPath !== undefined)
    return { id: conversationId(decodeURIComponent(inPath)), name: service === "Direct Line" ? "Web chat" : "" };
  if (service !== "App Service") return undefined;
  const { channelId, conversation, from } = activityIn(requestBody);
  if (typeof conversation?.id !== "string") return undefined;
  return { id: conversationId(conversation.id), name: nameOf(channelId, conversation.conversationType, from?.name) };
}

interface WrittenActivity {
  readonly channelId?: unknown;
  readonly conversation?: { readonly id?: unknown; readonly conversationType?: unknown };
  readonly from?: { readonly name?: unknown };
}

function activityIn(body = ""): WrittenActivity {
  try {
    return (JSON.parse(body) ?? {}) as WrittenActivity;
  } catch {
    return {};
  }
}

/** A channel of Teams names the thread, too: all its threads are one conversation here. */
const conversationId = (id: string): string => id.split(";")[0] as string;

function nameOf(channelId: unknown, kind: unknown, person: unknown): string {
  if (channelId !== "msteams") return "Web chat";
  if (kind === "groupChat") return "Teams, group chat";
  return kind === "channel" ? "Teams, channel" : `Teams, ${String(person)}`;
}

/** The code of a sign-in page, typed into the chat: it goes on with a request, and is none. */
const isCode = /"text"\s*:\s*"\s*\d{6}\s*"/;

function stepsOf(exchange: Exchange, url: URL, to: Party | undefined, refused: boolean): number[] {
  const path = url.pathname.toLowerCase();
  const sent = exchange.requestBody ?? "";
  const isMessage = /"type"\s*:\s*"message"/.test(sent);
  if (isMessage && isCode.test(sent) && exchange.caller !== "bot") return [];
  if (exchange.caller === "browser" && to === "Channel" && exchange.method === "POST" && path.endsWith("/activities")) {
    return isMessage ? [1] : [];
  }
  if (to === "Bot") {
    // What people write in Teams reaches the local Azure by its page, which the trace does not show.
    if (isMessage) return exchange.caller === "Teams" ? [1, 2] : [2];
    return /tokens\/response|signin\/(tokenExchange|verifyState)/.test(sent) ? [9] : [];
  }
  if (path.endsWith("/gettokenorsigninresource")) {
    return (exchange.responseBody ?? "").includes("signInResource") ? [3, 4, 6] : [3];
  }
  if (path.endsWith("/usertoken/gettoken")) {
    if (url.searchParams.get("code")) return [9];
    return exchange.status === 404 ? [3, 4] : [3];
  }
  if (path.endsWith("/botsignin/getsigninresource")) return [6];
  if (exchange.caller === "bot" && to === "Channel") return sent.includes("card.oauth") ? [5, 7] : [];
  if (path.endsWith("/api/oauth/signin")) return [8];
  if (exchange.caller === "browser" && to === "Identity provider") {
    // Its page opened, and lets the person not through: a wrong password, or consent that nobody gave.
    if (refused && exchange.status < 400) return [9];
    return /\/auth(orize)?$/.test(path) ? [8] : [];
  }
  // Single sign-on: Teams asks in the person's place, and no page opens.
  if (exchange.caller === "Teams" && to === "Identity provider") return sent.includes("access_as_user") ? [8] : [];
  if (path.endsWith("/.auth/web/redirect")) return [9];
  if (exchange.caller === "Token Service" && to === "Identity provider") return [9];
  if (exchange.caller === "bot" && to === "Service") return [10];
  return [];
}
