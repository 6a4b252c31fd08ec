import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Answer } from "../host/answer";
import type { Settings } from "../settings";

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** Below this many bytes compressing costs more than it saves. */
const worthCompressing = 4096;
const year = 31_536_000;

/** The hash of nothing: Web Chat tries out what the browser can do in one empty style element that has no nonce. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

interface File {
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
  compressed?: Promise<Buffer>;
}

/**
 * The chat page and its files, out of `public` beside the bundle. All are read once: names that are not in the folder
 * do not exist, whatever a path tries.
 */
export class ChatPage {
  private readonly template: string;
  private readonly files: ReadonlyMap<string, File>;

  constructor(
    folder: string,
    private readonly version: string,
    private readonly settings: Pick<Settings, "chatTitle" | "chatFrameAncestors" | "directLineEndpoint">,
  ) {
    this.template = readFileSync(join(folder, "index.html"), "utf8");
    this.files = new Map(
      readdirSync(folder)
        .filter((name) => types[extname(name)])
        .map((name) => [`/${name}`, fileOf(readFileSync(join(folder, name)), types[extname(name)] ?? "")]),
    );
  }

  /** The page itself: never cached, because each answer has its own nonce. */
  page(): Answer {
    const nonce = randomBytes(16).toString("base64url");
    const values: Record<string, string> = { title: this.settings.chatTitle, version: this.version, nonce };
    const content = this.template.replace(/{{(\w+)}}/g, (_, name: string) => escapeHtml(values[name] ?? ""));
    return {
      status: 200,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": this.policy(nonce),
        // Not no-referrer: with it browsers send `Origin: null` on the token request, which would then be refused.
        "referrer-policy": "strict-origin-when-cross-origin",
        "strict-transport-security": `max-age=${year}`,
      },
      content,
    };
  }

  /** A file of the page, or undefined. With the version in its address it may be kept for ever. */
  async file(path: string, query: URLSearchParams, headers: IncomingHttpHeaders): Promise<Answer | undefined> {
    const file = this.files.get(path);
    if (!file) return undefined;
    const isVersioned = this.version !== "" && query.get("v") === this.version;
    const common = {
      "content-type": file.type,
      "cache-control": isVersioned ? `public, max-age=${year}, immutable` : "no-cache",
      etag: file.etag,
      vary: "accept-encoding",
    };
    if (headers["if-none-match"] === file.etag) return { status: 304, headers: common };
    const compress =
      file.content.length > worthCompressing && /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
    if (!compress) return { status: 200, headers: common, content: file.content };
    file.compressed ??= promisify(gzip)(file.content);
    return { status: 200, headers: { ...common, "content-encoding": "gzip" }, content: await file.compressed };
  }

  /**
   * Web Chat needs its styles allowed by a nonce and pictures from blob: and data: addresses.
   * https://github.com/microsoft/BotFramework-WebChat/blob/main/docs/CONTENT_SECURITY_POLICY.md
   */
  private policy(nonce: string): string {
    const directLine = this.settings.directLineEndpoint;
    return [
      "default-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      `connect-src 'self' ${directLine} ${directLine.replace("https:", "wss:")}`,
      "img-src 'self' data: blob:",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}' ${emptyStyle}`,
      "worker-src blob:",
      `frame-ancestors ${this.settings.chatFrameAncestors}`,
    ].join("; ");
  }
}

function fileOf(content: Buffer, type: string): File {
  return { content, type, etag: `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"` };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
