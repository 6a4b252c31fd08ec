/** Who may show the chat page in a frame: nobody, the bot's own host only, or that and these origins. */
export type FramedBy = "none" | "self" | readonly string[];

export interface ChatPage {
  readonly enabled: boolean;
  readonly framedBy: FramedBy;
}

/** The value of the `frame-ancestors` directive: https://www.w3.org/TR/CSP3/#directive-frame-ancestors. */
export function frameAncestors(framedBy: FramedBy): string {
  if (framedBy === "none") return "'none'";
  if (framedBy === "self") return "'self'";
  return ["'self'", ...framedBy].join(" ");
}

/** True for an origin that may frame a page with a sign-in: https, or http on the developer's own machine; no path, no wildcard. */
export function isFramingOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && url.hostname === "localhost");
  return secure && url.origin === text && !url.hostname.includes("*");
}
