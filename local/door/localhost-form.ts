import type { HostTable } from "./host-table";

/** Where the local Azure's own chat is, before the host of a bot that has none: for services it is a page of that host. */
export const ownChatPath = "/chat";

/**
 * A person's browser has no proxy, so every host is also served as `http://localhost:<port>/<host>/...`. Services
 * speak real names only; this form alone rewrites, and only what a browser follows: Location and Refresh, cookies, HTML
 * attributes, the beginning of JSON strings, where links in Markdown lead, content security policies. What is shown,
 * URL-encoded addresses (a redirect address in a query) and tokens stay as they are, so redirect addresses are checked in
 * their real form.
 */
export class LocalhostForm {
  readonly #origin: string;
  readonly #socketOrigin: string;
  /** Cookies ignore ports: this prefix keeps two local Azures on one machine apart. */
  readonly #cookiePrefix: string;

  constructor(
    readonly port: number,
    private readonly hosts: HostTable,
  ) {
    this.#origin = `http://localhost:${port}`;
    this.#socketOrigin = `ws://localhost:${port}`;
    this.#cookiePrefix = `p${port}.`;
  }

  /** The real address behind a path of the localhost form; undefined where its first segment is no served host. */
  realAddress(path: string): string | undefined {
    const match = /^\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)(\/.*|\?.*|)$/i.exec(path);
    if (!match || !this.hosts.find(match[1] as string)) return undefined;
    return `https://${match[1]}${match[2] || "/"}`;
  }

  /** A real address in its localhost form; any other text unchanged. */
  localAddress(address: string): string {
    const match = /^(https|wss):\/\/([^/?#:]+)(.*)$/s.exec(address);
    if (!match || !this.hosts.find(match[2] as string)) return address;
    return `${match[1] === "https" ? this.#origin : this.#socketOrigin}/${match[2]}${match[3]}`;
  }

  /** Request headers as the service would get them: real Host, Origin and Referer, our cookies without their prefix. */
  requestHeaders(headers: Headers, address: string): Headers {
    const target = new URL(address);
    const result = new Headers(headers);
    result.set("host", target.host);
    const page = this.#page(headers.get("referer"));
    if (page) {
      result.set("referer", page.href);
      const crossSite = page.host !== target.host;
      if (crossSite || headers.has("origin")) result.set("origin", page.origin);
      if (crossSite && headers.has("sec-fetch-site")) result.set("sec-fetch-site", "cross-site");
    } else if (headers.get("origin") === this.#origin) {
      result.set("origin", target.origin);
    }
    const cookies = (headers.get("cookie") ?? "")
      .split(/;\s*/)
      .filter((cookie) => cookie.startsWith(this.#cookiePrefix))
      .map((cookie) => cookie.slice(this.#cookiePrefix.length));
    if (cookies.length) result.set("cookie", cookies.join("; "));
    else result.delete("cookie");
    return result;
  }

  #page(referer: string | null): URL | undefined {
    if (!referer?.startsWith(`${this.#origin}/`)) return undefined;
    const path = referer.slice(this.#origin.length);
    const address = this.realAddress(path.startsWith(`${ownChatPath}/`) ? path.slice(ownChatPath.length) : path);
    return address ? new URL(address) : undefined;
  }

  /** A service's answer as the browser gets it. */
  async response(response: Response, address: string): Promise<Response> {
    const headers = new Headers();
    for (const [name, value] of response.headers) {
      if (name === "set-cookie" || name === "strict-transport-security" || name === "content-length") continue;
      headers.append(name, this.#header(name, value, address));
    }
    for (const cookie of response.headers.getSetCookie()) headers.append("set-cookie", this.cookie(cookie, address));
    const type = response.headers.get("content-type") ?? "";
    if (!response.body) return new Response(null, { status: response.status, headers });
    if (type.includes("json")) {
      return new Response(this.json(await response.text()), { status: response.status, headers });
    }
    if (type.includes("html")) {
      return new Response(this.html(await response.text()), { status: response.status, headers });
    }
    return new Response(response.body, { status: response.status, headers });
  }

  #header(name: string, value: string, address: string): string {
    switch (name) {
      case "location":
        return this.localAddress(new URL(value, address).href);
      case "refresh":
        return this.#refresh(value);
      case "access-control-allow-origin":
        return value === "*" ? value : this.#origin;
      case "content-security-policy":
        return this.policy(value);
      default:
        return value;
    }
  }

  /** A cookie that a browser keeps for the localhost form: named by port, its path below the host's. */
  cookie(cookie: string, address: string): string {
    const [pair = "", ...attributes] = cookie.split(/;\s*/);
    const wide = attributes.some((attribute) => /^domain=/i.test(attribute));
    // Secure goes because not every browser takes it without https; Partitioned and SameSite=None are dropped without it.
    // `__Host-` would be, too, but is no prefix any more behind ours.
    const kept = attributes.filter(
      (attribute) => !/^(domain=|path=|secure$|partitioned$|samesite=none$)/i.test(attribute),
    );
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? "/";
    // A cookie of a whole domain reaches several hosts, whose only common path is the root.
    kept.push(`Path=${wide ? "/" : `/${new URL(address).host}${path === "/" ? "/" : path}`}`);
    return [this.#cookiePrefix + pair, ...kept].join("; ");
  }

  /**
   * JSON text with every string that begins with a served address rewritten, and every link of a text in Markdown, as
   * chats show them: `[text](address)` and `[name]: address`. Also what WebSocket frames get.
   */
  json(text: string): string {
    return text.replace(
      /("|\]\(<?|\]:[ ]*<?)((?:https|wss):\/\/([a-z0-9.-]+))(?=[/?#"\s\\)>])/gi,
      (found, before: string, address: string, host: string) =>
        this.hosts.find(host) ? before + this.localAddress(address) : found,
    );
  }

  /** HTML with the addresses that a browser follows rewritten; text and hidden fields stay as they are. */
  html(text: string): string {
    return text
      .replace(
        /\b(href|src|action|formaction)=(["'])(https:\/\/.+?)\2/gi,
        (_, name: string, quote: string, address: string) => `${name}=${quote}${this.localAddress(address)}${quote}`,
      )
      .replace(/<meta\b[^>]*\bhttp-equiv=["']?refresh\b[^>]*>/gi, (found) => this.#refresh(found));
  }

  /** `5; url=https://...`, as a header or inside an element. */
  #refresh(text: string): string {
    return text.replace(/\burl=(['"]?)(https:\/\/[^'">\s]+)/i, (_, quote: string, address: string) => {
      return `url=${quote}${this.localAddress(address)}`;
    });
  }

  /** A content security policy whose sources are served hosts allows this origin instead. */
  policy(value: string): string {
    return value
      .replace(/\b(https|wss):\/\/([a-z0-9.-]+)/gi, (found, scheme: string, host: string) => {
        if (!this.hosts.find(host)) return found;
        return scheme === "https" ? this.#origin : this.#socketOrigin;
      })
      .replace(/;?\s*upgrade-insecure-requests/gi, "");
  }
}
