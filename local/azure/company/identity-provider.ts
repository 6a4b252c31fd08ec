import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import { send } from "../../door/node-http";
import { signInPage } from "../entra/pages/sign-in-page";
import { answeredByNode } from "../node-listener";
import { readCookie } from "../bot-service/direct-line/sessions";
import { OAuthClients } from "../oauth-clients";
import { donePage, permissionPage, personOf, refusalPage } from "../provider-pages";
import { newRsaKey, newSecret } from "../secrets";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import type { Person } from "../tenant";
import { ordersClient } from "./orders-client";
import { IdentityStore } from "./store";

/** Host of the company's identity provider. */
export const companyLogin = "login.contoso.example";

/** What the orders service knows of a token's rights, and how its users get tokens that last. */
const scopes = ["openid", "profile", "email", "offline_access", "orders.read"];

const hour = 3600;
const signOut = "/logout";
/** As oidc-provider calls it. */
const sessionCookie = "_session";
const provider = "Contoso's own identity provider";

/**
 * The identity provider of a company that does not use Entra for its own services: oidc-provider (node-oidc-provider), a
 * certified server that this project did not write. Its discovery document is at `/.well-known/openid-configuration`, its
 * endpoints at `/auth` and `/token`. Clients are those of {@link Azure.oauthClients}; people are the local Azure's.
 */
export class CompanyIdentityProvider {
  readonly #store: IdentityStore;
  #answer: Promise<(request: Request) => Promise<Response>> | undefined;

  constructor(private readonly azure: Azure) {
    this.#store = new IdentityStore(() => azure.clock);
  }

  get service(): Service {
    return {
      name: "Company identity provider",
      hosts: [companyLogin],
      paths: [
        "GET /.well-known/openid-configuration",
        "GET /auth",
        "POST /token",
        "POST /token/introspection",
        "POST /token/revocation",
        "GET /me",
        "GET /jwks",
        "GET /session/end",
        `GET ${signOut}`,
      ],
      signOut,
      kept: [this.#store.kept],
      // Made with the first request: most runs of the local Azure never ask it.
      handle: async (request) =>
        new URL(request.url).pathname === signOut
          ? this.#logOut(request)
          : (await (this.#answer ??= this.#start()))(request),
    };
  }

  /** The company's own page, without the question of `/session/end` and the application that OpenID Connect expects there. */
  #logOut(request: Request): Response {
    this.#store.endSession(readCookie(request, sessionCookie) ?? "");
    const gone = [sessionCookie, `${sessionCookie}.sig`].map(
      (name) => `${name}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`,
    );
    return donePage(provider, "You are signed out", "The next sign-in in this browser asks again who you are.", gone);
  }

  async #start(): Promise<(request: Request) => Promise<Response>> {
    const { Provider } = await import("oidc-provider");
    const key = (await newRsaKey(2048)).export({ format: "jwk" });
    const made = new Provider(`https://${companyLogin}`, {
      adapter: (model: string) =>
        model === "Client" ? { find: async (id: string) => this.#client(id) } : this.#store.adapter(model),
      scopes,
      claims: { openid: ["sub"], email: ["email"], profile: ["name"] },
      // Bot Service sends no PKCE, and a public client is none of those that it can be.
      pkce: { required: () => false },
      jwks: { keys: [{ ...key, kid: "company", alg: "RS256", use: "sig" }] },
      cookies: { keys: [newSecret(32, "hex")] },
      features: {
        devInteractions: { enabled: false },
        introspection: { enabled: true, allowedPolicy: async () => true },
        revocation: {
          enabled: true,
          allowedPolicy: async (_: unknown, client: { clientId: string }, token: { clientId: string }) =>
            token.clientId === client.clientId,
        },
        resourceIndicators: { enabled: false },
        rpInitiatedLogout: { enabled: true },
      },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: async (_: unknown, sub: string) => this.#account(sub),
      // Not only for `offline_access`: many companies' providers give one to every web client.
      issueRefreshToken: async () => true,
      rotateRefreshToken: true,
      ttl: {
        AccessToken: hour,
        AuthorizationCode: 60,
        Grant: 14 * 24 * hour,
        IdToken: hour,
        Interaction: hour,
        RefreshToken: 14 * 24 * hour,
        Session: 24 * hour,
      },
      renderError: async (ctx: { type: string; body: string; set(name: string, value: string): void }, out: object) => {
        const told = Object.values(out as Record<string, string>).join(": ");
        const answer = refusalPage(provider, "This sign-in cannot go on", told);
        ctx.type = "html";
        for (const [name, value] of answer.headers) if (name !== "content-type") ctx.set(name, value);
        ctx.body = await answer.text();
      },
    });
    made.proxy = true;
    made.on("server_error", (_, error) => this.azure.log(`${provider}: ${(error as Error).message}`));
    const standard = made.callback();
    return answeredByNode((request, response) => {
      if (!request.url?.startsWith("/interaction/")) return standard(request, response);
      this.#interact(made, request, response).catch((error: Error) => {
        send(refusalPage(provider, "This sign-in cannot go on", error.message), response);
      });
    });
  }

