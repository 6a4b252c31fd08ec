/** A page as a person without JavaScript meets it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly wide: boolean;
}

/**
 * A person's browser at its barest: follows links and redirects, fills in forms, keeps cookies. It speaks real names;
 * `fetch` has to reach the local Azure.
 */
export class Person {
  /** What the browser keeps. */
  cookies: readonly Cookie[] = [];

  constructor(private readonly ask: (url: string, init: RequestInit) => Promise<Response> = fetch) {}

  /** Opens an address and follows its redirects. */
  async open(address: string, init: RequestInit = {}): Promise<Page> {
    let url = address;
    let options = init;
    for (let hops = 0; hops < 20; hops++) {
      const headers = new Headers(options.headers);
      const cookie = this.#cookiesFor(new URL(url).hostname);
      if (cookie) headers.set("cookie", cookie);
      const answer = await this.ask(url, { ...options, headers, redirect: "manual" });
      this.#keep(answer, new URL(url).hostname);
      const location = answer.headers.get("location");
      if (answer.status < 300 || answer.status > 399 || !location) {
        return { url, status: answer.status, text: await answer.text() };
      }
      await answer.body?.cancel();
      url = new URL(location, url).href;
      options = {};
    }
    throw new Error(`more than 20 redirects from ${address}`);
  }

  /** Sends a page's form that has a field or button of the given name, with its own values and the given ones. */
  submit(page: Page, values: Record<string, string>): Promise<Page> {
    const names = Object.keys(values);
    const forms = [...page.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)];
    const form = forms.find(([, , inner = ""]) => names.every((name) => inner.includes(`name="${name}"`)));
    if (!form) throw new Error(`no form with ${names.join(", ")} at ${page.url}:\n${page.text.slice(0, 4000)}`);
    const [, attributes = "", inner = ""] = form;
    const fields = new URLSearchParams();
    for (const [tag] of inner.matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(tag, "name");
      const type = attribute(tag, "type");
      const chosen =
        !["submit", "button", "image"].includes(type ?? "") &&
        (!/radio|checkbox/.test(type ?? "") || /\schecked\b/.test(tag));
      if (name && chosen) fields.append(name, attribute(tag, "value") ?? "");
    }
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    const action = new URL(attribute(attributes, "action") || page.url, page.url).href;
    const headers = { origin: new URL(page.url).origin, referer: page.url };
    return this.open(action, { method: "POST", body: fields, headers });
  }

  #cookiesFor(host: string): string {
    return this.cookies
      .filter((cookie) => cookie.host === host || (cookie.wide && host.endsWith(`.${cookie.host}`)))
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join("; ");
  }

  #keep(answer: Response, host: string): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(/;\s*/);
      const at = pair.indexOf("=");
      const domain = attributes
        .find((entry) => /^domain=/i.test(entry))
        ?.slice(7)
        .replace(/^\./, "");
      const cookie = {
        name: pair.slice(0, at),
        value: pair.slice(at + 1),
        host: domain ?? host,
        wide: Boolean(domain),
      };
      const others = this.cookies.filter((known) => known.name !== cookie.name || known.host !== cookie.host);
      const gone = attributes.some((entry) => /^max-age=0$/i.test(entry));
      this.cookies = gone ? others : [...others, cookie];
    }
  }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, "i").exec(tag)?.[1];
  return value
    ?.replace(/&quot;/g, '"')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}
