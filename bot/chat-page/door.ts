import type { IncomingMessage } from "node:http";
import type { Network } from "../../contract/network";
import { BotError } from "../error";
import type { Answer } from "../host/answer";
import type { Handler } from "../host/host";
import { inNetworks } from "./networks";
import { clientAddress, type RateLimit } from "./rate-limit";
import { isSameOrigin } from "./same-origin";

/** Looks at a request to the chat page. Gives the answer that ends it, or nothing to let it pass; may also throw one. */
export type PageCheck = (request: IncomingMessage) => Promise<Answer | undefined> | Answer | undefined;

/** A handler behind checks, of which the first that answers ends the request. */
export function behind(checks: readonly PageCheck[], handle: Handler): Handler {
  return async (request, response, url) => {
    for (const check of checks) {
      const answer = await check(request);
      if (answer) return answer;
    }
    return handle(request, response, url);
  };
}

/**
 * Lets addresses of these networks pass; every address where there are none. It is the page's own check and not App
 * Service's access restrictions, which know no paths: they would shut out Bot Service's calls to the messages route too.
 * https://learn.microsoft.com/azure/app-service/overview-access-restrictions
 */
export function fromAllowedNetwork(networks: readonly Network[]): PageCheck {
  if (networks.length === 0) return () => undefined;
  const isAllowed = inNetworks(networks);
  return (request) => {
    const address = addressOf(request);
    if (isAllowed(address)) return undefined;
    return {
      status: 403,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
      content: `This chat is open to its organization's networks only. Your address is ${address}.\n`,
    };
  };
}

/** Lets pages of this very host pass. */
export const fromOwnPage: PageCheck = ({ headers }) => {
  if (isSameOrigin(headers)) return undefined;
  throw new BotError("request-refused", "Only this site's own pages may ask for this.", { status: 403 });
};

/** Lets an address pass as often as the limit says. */
export function notTooOften(limit: RateLimit): PageCheck {
  return async (request) => {
    const wait = await limit(addressOf(request));
    if (wait === 0) return undefined;
    return { status: 429, headers: { "retry-after": String(wait) }, json: { error: "Too many requests." } };
  };
}

const addressOf = ({ headers, socket }: IncomingMessage): string => clientAddress(headers, socket.remoteAddress);
