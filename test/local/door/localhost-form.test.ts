import { HostTable } from "../../../local/door/host-table";
import { LocalhostForm } from "../../../local/door/localhost-form";

const hosts = new HostTable(
  ["login.microsoftonline.com", "token.botframework.com", "directline.botframework.com", "*.azurewebsites.net"].map(
    (host) => ({ name: host, hosts: [host], handle: () => new Response() }),
  ),
);
const form = new LocalhostForm(5100, hosts);
const page = "https://bot.azurewebsites.net/";

describe("addresses", () => {
  test.each([
    ["/login.microsoftonline.com/x/authorize?a=b", "https://login.microsoftonline.com/x/authorize?a=b"],
    ["/bot.azurewebsites.net", "https://bot.azurewebsites.net/"],
    ["/bot.azurewebsites.net?x=1", "https://bot.azurewebsites.net?x=1"],
    ["/example.com/x", undefined],
    ["/", undefined],
    ["/favicon.ico", undefined],
  ])("%s is %s", (path, address) => expect(form.realAddress(path)).toBe(address));

  test.each([
    ["https://token.botframework.com/api/oauth", "http://localhost:5100/token.botframework.com/api/oauth"],
    ["wss://directline.botframework.com/v3?t=1", "ws://localhost:5100/directline.botframework.com/v3?t=1"],
    ["https://example.com/", "https://example.com/"],
    ["api://botid-1", "api://botid-1"],
  ])("%s becomes %s for the browser", (address, local) => expect(form.localAddress(address)).toBe(local));
});

test("a redirect reaches the browser's form of the host, with the redirect address inside still the real one", async () => {
  const location =
    "https://login.microsoftonline.com/t/authorize?redirect_uri=https%3A%2F%2Ftoken.botframework.com%2F.auth%2Fweb%2Fredirect";
  const answer = await form.response(new Response(null, { status: 302, headers: { location } }), page);
  expect(answer.headers.get("location")).toBe(
    "http://localhost:5100/login.microsoftonline.com/t/authorize?redirect_uri=https%3A%2F%2Ftoken.botframework.com%2F.auth%2Fweb%2Fredirect",
  );
});

test("a relative redirect stays on its host", async () => {
  const answer = await form.response(new Response(null, { status: 302, headers: { location: "/next" } }), page);
  expect(answer.headers.get("location")).toBe("http://localhost:5100/bot.azurewebsites.net/next");
});

test("JSON: addresses at the beginning of a string are rewritten, a text that mentions one is not", () => {
  expect(
    form.json('{"domain":"https://directline.botframework.com/v3","text":"see https://token.botframework.com/x"}'),
  ).toBe(
    '{"domain":"http://localhost:5100/directline.botframework.com/v3","text":"see https://token.botframework.com/x"}',
  );
});

test.each([
  [
    "[sign out](https://login.microsoftonline.com/t/logout)",
    "[sign out](http://localhost:5100/login.microsoftonline.com/t/logout)",
  ],
  [
    "[one](https://login.microsoftonline.com/a) and [two](<https://token.botframework.com>)",
    "[one](http://localhost:5100/login.microsoftonline.com/a) and [two](<http://localhost:5100/token.botframework.com>)",
  ],
  [
    "see [one]\n\n[one]: https://token.botframework.com\nMore",
    "see [one]\n\n[one]: http://localhost:5100/token.botframework.com\nMore",
  ],
  ["[elsewhere](https://example.com/a)", "[elsewhere](https://example.com/a)"],
  [
    "[https://token.botframework.com/x](https://token.botframework.com/x)",
    "[https://token.botframework.com/x](http://localhost:5100/token.botframework.com/x)",
  ],
  ['<a href="https://token.botframework.com/x">', '<a href="http://localhost:5100/token.botframework.com/x">'],
])("JSON: where a link in a text leads is rewritten, what it shows is not: %s", (text, rewritten) => {
  expect(JSON.parse(form.json(JSON.stringify({ text })))).toEqual({ text: rewritten });
});

