import type { UserTokenClient } from "@microsoft/agents-hosting";
import { PageSignIn } from "../../../bot/chat-page/page-sign-in";
import { CodeCounter } from "../../../bot/sign-in/code-attempts";
import { appId } from "../support/channel";
import { MemoryStorage } from "../support/memory-storage";

const user = "dl_1234567890123456789012";

/** The page's sign-in over a Token Service that knows one code. */
function pageSignIn(code: string) {
  const calls: unknown[][] = [];
  const signedIn = new Set<string>();
  const client = {
    async getSignInResource(appId: string, connection: string, reference: unknown) {
      calls.push(["address", appId, connection, reference]);
      return { signInLink: "https://token.botframework.com/api/oauth/signin?signin=1" };
    },
    async getUserToken(connection: string, channelId: string, userId: string, given?: string) {
      if (given === undefined) return signedIn.has(userId) ? { token: "t" } : {};
      calls.push(["code", userId, connection, channelId, given]);
      if (given !== code) throw Object.assign(new Error("not found"), { status: 404 });
      signedIn.add(userId);
      return { token: "t" };
    },
    async signOut(userId: string, connection: string, channelId: string) {
      calls.push(["sign out", userId, connection, channelId]);
      signedIn.delete(userId);
    },
  } as unknown as UserTokenClient;
  const codes = new CodeCounter(new MemoryStorage());
  return { calls, signIn: new PageSignIn(async () => client, appId, ["GraphConnection", "Other"], codes) };
}

test("a user who is not signed in gets the address of the sign-in page, for Direct Line's user and no conversation of anybody's", async () => {
  const { signIn, calls } = pageSignIn("123456");
  expect(await signIn.addressOf(user, "GraphConnection")).toBe(
    "https://token.botframework.com/api/oauth/signin?signin=1",
  );
  expect(calls).toEqual([
    [
      "address",
      appId,
      "GraphConnection",
      {
        channelId: "directline",
        user: { id: user },
        agent: { id: "bot" },
        conversation: { id: "chat-page" },
      },
    ],
  ]);
});

test("the right code signs the user in, and no address is needed any more", async () => {
  const { signIn } = pageSignIn("123456");
  expect(await signIn.redeem(user, "GraphConnection", "000000")).toEqual({ right: false, triesLeft: 4, wait: 0 });
  expect(await signIn.redeem(user, "GraphConnection", "123456")).toMatchObject({ right: true });
  expect(await signIn.addressOf(user, "GraphConnection")).toBeUndefined();
});

test("of 40 codes sent at once five reach the Token Service, whatever the sixth would have been", async () => {
  const { signIn, calls } = pageSignIn("000039");
  const codes = Array.from({ length: 40 }, (_, at) => String(at).padStart(6, "0"));
  const answers = await Promise.all(codes.map((code) => signIn.redeem(user, "GraphConnection", code)));
  expect(calls).toHaveLength(5);
  expect(answers.filter(({ right }) => right)).toEqual([]);
  const [after] = answers.slice(-1);
  expect(after).toMatchObject({ right: false, triesLeft: 0 });
  expect(after?.wait).toBeGreaterThan(500);
});

test("a sign-out signs out of every connection", async () => {
  const { signIn, calls } = pageSignIn("123456");
  await signIn.signOut(user);
  expect(calls).toEqual([
    ["sign out", user, "GraphConnection", "directline"],
    ["sign out", user, "Other", "directline"],
  ]);
});

test("a Token Service that never answers does not keep the page waiting for ever", async () => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate"] });
  try {
    const never = new PageSignIn(() => new Promise(() => undefined), appId, [], new CodeCounter(new MemoryStorage()));
    const asked = expect(never.addressOf(user, "GraphConnection")).rejects.toThrow("did not answer");
    await jest.advanceTimersByTimeAsync(10_000);
    await asked;
  } finally {
    jest.useRealTimers();
  }
});
