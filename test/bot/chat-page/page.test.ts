import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { ChatPage } from "../../../bot/chat-page/page";
import type { Answer } from "../../../bot/host/answer";
import { settings } from "../support/azure";

const script = "x".repeat(5000);
const none = new URLSearchParams();
let folder: string;
let page: ChatPage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "page-"));
  writeFileSync(
    join(folder, "index.html"),
    '<title>{{title}}</title><script src="./chat.js?v={{version}}" data-nonce="{{nonce}}">',
  );
  writeFileSync(join(folder, "chat.js"), script);
  writeFileSync(join(folder, "chat.css"), "body{}");
  mkdirSync(join(folder, "more"));
  page = new ChatPage(folder, "abc", { ...settings, chatTitle: 'Mail & "more" <b>' });
});

afterAll(() => rmSync(folder, { recursive: true }));

const nonceOf = ({ content }: Answer): string => /data-nonce="([\w-]+)"/.exec(String(content))?.[1] ?? "";

test("the title is text, whatever stands in it", () => {
  expect(String(page.page().content)).toContain("<title>Mail &#38; &#34;more&#34; &#60;b&#62;</title>");
});

test("the page may load and connect to what it needs, and nothing else", () => {
  const answer = page.page();
  expect(answer.headers?.["content-security-policy"]?.split("; ")).toEqual([
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "connect-src 'self' https://europe.directline.botframework.com wss://europe.directline.botframework.com",
    "img-src 'self' data: blob:",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonceOf(answer)}' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`,
    "worker-src blob:",
    "frame-ancestors 'none'",
  ]);
  expect(answer.headers?.["referrer-policy"]).toBe("strict-origin-when-cross-origin");
});

test("each page has a nonce of its own, and is not kept", () => {
  expect(nonceOf(page.page())).not.toBe(nonceOf(page.page()));
  expect(page.page().headers?.["cache-control"]).toBe("no-store");
});

test("a file is kept for a year under the deployment's own address, and asked for again under any other", async () => {
  const versioned = await page.file("/chat.css", new URLSearchParams("v=abc"), {});
  expect(versioned?.headers).toMatchObject({
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
  expect((await page.file("/chat.css", new URLSearchParams("v=old"), {}))?.headers?.["cache-control"]).toBe("no-cache");
});

test("a browser that has a file gets 304", async () => {
  const first = await page.file("/chat.js", none, {});
  expect(first?.headers?.etag).toMatch(/^"[\w-]{22}"$/);
  const second = await page.file("/chat.js", none, { "if-none-match": first?.headers?.etag });
  expect([second?.status, second?.content]).toEqual([304, undefined]);
});

test("a large script travels compressed where the browser takes it", async () => {
  const answer = await page.file("/chat.js", none, { "accept-encoding": "gzip, deflate, br" });
  expect(answer?.headers?.["content-encoding"]).toBe("gzip");
  expect(gunzipSync(answer?.content as Buffer).toString()).toBe(script);
  expect((await page.file("/chat.js", none, {}))?.content?.toString()).toBe(script);
});

test.each([
  "/index.html",
  "/more",
  "/../page.test.ts",
  "/%2e%2e/package.json",
  "/build.json",
  "/bot.js",
  "/bot.js.cache",
])("%s is not a file of the page", async (path) => {
  expect(await page.file(path, none, {})).toBeUndefined();
});

test("the page of the repository asks for its files by relative addresses alone", () => {
  const own = new ChatPage(resolve(__dirname, "../../../bot/chat-page/public"), "abc", settings);
  const html = String(own.page().content);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  expect(addresses).toEqual(["./icon.svg?v=abc", "./chat.css?v=abc", "./webchat.js?v=abc", "./chat.js?v=abc"]);
  expect(html).not.toMatch(/{{|style="|<script>/);
});
