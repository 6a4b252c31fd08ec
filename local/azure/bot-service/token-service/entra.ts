import type { Azure } from "../../service";
import type { Connection } from "../registration";
import { askForTokens } from "./ask-for-tokens";
import type { Answer, Ask, IdentityProvider, TokenSet } from "./identity-provider";

const login = "https://login.microsoftonline.com";

/** Azure Active Directory v2, the provider of Entra connections. */
export class EntraProvider implements IdentityProvider {
  readonly id = "30dd229c-58e3-4a48-bdfd-91ec48eb906c";

  constructor(private readonly azure: Azure) {}

  authorizeUrl(connection: Connection, ask: Ask): string {
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

  redeem(connection: Connection, answer: Answer): Promise<TokenSet> {
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

  #ask({ clientId, clientSecret, ...connection }: Connection, grant: Record<string, string>): Promise<TokenSet> {
    const form = { client_id: clientId, client_secret: clientSecret, ...grant };
    return askForTokens(this.azure, {
      url: `${endpoint(connection)}/token`,
      body: new URLSearchParams(form).toString(),
    });
  }
}

function endpoint({ parameters }: Pick<Connection, "parameters">): string {
  return `${login}/${parameters.get("tenantid") || "common"}/oauth2/v2.0`;
}