test("a page or an answer that leads on by itself leads to the browser's form of the host", async () => {
  const to = (address: string): string => `<meta http-equiv="refresh" content="0; url=${address}">`;
  const [real, local] = ["https://token.botframework.com/x", "http://localhost:5100/token.botframework.com/x"];
  expect(form.html(to(real))).toBe(to(local));
  const answer = await form.response(new Response("", { headers: { refresh: `3; url=${real}` } }), page);
  expect(answer.headers.get("refresh")).toBe(`3; url=${local}`);
});

test("HTML: links in single quotes are rewritten, too", () => {
  expect(form.html("<a href='https://login.microsoftonline.com/a?b=\"c\"'>")).toBe(
    "<a href='http://localhost:5100/login.microsoftonline.com/a?b=\"c\"'>",
  );
});

test("HTML: links and form targets are rewritten, a redirect address shown or kept in a field is not", () => {
  expect(
    form.html(
      '<form action="https://login.microsoftonline.com/a"><input value="https://token.botframework.com/r">AADSTS50011 https://token.botframework.com/r',
    ),
  ).toBe(
    '<form action="http://localhost:5100/login.microsoftonline.com/a"><input value="https://token.botframework.com/r">AADSTS50011 https://token.botframework.com/r',
  );
});

describe("cookies", () => {
  test.each([
    ["s=1; Path=/; Secure; HttpOnly; SameSite=None", "p5100.s=1; HttpOnly; Path=/bot.azurewebsites.net/"],
    ["s=1; Path=/api; SameSite=Lax", "p5100.s=1; SameSite=Lax; Path=/bot.azurewebsites.net/api"],
    [
      "__Host-s=1; Path=/; Secure; HttpOnly; SameSite=None; Partitioned",
      "p5100.__Host-s=1; HttpOnly; Path=/bot.azurewebsites.net/",
    ],
    [
      "__Host-s=1; Path=/; Secure; HttpOnly; SameSite=Strict",
      "p5100.__Host-s=1; HttpOnly; SameSite=Strict; Path=/bot.azurewebsites.net/",
    ],
    ["s=1; Domain=botframework.com; Path=/; Secure; SameSite=None", "p5100.s=1; Path=/"],
  ])("%s is kept as %s", (cookie, kept) => expect(form.cookie(cookie, page)).toBe(kept));

  test("another local Azure's cookies on the same machine are not sent to this one", () => {
    const headers = form.requestHeaders(new Headers({ cookie: "p5100.a=1; p5200.a=2; other=3" }), page);
    expect(headers.get("cookie")).toBe("a=1");
  });
});

describe("origin", () => {
  const referer = "http://localhost:5100/bot.azurewebsites.net/";

  test("a page's request to another host carries the page's real origin, as trusted origins are compared", () => {
    const headers = form.requestHeaders(new Headers({ referer }), "https://directline.botframework.com/v3");
    expect(headers.get("origin")).toBe("https://bot.azurewebsites.net");
    expect(headers.get("referer")).toBe(page);
    expect(headers.get("host")).toBe("directline.botframework.com");
  });

  test("a page's request to its own host keeps Sec-Fetch-Site and maps Origin", () => {
    const headers = form.requestHeaders(
      new Headers({ referer, origin: "http://localhost:5100", "sec-fetch-site": "same-origin" }),
      `${page}api/token`,
    );
    expect(headers.get("origin")).toBe("https://bot.azurewebsites.net");
    expect(headers.get("sec-fetch-site")).toBe("same-origin");
  });

  test("a foreign page's origin stays what it is", () => {
    const headers = form.requestHeaders(new Headers({ origin: "http://evil.example" }), `${page}api/token`);
    expect(headers.get("origin")).toBe("http://evil.example");
  });
});

test("a content security policy lets the browser reach the localhost form", () => {
  expect(form.policy("connect-src 'self' https://directline.botframework.com wss://directline.botframework.com")).toBe(
    "connect-src 'self' http://localhost:5100 ws://localhost:5100",
  );
});

test("localhost is never told to be https only", async () => {
  const answer = await form.response(new Response("", { headers: { "strict-transport-security": "max-age=1" } }), page);
  expect(answer.headers.has("strict-transport-security")).toBe(false);
});