  #client(clientId: string): object | undefined {
    if (clientId === ordersClient.clientId) {
      return {
        client_id: clientId,
        client_secret: ordersClient.secret,
        redirect_uris: [],
        grant_types: [],
        response_types: [],
      };
    }
    const known = this.azure.oauthClients.find(companyLogin, clientId);
    if (!known) this.azure.log(OAuthClients.unknown(companyLogin, clientId));
    return (
      known && {
        client_id: known.clientId,
        client_secret: known.clientSecret,
        client_name: known.name,
        redirect_uris: [...known.redirectUris],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_post",
      }
    );
  }

  #account(sub: string): object | undefined {
    const person = this.azure.tenant.people.find(({ objectId }) => objectId === sub);
    return (
      person && {
        accountId: sub,
        claims: async () => ({ sub, name: person.name, email: person.mail }),
      }
    );
  }

  /** The pages of a sign-in that oidc-provider leaves to whoever runs it. */
  async #interact(made: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { uid, prompt, params, session, grantId } = await made.interactionDetails(request, response);
    const { people, password } = this.azure.tenant;
    const action = `https://${companyLogin}/interaction/${uid}`;
    const application = this.azure.oauthClients.find(companyLogin, params.client_id)?.name ?? params.client_id;
    const form = request.method === "POST" ? await readForm(request) : undefined;
    const person = people.find(({ objectId }) => objectId === session?.accountId);
    const asked = { provider, action, flow: uid, application };

    if (prompt.name === "login" || !person) {
      const who = form && personOf(people, password, form);
      if (who) return made.interactionFinished(request, response, { login: { accountId: who.objectId } });
      const error = form && "That user name or password is not right.";
      return send(
        signInPage({ ...asked, people, password, account: form?.get("account") ?? undefined, error }),
        response,
      );
    }
    const wanted = (params.scope ?? "").split(" ").filter(Boolean);
    if (!form) return send(permissionPage({ ...asked, person, scopes: wanted }), response);
    const refused = { error: "access_denied", error_description: "The person declined what the application asks for." };
    const result = form.get("decision") === "accept" ? await consent(made, params, person, grantId) : refused;
    return made.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  }
}

async function consent(
  made: Provider,
  { client_id: clientId, scope = "" }: { client_id: string; scope?: string },
  { objectId: accountId }: Person,
  grantId: string | undefined,
): Promise<object> {
  const grant = (grantId !== undefined && (await made.Grant.find(grantId))) || new made.Grant({ accountId, clientId });
  grant.addOIDCScope(scope);
  return { consent: { grantId: await grant.save() } };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8") as AsyncIterable<string>) {
    text += chunk;
    if (text.length > 10_000) throw new RangeError("a form of more than 10,000 characters");
  }
  return new URLSearchParams(text);
}
