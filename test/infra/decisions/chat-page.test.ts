import { frameAncestors, isFramingOrigin } from "../../../infra/decisions/chat-page";

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
  ])("%s may frame a page with a sign-in: %s", (origin, allowed) => {
    expect(isFramingOrigin(origin)).toBe(allowed);
  });
});
