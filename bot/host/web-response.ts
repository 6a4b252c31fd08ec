import type { WebResponse } from "@microsoft/agents-hosting";
import type { Answer } from "./answer";

/** Lets the adapter, which expects an Express-like response, make an answer that can be given more than once. */
export function collectAnswer(): { readonly web: WebResponse; answer(): Answer } {
  let status = 200;
  let content: string | undefined;
  let ended = false;
  const headers: Record<string, string> = {};
  const web: WebResponse = {
    status(code) {
      status = code;
      return web;
    },
    setHeader(name, value) {
      headers[name] = String(value);
      return web;
    },
    send(body) {
      const isText = typeof body === "string";
      if (!isText) headers["content-type"] ??= "application/json";
      content = isText ? body : JSON.stringify(body);
      return web.end();
    },
    end() {
      ended = true;
      return web;
    },
    get headersSent() {
      return ended;
    },
    get writableEnded() {
      return ended;
    },
  };
  return { web, answer: () => ({ status, headers, ...(content !== undefined && { content }) }) };
}
