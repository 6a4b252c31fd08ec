import type { TokenCredential } from "@azure/core-auth";
import type { Settings } from "../../../bot/settings";
import { appId } from "./channel";
import { type Answerer, type Call, replaceInternet } from "./internet";

export const settings: Settings = {
  appId,
  tenantId: "99999999-8888-7777-6666-555555555555",
  password: "the-bot-password",
  passwordBefore: "the-bot-password-before",
  certificates: undefined,
  connections: [
    { name: "GraphConnection", provider: "entra", scopes: ["User.Read", "Mail.Read", "Mail.Send"], skill: "mail" },
  ],
  tokenServiceEndpoint: "https://europe.api.botframework.com",
  directLineEndpoint: "https://europe.directline.botframework.com",
  directLineSecretUri: "https://the-vault.vault.azure.net/secrets/direct-line-secret",
  stateContainerUrl: "https://account.blob.core.windows.net/state",
  managedIdentityClientId: "12121212-3434-5656-7878-909090909090",
  chatSessionKeys: ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"],
  secretsRotation: 0,
  secretsDue: "2098-12-02T00:00:00Z",
  secretsEnd: "2099-01-01T00:00:00Z",
  chatTitle: "Mail & more",
  chatFrameAncestors: "'none'",
  chatPage: true,
  chatSignedInTo: undefined,
  chatAllowedNetworks: [],
  teamsGroups: "off",
};

export const managedIdentity: TokenCredential = {
  getToken: async (scopes) => ({ token: `identity for ${String(scopes)}`, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** The services that the bot talks to, as far as one user's sign-in needs them. */
export interface FakeAzure {
  readonly calls: Call[];
  /** What the bot sent to the channel, oldest first. */
  readonly sent: Record<string, unknown>[];
  /** The user's token at the Token Service. */
  userToken?: string;
  /** The six digits that put `codeToken` into place. */
  code?: string;
  codeToken: string;
  /** Status with which the exchange is refused. */
  exchangeRefusal?: number;
  /** Tokens that Microsoft Graph accepts. */
  readonly valid: Set<string>;
  graph: Answerer;
  /** Answers in place of the Token Service, where it gives an answer, or of the connector. */
  tokenService?: (call: Call) => ReturnType<Answerer> | undefined;
  connector?: Answerer | undefined;
  directLineSecret: string;
  vaultSecret: string;
  connectionNames: string[];
  restore(): void;
}

const json = (body: unknown, status = 200): Response => Response.json(body, { status });

export function startAzure(): FakeAzure {
  const azure: FakeAzure = {
    calls: [],
    sent: [],
    codeToken: "user-token-1",
    valid: new Set(["user-token-1"]),
    graph: (call) => graphAnswer(azure, call),
    directLineSecret: "site.secret",
    vaultSecret: "site.secret",
    connectionNames: ["GraphConnection"],
    restore: () => undefined,
  };
  const connector: Answerer = (call) => {
    if (call.url.pathname.endsWith("/v3/directline/tokens/generate")) return directLineAnswer(azure, call);
    if (azure.connector) return azure.connector(call);
    azure.sent.push(call.json());
    return json({ id: `answer-${azure.sent.length}` });
  };
  const { calls, restore } = replaceInternet({
    "login.microsoftonline.com": () => json({ token_type: "Bearer", expires_in: 3600, access_token: "bot-token" }),
    "europe.api.botframework.com": (call) => azure.tokenService?.(call) ?? tokenServiceAnswer(azure, call),
    "directline.botframework.com": connector,
    "europe.directline.botframework.com": connector,
    "graph.microsoft.com": (call) => azure.graph(call),
    "the-vault.vault.azure.net": () => json({ value: azure.vaultSecret }),
  });
  return Object.assign(azure, { calls, restore });
}

function tokenServiceAnswer(azure: FakeAzure, { method, url, authorization }: Call): Response {
  if (authorization !== "Bearer bot-token") return json({ error: { code: "Unauthorized" } }, 401);
  const query = url.searchParams;
  const code = query.get("code");
  if (code && code === azure.code) {
    azure.userToken = azure.codeToken;
    azure.code = undefined;
  }
  const response = {
    connectionName: query.get("connectionName"),
    channelId: query.get("channelId"),
    token: azure.userToken,
  };
  switch (`${method} ${url.pathname}`) {
    case "GET /api/usertoken/GetToken":
      return azure.userToken ? json(response) : json({ error: { code: "NotFound" } }, 404);
    case "GET /api/botsignin/GetSignInResource":
      return json(signInResource);
    case "GET /api/usertoken/GetTokenStatus":
      return json(azure.connectionNames.map((connectionName) => ({ connectionName, hasToken: false })));
    case "DELETE /api/usertoken/SignOut":
      azure.userToken = undefined;
      return json({});
    case "POST /api/usertoken/exchange":
      if (azure.exchangeRefusal) return json({ error: { code: "ConsentRequired" } }, azure.exchangeRefusal);
      azure.userToken = azure.codeToken;
      return json({ ...response, token: azure.userToken });
    default:
      return json({ error: { code: "NotFound" } }, 404);
  }
}

export const signInResource = {
  signInLink: "https://europe.token.botframework.com/api/oauth/signin?signin=abc",
  tokenExchangeResource: {
    id: "exchange-1",
    uri: `api://botid-${appId}`,
    providerId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
  },
  tokenPostResource: { sasUrl: "https://europe.token.botframework.com/api/sas/postToken?sas=abc" },
};

function graphAnswer(azure: FakeAzure, { method, url, authorization }: Call): Response {
  if (!azure.valid.has((authorization ?? "").replace("Bearer ", ""))) {
    return json(
      { error: { code: "InvalidAuthenticationToken", message: "Lifetime validation failed, the token is expired." } },
      401,
    );
  }
  switch (`${method} ${url.pathname}`) {
    case "GET /v1.0/me/mailFolders/inbox/messages":
      return json({
        value: [
          {
            subject: "Lunch?",
            bodyPreview: "At noon",
            receivedDateTime: "2026-11-20T10:00:00Z",
            from: { emailAddress: { name: "Bob", address: "bob@contoso.com" } },
          },
        ],
      });
    case "GET /v1.0/me":
      return json({ displayName: "Ada", mail: "ada@contoso.com", userPrincipalName: "ada@contoso.com" });
    case "POST /v1.0/me/sendMail":
      return new Response(null, { status: 202 });
    default:
      return json({ error: { code: "Request_ResourceNotFound" } }, 404);
  }
}

function directLineAnswer(azure: FakeAzure, { authorization }: Call): Response {
  if (authorization !== `Bearer ${azure.directLineSecret}`) return json({ error: { code: "BadArgument" } }, 403);
  return json({ conversationId: "conversation-9", token: "direct-line-token", expires_in: 1800 });
}
