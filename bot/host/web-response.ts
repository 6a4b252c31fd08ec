import type { ServerResponse } from "node:http";
import type { WebResponse } from "@microsoft/agents-hosting";

/** Lets the adapter, which expects an Express-like response, write to Node's own. */
export function webResponse(response: ServerResponse): WebResponse {
  const web: WebResponse = {
    status(code) {
      response.statusCode = code;
      return web;
    },
    setHeader(name, value) {
      response.setHeader(name, value);
      return web;
    },
    send(content) {
      const isText = typeof content === "string";
      if (!isText && !response.hasHeader("content-type")) response.setHeader("content-type", "application/json");
      response.end(isText ? content : JSON.stringify(content));
      return web;
    },
    end() {
      if (!response.writableEnded) response.end();
      return web;
    },
    get headersSent() {
      return response.headersSent;
    },
    get writableEnded() {
      return response.writableEnded;
    },
  };
  return web;
}
