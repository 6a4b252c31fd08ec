import { AzureError } from "../error";
import { type Call, type Routes, served } from "../routes";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { companyLogin } from "./identity-provider";
import { ordersClient } from "./orders-client";

/** Host of the company's orders service. */
const ordersHost = "orders.contoso.example";

interface Order {
  readonly number: number;
  readonly customer: string;
  readonly status: "open" | "shipped" | "delivered";
  readonly total: string;
  readonly placedOn: string;
  readonly items: readonly string[];
}

const order = (
  number: number,
  customer: string,
  status: Order["status"],
  total: string,
  placedOn: string,
  ...items: string[]
): Order => ({ number, customer, status, total, placedOn, items });

/** By the given name of whose orders they are. */
const orders: Readonly<Record<string, readonly Order[]>> = {
  ada: [
    order(1041, "Fabrikam", "open", "1,240.00 EUR", "2026-11-20", "40 desk lamps"),
    order(1037, "Northwind Travel", "delivered", "86.50 EUR", "2026-11-11", "2 monitor arms"),
  ],
  sam: [
    order(1042, "Fabrikam", "open", "310.00 EUR", "2026-11-23", "10 desk lamps", "10 bulbs"),
    order(1040, "Tailspin Toys", "shipped", "99.90 EUR", "2026-11-18", "1 chair"),
  ],
  kim: [],
};

/** What the identity provider says of a token (RFC 7662, 2.2). */
interface Introspection {
  readonly active: boolean;
  readonly sub?: string;
  readonly scope?: string;
}

/**
 * A company's REST service: `GET /me`, `GET /orders` and `GET /orders/{number}`, for whoever's token it is. It asks its
 * identity provider about every token, so that one that was revoked is refused at once. Refusals follow RFC 6750.
 */
export function createOrders(azure: Azure): Service {
  const routes: Routes = {
    "GET /me": async (call) => {
      const { name, mail } = await caller(azure, call);
      return Response.json({ name, email: mail });
    },
    "GET /orders": async (call) => Response.json({ orders: ordersOf(await caller(azure, call)) }),
    "GET /orders/{number}": async (call) => {
      const order = ordersOf(await caller(azure, call)).find(({ number }) => String(number) === call.params.number);
      if (!order) throw refusal(404, "not_found", `There is no order ${call.params.number}.`);
      return Response.json(order);
    },
  };
  return {
    name: "Company orders",
    hosts: [ordersHost],
    ...served(routes, () => refusal(404, "not_found", "There is nothing here.")),
  };
}

const ordersOf = ({ givenName }: { givenName: string }): readonly Order[] => orders[givenName.toLowerCase()] ?? [];

async function caller(azure: Azure, { request }: Call): Promise<Azure["tenant"]["people"][number]> {
  const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token) throw refusal(401, "invalid_request", "The request has no bearer token.");
  const { clientId, secret } = ordersClient;
  const answer = await azure.call("Company orders", `https://${companyLogin}/token/introspection`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ token }).toString(),
  });
  const { active, sub, scope = "" } = (await answer.json()) as Introspection;
  const person = active && azure.tenant.people.find(({ objectId }) => objectId === sub);
  if (!person) throw refusal(401, "invalid_token", "The access token is expired, revoked or malformed.");
  if (!scope.split(" ").includes("orders.read")) {
    throw refusal(403, "insufficient_scope", "The token lacks the scope orders.read.", "orders.read");
  }
  return person;
}

function refusal(status: 401 | 403 | 404, error: string, description: string, scope?: string): AzureError {
  const challenge = `Bearer realm="orders", error="${error}"${scope ? `, scope="${scope}"` : ""}`;
  const headers: Record<string, string> = status === 404 ? {} : { "www-authenticate": challenge };
  return new AzureError(status, error, description, { error, error_description: description }, headers);
}
