import type { Exchange } from "../../../local/azure/exchange";
import { isWrite } from "./azure-calls";

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Names that the program makes from project, stack and a random suffix. */
const madeName = /^bot-?sign-?in/;

/**
 * Names what `up` writes, so that two stacks' same writes have one name: without their own names and ids, with the fields
 * that a PATCH changes. Where one `up` makes a write again it is numbered.
 */
export class WriteNames {
  readonly #owners = new Map<string, string>();
  readonly #times = new Map<string, number>();

  /** Another `up` begins: its writes are numbered anew. */
  restart(): void {
    this.#times.clear();
  }

  /** `PATCH /v1.0/applications/(Mail bot) displayName, 2nd time`; undefined for what writes nothing or was refused. */
  nameOf(exchange: Exchange): string | undefined {
    if (!isWrite(exchange) || exchange.status >= 300) return undefined;
    const { method, url, requestBody, responseBody } = exchange;
    const { pathname } = new URL(url);
    const asked = fields(requestBody);
    if (/\/(applications|servicePrincipals)$/.test(pathname)) this.#remember(asked, fields(responseBody));
    const path = pathname
      .replace(/^\/subscriptions\/[^/]+/, "")
      .split("/")
      .map((segment) => (madeName.test(segment) ? "*" : segment.replace(id, (one) => this.#owners.get(one) ?? "*")))
      .join("/");
    const whose = pathname.startsWith("/v1.0/") ? (this.#owners.get(String(fields(responseBody)["id"])) ?? "") : "";
    const changed = method === "PATCH" ? Object.keys(asked).join(", ") : "";
    const write = [method, path, whose, changed].filter(Boolean).join(" ");
    const times = (this.#times.get(write) ?? 0) + 1;
    this.#times.set(write, times);
    return times > 1 ? `${write}, time ${times}` : write;
  }

  /** The ids of an application or a principal belong to the display name with which it was made. */
  #remember(asked: Record<string, unknown>, { id, appId }: Record<string, unknown>): void {
    const displayName = typeof asked["displayName"] === "string" ? asked["displayName"] : undefined;
    const name = displayName?.replace(/^bot-sign-in-.*/, "bot").replace(/ \(.*/, "");
    const owner = name ? `(${name})` : this.#owners.get(String(asked["appId"]));
    for (const one of [id, appId]) if (owner) this.#owners.set(String(one), owner);
  }
}

function fields(body: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(body ?? "{}") as Record<string, unknown>;
  } catch {
    // A pushed package is no JSON.
    return {};
  }
}
