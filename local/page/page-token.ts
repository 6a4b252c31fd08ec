import { timingSafeEqual } from "node:crypto";
import { newSecret } from "../azure/secrets";
import { isSameOrigin } from "./same-origin";

/** Where the page finds its token in its own HTML, and the header in which it sends it. */
export const tokenName = "page-token";
/** Where a header cannot be set: a stream of events, a link. */
const tokenParameter = "token";

/**
 * Lets the local Azure's own page, and nothing else in the browser, see exchanges and switch faults: the page holds a
 * token that is made anew at every start. Another web site can send requests to this port, but cannot read the page.
 */
export class PageToken {
  readonly #token = newSecret(32, "base64url");

  /** The token for the page's HTML; none where something else than a person opening the page asks for it. */
  forPage(request: Request): string | undefined {
    const destination = request.headers.get("sec-fetch-dest");
    return destination === null || destination === "document" ? this.#token : undefined;
  }

  /** Whether a request was made by the page. */
  allows(request: Request): boolean {
    if (!isSameOrigin(request)) return false;
    const given = request.headers.get(tokenName) ?? new URL(request.url).searchParams.get(tokenParameter) ?? "";
    const [one, other] = [Buffer.from(given), Buffer.from(this.#token)];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}
