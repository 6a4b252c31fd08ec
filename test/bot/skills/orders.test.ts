import type { Connection } from "../../../contract/connection";
import { oneOrder, ordersUser, ownOrders } from "../../../bot/skills/orders";
import { replaceInternet } from "../support/internet";

const connection: Connection = {
  name: "Orders",
  provider: "oauth2generic",
  scopes: ["orders.read"],
  skill: "orders",
  api: "https://orders.company.example/v1/",
};
let internet: ReturnType<typeof replaceInternet>;
let answer: () => Response;

beforeEach(() => {
  internet = replaceInternet({ "orders.company.example": () => answer() });
});

afterEach(() => internet.restore());

const order = { number: 1042, customer: "Fabrikam", status: "open", total: "310.00 EUR", placedOn: "2026-11-23" };

test("orders are asked for at the address of the connection, as the user, and shown as a list", async () => {
  answer = () => Response.json({ orders: [order, { number: 7, customer: "*Tailspin*" }] });
  expect((await ownOrders("token", connection)).split("\n")).toEqual([
    "Your 2 orders:",
    "",
    "- **1042**, Fabrikam, 310\\.00 EUR, open, 2026-11-23",
    "- **7**, \\*Tailspin\\*",
  ]);
  const [call] = internet.calls;
  expect([call?.url.href, call?.authorization]).toEqual(["https://orders.company.example/v1/orders", "Bearer token"]);
});

test("one order is shown with its items; a number cannot lead elsewhere", async () => {
  answer = () => Response.json({ ...order, items: ["10 lamps"] });
  expect(await oneOrder("token", connection, "../me")).toBe(
    "- **1042**, Fabrikam, 310\\.00 EUR, open, 2026-11-23\n  - 10 lamps",
  );
  expect(internet.calls[0]?.url.pathname).toBe("/v1/orders/..%2Fme");
});

test("nothing is said in a sentence, and the user by name and address", async () => {
  answer = () => Response.json({ orders: [] });
  expect(await ownOrders("token", connection)).toBe("You have no orders.");
  answer = () => Response.json({ name: "Sam Okoye", email: "sam@company.example" });
  expect(await ordersUser("token", connection)).toBe("**Sam Okoye** (sam@company.example)");
});

test.each([
  ["OAuth's", { error: "not_found", error_description: "There is no order 9." }],
  ["problem details", { title: "Not found", detail: "There is no order 9." }],
])("a refusal in the form of %s is told in the service's words", async (_form, body) => {
  answer = () => Response.json(body, { status: 404 });
  await expect(oneOrder("token", connection, "9")).rejects.toMatchObject({
    code: "service-request-refused",
    subject: "There is no order 9.",
  });
});
