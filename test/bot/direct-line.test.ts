import pino from "pino";
import { DirectLine } from "../../bot/direct-line";
import { VaultSecret } from "../../bot/vault-secret";
import { managedIdentity, settings } from "./support/azure";
import { type Answerer, replaceInternet } from "./support/internet";

let internet: ReturnType<typeof replaceInternet>;
let vault: Answerer;
let tokens: Answerer;
let directLine: DirectLine;

beforeEach(() => {
  vault = () => Response.json({ value: "site.secret" });
  tokens = () => Response.json({ conversationId: "c", token: "t", expires_in: 1800 });
  internet = replaceInternet({
    "the-vault.vault.azure.net": (call) => vault(call),
    "europe.directline.botframework.com": (call) => tokens(call),
  });
  const secret = new VaultSecret(settings.directLineSecretUri, managedIdentity);
  directLine = new DirectLine(settings.directLineEndpoint, secret, pino({ level: "silent" }));
});

afterEach(() => internet.restore());

test("a token is for one user and one origin, and costs the vault one read in all", async () => {
  expect(await directLine.token("dl_ada", "https://bot.example")).toEqual({
    token: "t",
    conversationId: "c",
    expiresIn: 1800,
  });
  await directLine.token("dl_bob", "https://bot.example");
  expect(internet.calls.map(({ url }) => url.pathname)).toEqual([
    "/secrets/direct-line-secret",
    "/v3/directline/tokens/generate",
    "/v3/directline/tokens/generate",
  ]);
  const [, generate] = internet.calls;
  expect([generate?.authorization, generate?.json()]).toEqual([
    "Bearer site.secret",
    { user: { id: "dl_ada", name: "You" }, trustedOrigins: ["https://bot.example"] },
  ]);
});

test("a secret that stays refused is tried twice and no more, and is not in the error", async () => {
  tokens = () => Response.json({ error: {} }, { status: 403 });
  const error: unknown = await directLine.token("dl_ada", "https://bot.example").catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "direct-line-refused", status: 502, message: "Direct Line answered 403." });
  expect(internet.calls.filter(({ url }) => url.pathname.endsWith("/generate"))).toHaveLength(2);
});

test("a vault that refuses is not remembered: the next request tries again", async () => {
  vault = () => Response.json({ error: { code: "Forbidden" } }, { status: 403 });
  await expect(directLine.token("dl_ada", "https://bot.example")).rejects.toMatchObject({
    code: "direct-line-secret-unreadable",
    subject: "DIRECT_LINE_SECRET_URI",
  });
  vault = () => Response.json({ value: "site.secret" });
  expect((await directLine.token("dl_ada", "https://bot.example")).token).toBe("t");
});

test("an unreachable Direct Line is an error of the bot's own kind", async () => {
  tokens = () => {
    throw new TypeError("fetch failed");
  };
  await expect(directLine.token("dl_ada", "https://bot.example")).rejects.toMatchObject({
    code: "direct-line-refused",
    status: 502,
  });
});

test("an identity that never answers costs one request ten seconds, and no request after it", async () => {
  jest.useFakeTimers();
  try {
    let asked = 0;
    const secret = new VaultSecret(settings.directLineSecretUri, {
      getToken: (scopes) => (asked++ === 0 ? new Promise(() => undefined) : managedIdentity.getToken(scopes)),
    });
    const refused = expect(secret.read()).rejects.toMatchObject({
      code: "direct-line-secret-unreadable",
      status: 502,
      cause: { code: "turn-out-of-time" },
    });
    await jest.advanceTimersByTimeAsync(10_000);
    await refused;
    expect(await secret.read()).toBe("site.secret");
  } finally {
    jest.useRealTimers();
  }
});
