import {
  appId,
  bearerOf,
  botPath,
  createChatBot,
  createFixture,
  directLine,
  entraProviderId,
  origin,
  settled,
  startChat,
  type Answer,
  type BotServiceFixture,
  type Chat,
} from "./fixture";

let fixture: BotServiceFixture;
let chat: Chat;
beforeEach(async () => {
  fixture = await createFixture();
  chat = await startChat(fixture, await createChatBot(fixture));
});

const api = "https://api.botframework.com";
const state = (conversationId = chat.id, userId = chat.userId): string =>
  Buffer.from(
    JSON.stringify({
      connectionName: "graph",
      conversation: { channelId: "directline", user: { id: userId }, conversation: { id: conversationId } },
      msAppId: "",
    }),
  ).toString("base64");

const query = (more: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({ userId: chat.userId, connectionName: "graph", channelId: "directline", ...more });
const askApi = (method: string, path: string, more: Record<string, string> = {}, body?: unknown): Promise<Answer> =>
  fixture.ask(method, `${api}/api/usertoken/${path}?${query(more)}`, { bearer: bearerOf(appId), body });
const getToken = (more: Record<string, string> = {}): Promise<Answer> => askApi("GET", "GetToken", more);
const getTokenOrLink = (more: Record<string, string> = {}): Promise<Answer> =>
  askApi("GET", "GetTokenOrSignInResource", { state: state(), ...more });
const linkOf = (answer: Answer): string =>
  (answer.body as unknown as { signInResource: { signInLink: string } }).signInResource.signInLink;

/** A browser with its own cookies that goes through the sign-in. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async get(url: string, headers: Record<string, string> = {}, bearer?: string): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fixture.ask("GET", url, { bearer, headers: { ...headers, ...(cookie && { cookie }) } });
    for (const set of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split("=");
      this.#cookies.set(name, value);
    }
    return answer;
  }

  async sessionId(): Promise<string> {
    const answer = await this.get(`${directLine}/session/getsessionid`, { origin }, chat.token);
    return answer.body.sessionId as unknown as string;
  }

  /** Opens a sign-in address and comes back from the provider with a code. */
  async signIn(link: string, sessionId?: string): Promise<Answer> {
    const away = await this.open(link, sessionId);
    return this.get(`https://token.botframework.com/.auth/web/redirect?code=c&state=${away.searchParams.get("state")}`);
  }

  async open(link: string, sessionId?: string): Promise<URL> {
    const suffix = sessionId ? encodeURIComponent(`&code_challenge=${sessionId}`) : "";
    const answer = await this.get(link + suffix);
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get("location") as string);
  }
}

const codeOf = (page: Answer): string => /id="code">(\d{6})</.exec(page.text)?.[1] as string;
const messageOf = (page: Answer): string => /id="message"[^>]*>([^<]*)</.exec(page.text)?.[1] as string;
const oldLink = "The Sign In code was not found or expired. Please try asking the bot to sign in again.";
/** Recorded with `Content-Length: 0`: microsoft/botbuilder-dotnet, SessionRecords/Connector.Tests.OAuthConnectorTests. */
const nothing = { status: 404, text: "" };

