import type { Connection } from "../../contract/connection";
import { type Api, callApi } from "./api";
import { plain } from "./markdown";

/** An order of the company's REST service. */
interface Order {
  readonly number?: number | string;
  readonly customer?: string;
  readonly status?: string;
  readonly total?: string;
  readonly placedOn?: string;
  readonly items?: readonly string[];
}

const permission = "orders.read";

/**
 * The company's service at the address that the connection names: `GET /me` gives `{name, email}`, `GET /orders` gives
 * `{orders: [...]}`, newest first, `GET /orders/{number}` one of them with its items.
 */
const service = ({ api }: Connection): Api => ({ name: "the orders service", address: api ?? "" });

/** The user's orders as a Markdown list. Errors: those of {@link callApi}. */
export async function ownOrders(token: string, connection: Connection): Promise<string> {
  const answer = await callApi(service(connection), token, { method: "GET", path: "/orders", permission });
  const { orders = [] } = (answer ?? {}) as { orders?: Order[] };
  if (orders.length === 0) return "You have no orders.";
  return [orders.length === 1 ? "Your order:" : `Your ${orders.length} orders:`, "", ...orders.map(line)].join("\n");
}

/** One order with its items. */
export async function oneOrder(token: string, connection: Connection, number: string): Promise<string> {
  const path = `/orders/${encodeURIComponent(number)}`;
  const order = ((await callApi(service(connection), token, { method: "GET", path, permission })) ?? {}) as Order;
  return [line(order), ...(order.items ?? []).map((item) => `  - ${plain(item)}`)].join("\n");
}

/** Who the token belongs to. */
export async function ordersUser(token: string, connection: Connection): Promise<string> {
  const call = { method: "GET", path: "/me", permission: "profile" } as const;
  const { name, email } = (await callApi(service(connection), token, call)) as { name?: string; email?: string };
  return `**${plain(name ?? email ?? "unknown")}**${email ? ` (${plain(email)})` : ""}`;
}

function line({ number = "?", customer, status, total, placedOn }: Order): string {
  const facts = [customer, total, status, placedOn].filter((fact): fact is string => Boolean(fact));
  return `- **${plain(String(number))}**${facts.map((fact) => `, ${plain(fact)}`).join("")}`;
}
