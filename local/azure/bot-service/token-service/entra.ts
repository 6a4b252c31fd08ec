import type { Azure } from "../../service";
import type { Connection } from "../registration";
import { type IdentityProvider, ProviderRefused, type TokenSet } from "./identity-provider";

const login = "https://login.microsoftonline.com";

/** Azure Active Directory v2, the provider of Entra connections. */
export class EntraProvider implements IdentityProvider {
  readonly id = "30dd229c-58e3-4a48-bdfd-91ec48eb906c";

  constructor(private readonly azure: Azure) {}

  authorizeUrl(connection: Connection, ask: { redirectUri: string; state: string; challenge: string }): string {
    const query = new URLSearchParams({
      client_id: connection.clientId,
      response_type: "code",
      response_mode: "query",
      redirect_uri: ask.redirectUri,
      scope: connection.scopes,
      state: ask.state,
      code_challenge: ask.challenge,
      code_challenge_method: "S256",
    });
    return `${endpoint(connection)}/authorize?${query}`;
  }

  redeem(connection: Connection, answer: { code: string; redirectUri: string; verifier: string }): Promise<TokenSet> {
    return this.#ask(connection, {
      grant_type: "authorization_code",
      code: answer.code,
      redirect_uri: answer.redirectUri,
      code_verifier: answer.verifier,
      scope: connection.scopes,
    });
  }

  refresh(connection: Connection, refreshToken: string, scopes = connection.scopes): Promise<TokenSet> {
    return this.#ask(connection, { grant_type: "refresh_token", refresh_token: refreshToken, scope: scopes });
  }

  exchange(connection: Connection, token: string): Promise<TokenSet> {
    return this.#ask(connection, {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      requested_token_use: "on_behalf_of",
      assertion: token,
      scope: connection.scopes,
    });
  }

  async #ask(connection: Connection, grant: Record<string, string>): Promise<TokenSet> {
    const { clientId, clientSecret } = connection;
    const answer = await this.azure.call("Token Service", `${endpoint(connection)}/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...grant }).toString(),
    });
    const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    if (typeof body.access_token !== "string") {
      throw new ProviderRefused(String(body.error ?? answer.status), String(body.error_description ?? "no token"));
    }
    return {
      accessToken: body.access_token,
      ...(typeof body.refresh_token === "string" && { refreshToken: body.refresh_token }),
      expiresAt: this.azure.clock.now().getTime() + Number(body.expires_in ?? 0) * 1000,
    };
  }
}

function endpoint(connection: Connection): string {
  return `${login}/${connection.parameters.get("tenantid") || "common"}/oauth2/v2.0`;
}
