import { everyone, everywhere, signedInTo } from "../../contract/app-settings";
import { entra } from "../../contract/connection";
import type { ConnectionArgs } from "../connections/connection";

/** Who may show the chat page in a frame: nobody, the bot's own host only, or that and these origins. */
export type FramedBy = "none" | "self" | readonly string[];

/**
 * Who gets a chat: everybody who finds the page, or people who have signed in to a connection; `signedIn` is to the first
 * connection through which people of the tenant sign in.
 */
export type ChatAccess = "everyone" | "signedIn" | { readonly signedInTo: string };

export interface ChatPage {
  readonly enabled: boolean;
  readonly framedBy: FramedBy;
  readonly access: ChatAccess;
  /** Networks (CIDR) from which the page is seen; empty for everywhere. */
  readonly allowedNetworks: readonly string[];
}

/** The connections that can say who may chat: at other providers than the tenant's own everybody can get an account. */
export function connectionsOfTenant(connections: readonly ConnectionArgs[]): string[] {
  return connections
    .filter(({ provider = entra, tenantId }) => provider === entra && tenantId === undefined)
    .map(({ name }) => name);
}

/** The connection that the chat page demands a sign-in to, in a list; an empty one where it demands none. */
export function connectionOfChatPage({ enabled, access }: ChatPage, connections: readonly ConnectionArgs[]): string[] {
  if (!enabled || access === "everyone") return [];
  return typeof access === "object" ? [access.signedInTo] : connectionsOfTenant(connections).slice(0, 1);
}

/** Who can open the chat page, in words. */
export function chatPageText({ enabled, access, allowedNetworks }: ChatPage): string {
  if (!enabled) return "no chat page";
  const from = allowedNetworks.length > 0 ? ` from ${allowedNetworks.join(", ")}` : "";
  if (access !== "everyone") return `a chat page for people who sign in${from}`;
  return from ? `a chat page that everybody can open${from}` : "a chat page that the internet can open";
}

/** The value of the `frame-ancestors` directive: https://www.w3.org/TR/CSP3/#directive-frame-ancestors. */
export function frameAncestors(framedBy: FramedBy): string {
  if (framedBy === "none") return "'none'";
  if (framedBy === "self") return "'self'";
  return ["'self'", ...framedBy].join(" ");
}

/** The chat page's app settings. */
export function chatPageSettings(
  { enabled, framedBy, access, allowedNetworks }: ChatPage,
  connections: readonly ConnectionArgs[],
): {
  readonly CHAT_PAGE: "on" | "off";
  readonly CHAT_FRAME_ANCESTORS: string;
  readonly CHAT_ACCESS: string;
  readonly CHAT_ALLOWED_NETWORKS: string;
} {
  const name = typeof access === "object" ? access.signedInTo : (connectionsOfTenant(connections)[0] ?? "");
  return {
    CHAT_PAGE: enabled ? "on" : "off",
    CHAT_FRAME_ANCESTORS: frameAncestors(framedBy),
    CHAT_ACCESS: access === "everyone" ? everyone : signedInTo + name,
    CHAT_ALLOWED_NETWORKS: allowedNetworks.length > 0 ? allowedNetworks.join(" ") : everywhere,
  };
}

/**
 * True for an origin that may frame a page with a sign-in: https, or http on the developer's own machine; no path, no
 * wildcard, and none of the characters that end a directive, which URLs allow in a host.
 */
export function isFramingOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  const secure = url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "localhost");
  return secure && url.origin === text && /^[a-z0-9.-]+$/.test(url.hostname);
}
