import { siteKey } from "../../../infra/decisions/direct-line";

describe("Direct Line", () => {
  const sites = [
    { siteName: "Default Site", key: "default" },
    { siteName: "chat", key: "chat-key" },
    { siteName: "mute" },
  ];

  test("the chat page's key is found by the site's name, never by its place", () => {
    expect(siteKey(sites, "chat")).toBe("chat-key");
    expect(siteKey([...sites].reverse(), "chat")).toBe("chat-key");
  });

  test("a key that is missing fails the deployment with the cure instead of becoming an empty secret", () => {
    expect(() => siteKey(sites, "mute")).toThrow(
      new Error(
        "Direct Line's site mute came without a key: the deployer needs Microsoft.BotService/botServices/channels/listChannelWithKeys/action",
      ),
    );
    expect(() => siteKey(sites, "gone")).toThrow(
      new Error("Direct Line has no site gone (found: Default Site, chat, mute): run pulumi refresh, then pulumi up"),
    );
    expect(() => siteKey(undefined, "chat")).toThrow("(found: none)");
  });
});
