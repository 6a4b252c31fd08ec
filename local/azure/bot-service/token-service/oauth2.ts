import type { Azure } from "../../service";
import { serviceError } from "../errors";
import type { Connection } from "../registration";
import { askForTokens, type TokenRequest } from "./ask-for-tokens";
import { type Answer, type Ask, type IdentityProvider, ProviderRefused, type TokenSet } from "./identity-provider";
import { fill, joinScopes, template } from "./templates";

/** How one provider's plain OAuth 2 differs from the others'. */
export interface OAuth2Kind {
  readonly id: string;
  authorizeUrl(connection: Connection, ask: Ask): string;
  tokenRequest(connection: Connection, answer: Answer): TokenRequest;
  refreshRequest(connection: Connection, refreshToken: string): TokenRequest;
}

/** A provider of plain OAuth 2: the authorization code with a client secret, no PKCE, no single sign-on. */
export class OAuth2Provider implements IdentityProvider {
  constructor(
    private readonly azure: Azure,
    private readonly kind: OAuth2Kind,
  ) {}

  get id(): string {
    return this.kind.id;
  }

  authorizeUrl(connection: Connection, ask: Ask): string {
    return this.kind.authorizeUrl(connection, ask);
  }

  redeem(connection: Connection, answer: Answer): Promise<TokenSet> {
    return askForTokens(this.azure, this.kind.tokenRequest(connection, answer));
  }

  async refresh(connection: Connection, refreshToken: string, scopes?: string): Promise<TokenSet> {
    // Tokens for other resources are Entra's alone: https://github.com/microsoft/BotFramework-Services/issues/256
    if (scopes !== undefined)
      throw new ProviderRefused("invalid_scope", "Only Entra gives tokens for other resources.");
    return askForTokens(this.azure, this.kind.refreshRequest(connection, refreshToken));
  }

  exchange({ providerDisplayName }: Connection): Promise<TokenSet> {
    throw serviceError(400, `Token exchange is not supported by the provider '${providerDisplayName}'`);
  }
}

/** What a provider of fixed addresses is asked with. */
interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  /** Where another address renews. */
  readonly refresh?: string;
  /** What stands between two scopes; a blank unless the provider wants something else. */
  readonly delimiter?: string;
}

/** Plain OAuth 2 at the addresses that a function finds for a connection. */
export function plainOAuth2(id: string, endpointsOf: (connection: Connection) => Endpoints): OAuth2Kind {
  const form = ({ clientId, clientSecret }: Connection, grant: Record<string, string>): string =>
    new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret }).toString();
  return {
    id,
    authorizeUrl(connection, { redirectUri, state }) {
      const { authorize, delimiter = " " } = endpointsOf(connection);
      const scope = joinScopes(connection.scopes, delimiter);
      const query = new URLSearchParams({
        client_id: connection.clientId,
        response_type: "code",
        redirect_uri: redirectUri,
        ...(scope && { scope }),
        state,
      });
      return `${authorize}${authorize.includes("?") ? "&" : "?"}${query}`;
    },
    tokenRequest: (connection, { code, redirectUri }) => ({
      url: endpointsOf(connection).token,
      body: form(connection, { code, grant_type: "authorization_code", redirect_uri: redirectUri }),
    }),
    refreshRequest(connection, refreshToken) {
      const { token, refresh = token } = endpointsOf(connection);
      return { url: refresh, body: form(connection, { refresh_token: refreshToken, grant_type: "refresh_token" }) };
    },
  };
}

/** `oauth2`: three addresses of one's own, bodies that are fixed. */
export const genericOAuth2: OAuth2Kind = plainOAuth2("4b5c96f6-cca7-4048-bfd2-53e850a183f1", (connection) => ({
  authorize: template(connection, "AuthorizationUrl"),
  token: template(connection, "TokenUrl"),
  refresh: template(connection, "RefreshUrl"),
}));

/** `oauth2generic`: every address, query and body is a template. Their defaults are those of contract/identity-providers.ts. */
export const templatedOAuth2: OAuth2Kind = {
  id: "8379c6d2-b262-4d4f-b89b-68dc5b5f5482",
  authorizeUrl(connection, { redirectUri, state }) {
    return address(connection, "AuthorizationUrl", { ...known(connection), RedirectUrl: redirectUri, State: state });
  },
  tokenRequest(connection, { code, redirectUri }) {
    const values = { ...known(connection), Code: code, RedirectUrl: redirectUri };
    return {
      url: address(connection, "TokenUrl", values),
      body: fill(template(connection, "TokenBodyTemplate"), values),
    };
  },
  refreshRequest(connection, refreshToken) {
    const values = { ...known(connection), RefreshToken: refreshToken };
    return {
      url: address(connection, "RefreshUrl", values),
      body: fill(template(connection, "RefreshBodyTemplate"), values),
    };
  },
};

function known(connection: Connection): { ClientId: string; ClientSecret: string; Scopes: string } {
  const { clientId, clientSecret, scopes } = connection;
  const delimiter = template(connection, "ScopeListDelimiter", " ");
  return { ClientId: clientId, ClientSecret: clientSecret, Scopes: joinScopes(scopes, delimiter) };
}

/** An address template and its query's; the documentation's "usually `?`" leaves a bare question mark, which means nothing. */
function address(connection: Connection, what: string, values: Parameters<typeof fill>[1]): string {
  const query = fill(template(connection, `${what}QueryStringTemplate`), values);
  return fill(template(connection, `${what}Template`), values) + (query === "?" ? "" : query);
}
