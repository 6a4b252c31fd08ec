import { minute } from "../../contract/time";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { CertificateAuthority } from "../../local/door/certificates";

/** What a turn asks for, by name. */
export type Calls = Readonly<Record<string, number>>;

/** The services that a turn calls, as one small server: the same for every host that is measured, and it counts. */
export interface StandIn {
  /** Certificate that its clients have to trust. */
  readonly authority: string;
  /** Port of the services, and of the managed identity's endpoint. */
  readonly port: number;
  readonly identityPort: number;
  /** The token with which the channel delivers activities. */
  readonly channelToken: string;
  /** What was called since the last time, and forgets it. */
  take(): Calls;
  close(): void;
}

export interface Bot {
  readonly appId: string;
  readonly tenantId: string;
  readonly serviceUrl: string;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

type Call = IncomingMessage & { readonly body: Buffer; readonly at: URL };

/** A route by method, host and path. What has no name is asked for once in a while, not in each turn. */
interface RouteOf {
  readonly fits: RegExp;
  readonly name?: string;
  readonly answer: (call: Call) => Answer;
}

const later = 24 * 3_600;

export async function startStandIn({ appId, tenantId, serviceUrl }: Bot): Promise<StandIn> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "channel-key", use: "sig", alg: "RS256" };
  const channelToken = await new SignJWT({ serviceurl: serviceUrl })
    .setProtectedHeader({ alg: "RS256", kid: "channel-key" })
    .setIssuer("https://api.botframework.com")
    .setAudience(appId)
    .setNotBefore("-1m")
    .setExpirationTime("1h")
    .sign(privateKey);
  const appToken = await new SignJWT({ appid: appId, tid: tenantId })
    .setProtectedHeader({ alg: "RS256", kid: "channel-key" })
    .setExpirationTime("1d")
    .sign(privateKey);

  const blobs = new Map<string, { readonly content: Buffer; readonly etag: string }>();
  const entra = `https://login.microsoftonline.com/${tenantId}`;
  const ok = (body: unknown): Answer => ({ status: 200, body });
  const routes: readonly RouteOf[] = [
    {
      fits: /^GET login\.botframework\.com\/v1\/\.well-known\/openidconfiguration$/,
      answer: () =>
        ok({
          issuer: "https://api.botframework.com",
          jwks_uri: "https://login.botframework.com/v1/.well-known/keys",
          id_token_signing_alg_values_supported: ["RS256"],
        }),
    },
    {
      fits: /^GET login\.botframework\.com\/v1\/\.well-known\/keys$/,
      answer: () => ok({ keys: [{ ...key, endorsements: ["directline"] }] }),
    },
    {
      fits: /^GET login\.microsoftonline\.com\/common\/discovery\/instance$/,
      answer: () =>
        ok({
          tenant_discovery_endpoint: `${entra}/v2.0/.well-known/openid-configuration`,
          metadata: [
            {
              preferred_network: "login.microsoftonline.com",
              preferred_cache: "login.windows.net",
              aliases: ["login.microsoftonline.com", "login.windows.net"],
            },
          ],
        }),
    },
    {
      fits: /^GET login\.microsoftonline\.com\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/,
      answer: () =>
        ok({
          issuer: `${entra}/v2.0`,
          authorization_endpoint: `${entra}/oauth2/v2.0/authorize`,
          token_endpoint: `${entra}/oauth2/v2.0/token`,
          jwks_uri: `${entra}/discovery/v2.0/keys`,
        }),
    },
    {
      fits: /^POST login\.microsoftonline\.com\/[^/]+\/oauth2\/v2\.0\/token$/,
      answer: () => ok({ token_type: "Bearer", expires_in: later, ext_expires_in: later, access_token: appToken }),
    },
    {
      name: "token service",
      fits: /^GET api\.botframework\.com\/api\/usertoken\/GetToken$/i,
      answer: () => ok({ connectionName: "GraphConnection", token: "user-token" }),
    },
    {
      name: "token service",
      fits: /^GET api\.botframework\.com\/api\/usertoken\/GetTokenOrSignInResource$/i,
      answer: () => ok({ tokenResponse: { connectionName: "GraphConnection", token: "user-token" } }),
    },
    {
      name: "graph",
      fits: /^POST graph\.microsoft\.com\/v1\.0\/me\/sendMail$/,
      answer: ({ headers }) => ({ status: headers.authorization === "Bearer user-token" ? 202 : 401 }),
    },
    {
      name: "connector",
      fits: /^POST directline\.botframework\.com\/v3\/conversations\/[^/]+\/activities\/[^/]+$/,
      answer: ({ headers, body }) => {
        const { text } = JSON.parse(body.toString("utf8")) as { text?: string };
        const right = headers.authorization === `Bearer ${appToken}` && text?.startsWith("Sent to ");
        return right ? ok({ id: "reply" }) : { status: 401, body: {} };
      },
    },
    { fits: /^PUT account\.blob\.core\.windows\.net\/state$/, answer: () => storage(201) },
    {
      name: "blob read",
      fits: /^GET account\.blob\.core\.windows\.net\/state\/./,
      answer: ({ at }) => {
        const blob = blobs.get(at.pathname);
        if (!blob) return refusal(404, "BlobNotFound");
        return { ...storage(200, { etag: blob.etag, "x-ms-blob-type": "BlockBlob" }), body: blob.content };
      },
    },
    {
      name: "blob write",
      fits: /^PUT account\.blob\.core\.windows\.net\/state\/./,
      answer: ({ at, body, headers }) => {
        const blob = blobs.get(at.pathname);
        if (blob && headers["if-none-match"] === "*") return refusal(409, "BlobAlreadyExists");
        const match = headers["if-match"] ?? "*";
        if (blob && match !== "*" && match !== blob.etag) return refusal(412, "ConditionNotMet");
        const etag = `"${createHash("sha1").update(body).digest("hex")}"`;
        blobs.set(at.pathname, { content: body, etag });
        return storage(201, { etag });
      },
    },
    {
      fits: /^GET 127\.0\.0\.1\/msi\/token$/,
      answer: () =>
        ok({ access_token: "identity", expires_on: Math.floor(Date.now() / 1000) + later, token_type: "Bearer" }),
    },
  ];

  let calls: Record<string, number> = {};
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const host = (request.headers.host ?? "").replace(/:\d+$/, "");
      const at = new URL(request.url ?? "/", `https://${host}`);
      const asked = `${request.method} ${host}${at.pathname}`;
      const route = routes.find(({ fits }) => fits.test(asked));
      const name = route ? route.name : `unknown: ${asked}`;
      if (name) calls[name] = (calls[name] ?? 0) + 1;
      const call = Object.assign(request, { body: Buffer.concat(parts), at });
      const { status, body, headers = {} } = route?.answer(call) ?? { status: 404 };
      const content = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? "" : JSON.stringify(body));
      response.writeHead(status, { "content-type": "application/json", "content-length": content.length, ...headers });
      response.end(content);
    });
  };
  const authority = await CertificateAuthority.create();
  const secure = createSecureServer(
    {
      SNICallback: (host, done) => {
        authority.contextFor(host).then((context) => done(null, context), done);
      },
      keepAliveTimeout: minute,
    },
    listener,
  );
  const identity = createServer(listener);
  const [port, identityPort] = [await listen(secure), await listen(identity)];
  return {
    authority: authority.pem,
    port,
    identityPort,
    channelToken,
    take() {
      const taken = calls;
      calls = {};
      return taken;
    },
    close() {
      for (const server of [secure, identity]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

const storage = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "x-ms-version": "2025-07-05", "last-modified": new Date(0).toUTCString(), ...headers },
});

const refusal = (status: number, code: string): Answer => ({
  status,
  headers: { "content-type": "application/xml", "x-ms-error-code": code },
  body: Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  ),
});

function listen(server: Pick<Server, "listen" | "address">): Promise<number> {
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port));
  });
}