describe("the sign-in", () => {
  test("sends the browser to the connection's tenant with its client, its scopes and the residency's redirect", async () => {
    const away = await new Browser().open(linkOf(await getTokenOrLink()));
    expect(away.origin + away.pathname).toBe("https://login.microsoftonline.com/tenant-1/oauth2/v2.0/authorize");
    expect(Object.fromEntries(away.searchParams)).toEqual({
      client_id: "sign-in-app",
      response_type: "code",
      response_mode: "query",
      redirect_uri: "https://token.botframework.com/.auth/web/redirect",
      scope: "openid offline_access Mail.Read",
      state: expect.stringMatching(/^[0-9a-f]{32}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
  });

  test("in the chat's own browser needs no code: the token is kept and the bot told, in its conversation", async () => {
    const browser = new Browser();
    const page = await browser.signIn(linkOf(await getTokenOrLink()), await browser.sessionId());
    expect(page.status).toBe(200);
    expect(page.text).toContain("You may close this window");
    expect(fixture.entra.asked[0]?.url).toBe("https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token");
    expect(Object.fromEntries(fixture.entra.asked[0]?.form ?? [])).toEqual({
      client_id: "sign-in-app",
      client_secret: "sign-in-secret",
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: "https://token.botframework.com/.auth/web/redirect",
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      scope: "openid offline_access Mail.Read",
    });
    await settled(() => fixture.received.length === 2);
    const token = {
      channelId: "directline",
      connectionName: "graph",
      token: "access-1",
      expiration: expect.stringMatching(/^\d{4}-.*Z$/),
    };
    expect(fixture.received[1]?.activity).toMatchObject({
      type: "event",
      name: "tokens/response",
      from: { id: chat.userId },
      conversation: { id: chat.id },
      serviceUrl: "https://directline.botframework.com/",
      value: token,
    });
    const kept = await getToken();
    expect([kept.status, kept.body]).toEqual([200, token]);
    expect((await getTokenOrLink()).body).toEqual({ tokenResponse: token });
  });

  test("in another browser gives a code, and no token until the user types it", async () => {
    const sessionId = await new Browser().sessionId();
    const page = await new Browser().signIn(linkOf(await getTokenOrLink()), sessionId);
    const code = codeOf(page);
    expect(code).toMatch(/^\d{6}$/);
    const before = await getToken();
    expect(before).toMatchObject(nothing);
    expect(before.headers.get("content-length")).toBe("0");
    expect(fixture.received).toHaveLength(1);
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
    expect((await getTokenOrLink({ code: wrong })).body).toEqual({
      signInResource: {
        signInLink: expect.stringContaining("https://token.botframework.com/api/oauth/signin?signin="),
        // Never absent, and spelt so, in what Teams was sent on 2026-04-22; Agents SDK for Python stands on it being there.
        tokenPostResource: {
          SasUrl: expect.stringMatching(
            /^https:\/\/token\.botframework\.com\/api\/sas\/postToken\?expiry=\d+&id=key1&state=[\w-]+&hmac=/,
          ),
        },
      },
    });
    expect((await getToken({ code })).body).toMatchObject({ token: "access-1" });
    expect((await getToken()).status).toBe(200);
  });

  test("gives its code for nobody else: another user, even with the right code, stays signed out", async () => {
    const code = codeOf(await new Browser().signIn(linkOf(await getTokenOrLink())));
    expect((await getToken({ code, userId: "dl_somebody_else" })).status).toBe(404);
    expect((await getToken({ code, channelId: "msteams" })).status).toBe(404);
  });

  test("gives up a code after five wrong ones, and after ten minutes", async () => {
    const code = codeOf(await new Browser().signIn(linkOf(await getTokenOrLink())));
    for (let guess = 0; guess < 5; guess++) await getToken({ code: `${guess}x` });
    expect((await getToken({ code })).status).toBe(404);
    const next = codeOf(await new Browser().signIn(linkOf(await getTokenOrLink())));
    fixture.azure.clock.advance(10 * 60 * 1000);
    expect((await getToken({ code: next })).status).toBe(404);
  });

  test("by the session of another conversation of the same browser does not sign this user in unseen", async () => {
    const browser = new Browser();
    const link = linkOf(await getTokenOrLink());
    const first = chat;
    const keys = await fixture.arm("POST", `${botPath(fixture.azure)}/channels/DirectLineChannel/listChannelWithKeys`);
    const { sites } = (keys.body as unknown as { setting: { sites: { key: string }[] } }).setting;
    chat = await startChat(fixture, sites[0]?.key as string);
    expect(chat.id).not.toBe(first.id);
    const page = await browser.signIn(link, await browser.sessionId());
    expect(codeOf(page)).toMatch(/^\d{6}$/);
  });

  test("happens once for each address", async () => {
    const browser = new Browser();
    const link = linkOf(await getTokenOrLink());
    expect((await browser.signIn(link)).status).toBe(200);
    const again = await browser.get(link);
    expect([again.status, messageOf(again)]).toEqual([400, oldLink]);
  });

  test("is over for an address that is ten minutes old", async () => {
    const link = linkOf(await getTokenOrLink());
    fixture.azure.clock.advance(10 * 60 * 1000);
    expect(messageOf(await new Browser().get(link))).toBe(oldLink);
  });

  test("refuses to come back in another browser than it left in", async () => {
    const away = await new Browser().open(linkOf(await getTokenOrLink()));
    const state = away.searchParams.get("state");
    const back = await new Browser().get(`https://token.botframework.com/.auth/web/redirect?code=c&state=${state}`);
    expect([back.status, back.body]).toEqual([
      400,
      {
        error: {
          code: "ServiceError",
          message: `Missing session cookie (consent${state}) in consent redirect request.`,
        },
      },
    ]);
  });

  test("that the user refuses ends with the provider's words, and the bot hears nothing", async () => {
    const browser = new Browser();
    const away = await browser.open(linkOf(await getTokenOrLink()));
    const said = "AADSTS65004: User declined to consent <to> access the app.";
    const back = await browser.get(
      `https://token.botframework.com/.auth/web/redirect?${new URLSearchParams({
        error: "access_denied",
        error_description: said,
        state: away.searchParams.get("state") as string,
      })}`,
    );
    expect([back.status, messageOf(back)]).toEqual([
      400,
      "AADSTS65004: User declined to consent &lt;to&gt; access the app.",
    ]);
    // On the page where he stands he reads what to do next.
    expect(back.text).toMatch(/press the\s+sign-in button in the chat again, and accept/);
    expect(fixture.received).toHaveLength(1);
  });

  test("with a wrong client secret shows the provider's refusal", async () => {
    fixture.entra.refusal = {
      error: "invalid_client",
      error_description: "AADSTS7000215: Invalid client secret provided.",
    };
    const page = await new Browser().signIn(linkOf(await getTokenOrLink()));
    expect([page.status, messageOf(page)]).toEqual([400, "AADSTS7000215: Invalid client secret provided."]);
  });

  test("pages cannot be framed, cached, or made to run a foreign script", async () => {
    const browser = new Browser();
    const page = await browser.signIn(linkOf(await getTokenOrLink()), await browser.sessionId());
    expect(page.headers.get("content-security-policy")).toMatch(/frame-ancestors 'none'; script-src 'nonce-[^']+'$/);
    expect(page.headers.get("cache-control")).toBe("no-store");
  });
});

describe("a kept token", () => {
  const signIn = async (): Promise<void> => {
    const browser = new Browser();
    await browser.signIn(linkOf(await getTokenOrLink()), await browser.sessionId());
  };

  test("is renewed at the provider when it is about to end, once for all who ask", async () => {
    await signIn();
    fixture.azure.clock.advance(58 * 60 * 1000);
    const answers = await Promise.all([getToken(), getToken()]);
    expect(answers.map(({ body }) => body.token)).toEqual(["access-2", "access-2"]);
    expect(Object.fromEntries(fixture.entra.asked[1]?.form ?? [])).toEqual({
      client_id: "sign-in-app",
      client_secret: "sign-in-secret",
      grant_type: "refresh_token",
      refresh_token: "refresh-1",
      scope: "openid offline_access Mail.Read",
    });
    expect(fixture.entra.asked).toHaveLength(2);
  });

  test("whose renewal the provider refuses is gone, and the user is asked to sign in again", async () => {
    await signIn();
    fixture.azure.clock.advance(61 * 60 * 1000);
    fixture.entra.refusal = { error: "invalid_grant", error_description: "AADSTS50173: The grant was revoked." };
    expect((await getToken()).status).toBe(404);
    delete fixture.entra.refusal;
    expect(linkOf(await getTokenOrLink())).toContain("/api/oauth/signin?signin=");
  });

  test("is gone after signing out, with exactly 200", async () => {
    await signIn();
    const out = await askApi("DELETE", "SignOut");
    expect([out.status, out.text]).toEqual([200, ""]);
    expect((await getToken()).status).toBe(404);
  });

  test("is gone when its connection was made anew", async () => {
    await signIn();
    const path = `${botPath(fixture.azure)}/connections/graph`;
    await fixture.arm("DELETE", path);
    await fixture.arm("PUT", path, {
      location: "global",
      properties: { serviceProviderId: entraProviderId, clientId: "sign-in-app", clientSecret: "s", scopes: "openid" },
    });
    expect((await getToken()).status).toBe(404);
  });

  test("shows in the status of the bot's connections", async () => {
    const status = (hasToken: boolean): object[] => [
      {
        channelId: "directline",
        connectionName: "graph",
        hasToken,
        serviceProviderDisplayName: "Azure Active Directory v2",
      },
    ];
    expect((await askApi("GET", "GetTokenStatus")).body).toEqual(status(false));
    await signIn();
    expect((await askApi("GET", "GetTokenStatus")).body).toEqual(status(true));
  });

  test("gives tokens for other resources by its refresh token", async () => {
    await signIn();
    const answer = await askApi("POST", "GetAadTokens", {}, { resourceUrls: ["https://vault.azure.net/"] });
    expect(answer.body).toEqual({
      "https://vault.azure.net/": expect.objectContaining({ connectionName: "graph", token: "access-2" }),
    });
    expect(fixture.entra.asked[1]?.form.get("scope")).toBe("https://vault.azure.net/.default");
  });
});

describe("token exchange", () => {
  const withExchange = (): Promise<Answer> =>
    fixture.arm("PUT", `${botPath(fixture.azure)}/connections/sso`, {
      location: "global",
      properties: {
        serviceProviderId: entraProviderId,
        clientId: "sign-in-app",
        clientSecret: "s",
        scopes: "openid",
        parameters: [{ key: "tokenExchangeUrl", value: `api://botid-${appId}` }],
      },
    });
  const exchange = (connectionName: string): Promise<Answer> =>
    askApi("POST", "exchange", { connectionName }, { token: "client-token" });

  test("turns the client's token into the connection's by on-behalf-of", async () => {
    await withExchange();
    const answer = await exchange("sso");
    expect([answer.status, answer.body.token]).toEqual([200, "access-1"]);
    expect(fixture.entra.asked[0]?.form.get("requested_token_use")).toBe("on_behalf_of");
    expect(fixture.entra.asked[0]?.form.get("assertion")).toBe("client-token");
    expect((await getToken({ connectionName: "sso" })).body.token).toBe("access-1");
  });

  test("is offered in the sign-in resource where the connection allows it", async () => {
    await withExchange();
    const answer = await getTokenOrLink({ connectionName: "sso" });
    expect((answer.body as unknown as { signInResource: object }).signInResource).toMatchObject({
      tokenExchangeResource: { uri: `api://botid-${appId}`, providerId: entraProviderId },
    });
  });

  test("says that consent is missing, so that the bot can show the card", async () => {
    await withExchange();
    fixture.entra.refusal = { error: "invalid_grant", error_description: "AADSTS65001: No consent." };
    const answer = await exchange("sso");
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: { code: "ConsentRequired", message: "Consent Required" } },
    ]);
  });

  test("is refused where the connection has no address for it", async () => {
    const answer = await exchange("graph");
    expect([answer.status, answer.body.error]).toEqual([
      400,
      {
        code: "ServiceError",
        message: "Token exchange is not configured: connection graph has no tokenExchangeUrl",
      },
    ]);
  });
});

