import type { Exchange } from "../azure/trace";

/** The parties of a sign-in, in the order in which the page draws them. */
export const parties = ["User", "Channel", "Bot", "Token Service", "Identity provider", "Graph"] as const;
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
  "You sign in; the Token Service stores the token and tells the bot",
  "The bot calls Microsoft Graph with the token",
];

/** One arrow of the drawing. */
export interface Arrow {
  readonly number: number;
  readonly from: Party;
  readonly to: Party;
  /** Steps (1 to 10) that this exchange shows; empty for what belongs to none of them. */
  readonly steps: readonly number[];
  /** `GET /v1.0/me/messages` */
  readonly label: string;
  readonly status: number;
  readonly milliseconds: number;
  /** True where the exchange failed in a way that a person should see: 4xx and 5xx, but not "no token yet". */
  readonly refused: boolean;
}

/** The party on whose lane a service stands; undefined for services that have no part in a sign-in. */
function partyOf(service: string, path: string): Party | undefined {
  switch (service) {
    case "Direct Line":
      return "Channel";
    case "Bot Connector":
    case "Token Service":
      return path.startsWith("/v3/") ? "Channel" : "Token Service";
    case "App Service":
      return "Bot";
    case "Entra ID":
      return "Identity provider";
    case "Microsoft Graph":
      return "Graph";
    default:
      return undefined;
  }
}

const callers: Readonly<Record<string, Party>> = {
  browser: "User",
  bot: "Bot",
  "Direct Line": "Channel",
  "Bot Connector": "Channel",
  "Token Service": "Token Service",
};

/** An exchange as an arrow of the drawing; undefined where it is no part of a person's talk with the bot. */
export function arrow(exchange: Exchange): Arrow | undefined {
  const url = new URL(exchange.url);
  const from = callers[exchange.caller];
  const to = partyOf(exchange.service, url.pathname);
  if (!from || !to || from === to || !isPartOfTalk(exchange, url)) return undefined;
  return {
    number: exchange.number,
    from,
    to,
    steps: stepsOf(exchange, url, to),
    label: `${exchange.method} ${url.pathname}`,
    status: exchange.status,
    milliseconds: exchange.milliseconds,
    refused: exchange.status >= 400,
  };
}

/** Leaves out pages, scripts, health checks, polling and preflights: they would bury the talk. */
function isPartOfTalk(exchange: Exchange, url: URL): boolean {
  if (exchange.method === "OPTIONS" || exchange.method === "HEAD") return false;
  if (exchange.service === "App Service") return exchange.method === "POST";
  if (exchange.service === "Direct Line" && exchange.method === "GET") return /session/i.test(url.pathname);
  if (exchange.service === "Entra ID" && exchange.caller === "bot") return false;
  return !/\.(js|css|ico|png|svg)$|keys$|openidconfiguration$|openid-configuration$/i.test(url.pathname);
}

function stepsOf(exchange: Exchange, url: URL, to: Party): number[] {
  const path = url.pathname.toLowerCase();
  const sent = exchange.requestBody ?? "";
  const isMessage = /"type"\s*:\s*"message"/.test(sent);
  if (exchange.caller === "browser" && to === "Channel" && exchange.method === "POST" && path.endsWith("/activities")) {
    return isMessage ? [1] : [];
  }
  if (to === "Bot") return isMessage ? [2] : sent.includes("tokens/response") ? [9] : [];
  if (path.endsWith("/gettokenorsigninresource")) {
    return (exchange.responseBody ?? "").includes("signInResource") ? [3, 4, 6] : [3];
  }
  if (exchange.caller === "bot" && to === "Channel") return sent.includes("card.oauth") ? [5, 7] : [];
  if (path.endsWith("/api/oauth/signin")) return [8];
  if (path.endsWith("/.auth/web/redirect")) return [9];
  if (exchange.caller === "Token Service" && to === "Identity provider") return [9];
  if (exchange.caller === "bot" && to === "Graph") return [10];
  return [];
}
