import { BotError } from "../../../bot/error";
import { recentMail, sendMail, mailUser } from "../../../bot/skills/mail";
import { replaceInternet } from "../support/internet";

let internet: ReturnType<typeof replaceInternet>;
let answer: () => Response;

beforeEach(() => {
  internet = replaceInternet({ "graph.microsoft.com": () => answer() });
});

afterEach(() => internet.restore());

const messages = (...value: object[]): Response => Response.json({ value });

test("the newest messages of the inbox, not of all folders, are asked for as the user, and no more of them than is shown", async () => {
  answer = () => messages();
  expect(await recentMail("user-token")).toBe("Your inbox has no messages.");
  const [call] = internet.calls;
  expect([call?.authorization, call?.url.pathname, Object.fromEntries(call?.url.searchParams ?? [])]).toEqual([
    "Bearer user-token",
    "/v1.0/me/mailFolders/inbox/messages",
    { $top: "5", $select: "subject,from,receivedDateTime,bodyPreview", $orderby: "receivedDateTime desc" },
  ]);
});

test("messages are a list that says from whom, when and what about", async () => {
  answer = () =>
    messages(
      {
        subject: "Lunch?",
        bodyPreview: "At noon,\r\n\r\n  at the usual place",
        receivedDateTime: "2026-11-20T10:05:33Z",
        from: { emailAddress: { name: "Bob", address: "bob@contoso.com" } },
      },
      { subject: null, bodyPreview: "", from: { emailAddress: { address: "sam@contoso.com" } } },
      { subject: "Hello", bodyPreview: "Hello", receivedDateTime: "2026-11-19T08:00:00Z" },
      { subject: "Long", bodyPreview: "x".repeat(101) },
    );
  expect((await recentMail("user-token")).split("\n")).toEqual([
    "Your 4 newest messages:",
    "",
    "- **Lunch?**, Bob, 2026-11-20 10:05 UTC  ",
    "  At noon, at the usual place",
    "- **(no subject)**, sam@contoso.com",
    "- **Hello**, unknown sender, 2026-11-19 08:00 UTC",
    "- **Long**, unknown sender  ",
    `  ${"x".repeat(99)}…`,
  ]);
});

test("a subject written by a stranger cannot become a link or a picture in the chat", async () => {
  answer = () =>
    messages({ subject: "[Pay](https://evil.example) ![x](https://evil.example/seen.png) <b>", bodyPreview: "# 1" });
  expect((await recentMail("user-token")).split("\n").slice(2)).toEqual([
    "- **\\[Pay\\](https\\[:\\]//evil\\[.\\]example) \\!\\[x\\](https\\[:\\]//evil\\[.\\]example/seen\\[.\\]png) \\<b\\>**, unknown sender  ",
    "  \\# 1",
  ]);
});

test("a long first line is cut for the subject, the mail has it in full", async () => {
  answer = () => new Response(null, { status: 202 });
  const text = `${"a".repeat(100)}\nsecond line`;
  expect(await sendMail("user-token", "sam@contoso.com", text)).toBe(`Sent to sam@contoso.com: ${"a".repeat(77)}…`);
  expect(internet.calls[0]?.json()).toMatchObject({
    message: { subject: `${"a".repeat(77)}…`, body: { contentType: "Text", content: text } },
  });
});

test("an account without a mailbox is known by its sign-in name", async () => {
  answer = () => Response.json({ displayName: "Ada", mail: null, userPrincipalName: "ada@contoso.onmicrosoft.com" });
  expect(await mailUser("user-token")).toBe("**Ada** (ada@contoso.onmicrosoft.com)");
});

const refusals: [string, () => Response, Partial<BotError>][] = [
  [
    "401",
    () => Response.json({ error: { code: "InvalidAuthenticationToken" } }, { status: 401 }),
    { code: "service-token-refused" },
  ],
  [
    "403",
    () => Response.json({ error: { code: "ErrorAccessDenied" } }, { status: 403 }),
    { code: "service-permission-missing", subject: "Mail.Read" },
  ],
  [
    "400",
    () => Response.json({ error: { code: "BadRequest", message: "No such filter." } }, { status: 400 }),
    { code: "service-request-refused", subject: "No such filter." },
  ],
  ["429", () => new Response("", { status: 429 }), { code: "service-unavailable" }],
  ["503 with a page", () => new Response("<html>", { status: 503 }), { code: "service-unavailable" }],
  [
    "nothing",
    () => {
      throw new TypeError("fetch failed");
    },
    { code: "service-unavailable" },
  ],
];
test.each(refusals)(
  "Microsoft Graph's %s has a code of its own, and the token is not in it",
  async (_, given, expected) => {
    answer = given;
    const error: unknown = await recentMail("user-token").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BotError);
    expect(error).toMatchObject(expected);
    expect((error as Error).message).not.toContain("user-token");
  },
);