describe("the API", () => {
  test("names a connection that the bot does not have", async () => {
    const answer = await getTokenOrLink({ connectionName: "grahp" });
    expect([answer.status, answer.body]).toEqual([
      404,
      { error: { code: "ServiceError", message: "Could not find Connection Setting with name grahp" } },
    ]);
  });

  test("gives nothing for a connection that the bot does not have: no body that a client could take for a token", async () => {
    const answer = await getToken({ connectionName: "grahp" });
    expect(answer).toMatchObject(nothing);
    expect(answer.headers.get("content-length")).toBe("0");
  });

  test("of another residency does not know the bot's connections, and the local Azure says why", async () => {
    const answer = await fixture.ask("GET", `https://europe.api.botframework.com/api/usertoken/GetToken?${query()}`, {
      bearer: bearerOf(appId),
    });
    expect(answer).toMatchObject(nothing);
    expect(fixture.logged.at(-1)).toBe(
      "Token Service: bot1 lives in 'global' and asked europe.api.botframework.com. " +
        "Its Token Service is https://api.botframework.com",
    );
  });

  test("gives a sign-in address by the state alone", async () => {
    const url = `${api}/api/botsignin/GetSignInResource?state=${encodeURIComponent(state())}`;
    const answer = await fixture.ask("GET", url, { bearer: bearerOf(appId) });
    const { signInLink } = answer.body as unknown as { signInLink: string };
    const browser = new Browser();
    await browser.signIn(signInLink, await browser.sessionId());
    expect((await getToken()).status).toBe(200);
  });

  test("is served on the Token Service's own hosts too", async () => {
    const url = `https://token.botframework.com/api/usertoken/GetToken?${query()}`;
    const answer = await fixture.ask("GET", url, { bearer: bearerOf(appId) });
    expect(answer).toMatchObject(nothing);
  });

  test.each(["userId", "connectionName"])("asks for %s", async (name) => {
    const answer = await getToken({ [name]: "" });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: { code: "BadArgument", message: `The query parameter ${name} is missing` } },
    ]);
  });

  test("answers nobody without the bot's token", async () => {
    const answer = await fixture.ask("GET", `${api}/api/usertoken/GetToken?${query()}`);
    expect([answer.status, answer.body]).toEqual([401, { message: "Authorization has been denied for this request." }]);
  });

  test("does not know a path that is not one", async () => {
    const answer = await fixture.ask("GET", `${api}/api/usertoken/Nothing?x=1`);
    expect([answer.status, answer.body]).toEqual([
      404,
      { message: `No HTTP resource was found that matches the request URI '${api}/api/usertoken/Nothing'.` },
    ]);
  });
});
