import type { LocalEntra } from "./local-entra";

/** A page as a person meets it: its text, its buttons' forms, or the address that the browser is sent on to. */
export interface Page {
  readonly status: number;
  readonly text: string;
  readonly html: string;
  readonly headers: Headers;
  /** Where a redirect leads outside Entra; undefined for a page. */
  readonly location: URL | undefined;
}

/** A browser without scripts: keeps cookies, sends forms. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly entra: LocalEntra) {}

  open(address: string): Promise<Page> {
    return this.#ask(new Request(address));
  }

  /** Presses the button with this label, with the fields filled in as given. */
  press(page: Page, label: string, filled: Record<string, string> = {}): Promise<Page> {
    for (const [, action = "", content = ""] of page.html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)) {
      const buttons = [...content.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)];
      const button = buttons.find(([, , text = ""]) => text.replace(/\s+/g, " ").trim() === label);
      if (!button) continue;
      const fields = new URLSearchParams();
      for (const [input] of content.matchAll(/<input type="hidden"[^>]*>/g))
        fields.set(attribute(input, "name"), attribute(input, "value"));
      if (button[1]?.includes("name=")) fields.set(attribute(button[1], "name"), attribute(button[1], "value"));
      for (const [name, value] of Object.entries(filled)) fields.set(name, value);
      return this.#ask(new Request(unescape(action), { method: "POST", body: fields }));
    }
    throw new Error(`no button "${label}" on: ${page.text}`);
  }

  async #ask(request: Request): Promise<Page> {
    if (this.#cookies.size) {
      request.headers.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const response = await this.entra.handle(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (cookie.includes("Max-Age=0")) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const html = await response.text();
    const location = response.headers.get("location");
    return {
      status: response.status,
      html,
      text: unescape(html.replace(/<(style|head).*?<\/\1>/gs, "").replace(/<[^>]*>/g, " "))
        .replace(/\s+/g, " ")
        .trim(),
      headers: response.headers,
      location: location === null ? undefined : new URL(location),
    };
  }
}

function attribute(tag: string, name: string): string {
  return unescape(new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function unescape(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
