import { authorizeAddress, codeRequest, refreshRequest } from "../../../../contract/provider-endpoints";
import type { Azure } from "../../service";
import { serviceError } from "../errors";
import type { Connection } from "../registration";
import { askForTokens } from "./ask-for-tokens";
import { type Answer, type Ask, type IdentityProvider, ProviderRefused, type TokenSet } from "./identity-provider";

/** A provider of plain OAuth 2: the authorization code with a client secret, no PKCE, no single sign-on. */
export class OAuth2Provider implements IdentityProvider {
  /** @param id one whose addresses are known, or the one of templates */
  constructor(
    private readonly azure: Azure,
    readonly id: string,
  ) {}

  authorizeUrl(connection: Connection, ask: Ask): string {
    return known(authorizeAddress(connection, ask));
  }

  redeem(connection: Connection, answer: Answer): Promise<TokenSet> {
    return askForTokens(this.azure, known(codeRequest(connection, answer)));
  }

  async refresh(connection: Connection, refreshToken: string, scopes?: string): Promise<TokenSet> {
    // Tokens for other resources are Entra's alone: https://github.com/microsoft/BotFramework-Services/issues/256
    if (scopes !== undefined)
      throw new ProviderRefused("invalid_scope", "Only Entra gives tokens for other resources.");
    return askForTokens(this.azure, known(refreshRequest(connection, refreshToken)));
  }

  exchange({ providerDisplayName }: Connection): Promise<TokenSet> {
    throw serviceError(400, `Token exchange is not supported by the provider '${providerDisplayName}'`);
  }
}

function known<T>(found: T | undefined): T {
  if (found === undefined) throw new ProviderRefused("not_served", "The provider's addresses are not known.");
  return found;
}
