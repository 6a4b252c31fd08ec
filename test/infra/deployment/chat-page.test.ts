import { chatPageSettings, chatPageText, frameAncestors, isFramingOrigin } from "../../../infra/deployment/chat-page";

describe("chat page", () => {
  test.each([
    ["none", "'none'"],
    ["self", "'self'"],
    [["https://a.example", "https://b.example"], "'self' https://a.example https://b.example"],
  ] as const)("framed by %j is said to browsers as %s", (framedBy, directive) => {
    expect(frameAncestors(framedBy)).toBe(directive);
  });

  test.each([
    ["https://intranet.contoso.com", true],
    ["https://intranet.contoso.com:8443", true],
    ["http://localhost:3000", true],
    ["http://intranet.contoso.com", false],
    ["https://*.contoso.com", false],
    ["https://intranet.contoso.com/", false],
    ["intranet.contoso.com", false],
    ["https://a.example; script-src *", false],
    ["https://a.example;script-src", false],
    ["https://a.example'x'", false],
    ["https://a,b.example", false],
  ])("%s may frame a page with a sign-in: %s", (origin, allowed) => {
    expect(isFramingOrigin(origin)).toBe(allowed);
  });

  const connection = { name: "GraphConnection", provider: "entra", scopes: ["User.Read"], skill: "mail" } as const;
  const page = { enabled: true, framedBy: "self", access: "everyone", allowedNetworks: [] } as const;
  test("for everyone and everywhere says so in the bot's app settings", () => {
    expect(chatPageSettings(page, [connection])).toEqual({
      CHAT_PAGE: "on",
      CHAT_FRAME_ANCESTORS: "'self'",
      CHAT_ACCESS: "everyone",
      CHAT_ALLOWED_NETWORKS: "everywhere",
    });
  });

  test("for some names their connection and their networks", () => {
    const access = { signedInTo: "GraphConnection" };
    const closed = chatPageSettings({ ...page, access, allowedNetworks: ["203.0.113.0/24", "2001:db8::/32"] }, [
      connection,
    ]);
    expect(closed).toMatchObject({
      CHAT_ACCESS: "signed-in-to:GraphConnection",
      CHAT_ALLOWED_NETWORKS: "203.0.113.0/24 2001:db8::/32",
    });
  });

  test("for people who sign in takes the first connection, and is open to nobody where there is none", () => {
    const signedIn = { ...page, access: "signedIn" } as const;
    const others = { ...connection, name: "Other" };
    expect(chatPageSettings(signedIn, [connection, others]).CHAT_ACCESS).toBe("signed-in-to:GraphConnection");
    expect(chatPageSettings(signedIn, []).CHAT_ACCESS).toBe("signed-in-to:");
  });

  test.each([
    [{ ...page, enabled: false }, "no chat page"],
    [page, "a chat page that the internet can open"],
    [{ ...page, allowedNetworks: ["10.0.0.0/8"] }, "a chat page that everybody can open from 10.0.0.0/8"],
    [{ ...page, access: "signedIn" }, "a chat page for people who sign in"],
    [
      { ...page, access: { signedInTo: "A" }, allowedNetworks: ["10.0.0.0/8", "2001:db8::/32"] },
      "a chat page for people who sign in from 10.0.0.0/8, 2001:db8::/32",
    ],
  ] as const)("%j is said as %s", (chatPage, text) => {
    expect(chatPageText(chatPage)).toBe(text);
  });
});
