import { siteKey } from "../../../infra/facts/direct-line";

describe("Direct Line", () => {
  const sites = [
    { siteName: "Default Site", key: "default" },
    { siteName: "chat", key: "chat-key", key2: "second-key" },
    { siteName: "mute" },
  ];

  test("the chat page's key is found by the site's name, never by its place", () => {
    expect(siteKey(sites, "chat", 0)).toBe("chat-key");
    expect(siteKey([...sites].reverse(), "chat", 0)).toBe("chat-key");
  });

  test("rotations use the two keys in turn, so that the one before is still good", () => {
    expect([0, 1, 2, 3].map((rotation) => siteKey(sites, "chat", rotation))).toEqual([
      "chat-key",
      "second-key",
      "chat-key",
      "second-key",
    ]);
  });

  test("a key that is missing fails the deployment with the fix instead of becoming an empty secret", () => {
    expect(() => siteKey(sites, "mute", 0)).toThrow(
      new Error(
        "Direct Line's site mute came without a key: the deployer needs Microsoft.BotService/botServices/channels/listChannelWithKeys/action",
      ),
    );
    expect(() => siteKey(sites, "gone", 0)).toThrow(
      new Error("Direct Line has no site gone (found: Default Site, chat, mute): run pulumi refresh, then pulumi up"),
    );
    expect(() => siteKey(undefined, "chat", 0)).toThrow("(found: none)");
  });
});
