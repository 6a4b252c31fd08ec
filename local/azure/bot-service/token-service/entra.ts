import type { Azure } from "../../service";
import type { Connection } from "../registration";
import { noSignInLink } from "../errors";
import { askForTokens } from "./ask-for-tokens";
import type { Answer, Ask, IdentityProvider, TokenSet } from "./identity-provider";

const login = "https://login.microsoftonline.com";

/** Parameters of a token request with which the Token Service proves that it may act as a connection's application. */
type Proof = (connection: Connection) => Promise<Record<string, string>>;

/** Azure Active Directory v2, the provider of Entra connections, by whichever proof. */
export class EntraProvider implements IdentityProvider {
  private constructor(
    private readonly azure: Azure,
    readonly id: string,
    private readonly prove: Proof,
  ) {}

  /** "Azure Active Directory v2": by the client secret. */
  static bySecret(azure: Azure): EntraProvider {
    return new EntraProvider(azure, "30dd229c-58e3-4a48-bdfd-91ec48eb906c", ({ clientSecret }) =>
      Promise.resolve({ client_secret: clientSecret }),
    );
  }

  /**
   * "AAD v2 with Federated Credentials": by a token of Entra's own for the Token Store, which a federated credential of the
   * application trusts. A client secret that the connection has all the same is passed over.
   * https://learn.microsoft.com/azure/bot-service/bot-builder-authentication-federated-credential
   */
  static byFederatedCredential(azure: Azure): EntraProvider {
    return new EntraProvider(azure, "c00b44ab-5e16-c44c-af26-2fd5bc55eb18", async ({ parameters }) => ({
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await azure.directory.tokenStoreAssertion(
        parameters.get("tenantid") ?? "",
        tokenStoreSubject(parameters.get("tenantid") ?? "", parameters.get("uniqueidentifier") ?? ""),
      ),
    }));
  }

  checkConnection({ parameters }: Connection): void {
    if (parameters.get("uniqueidentifier")?.includes("/")) throw noSignInLink();
  }

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

  async #ask(connection: Connection, grant: Record<string, string>): Promise<TokenSet> {
    const form = { client_id: connection.clientId, ...(await this.prove(connection)), ...grant };
    return askForTokens(this.azure, {
      url: `${endpoint(connection)}/token`,
      body: new URLSearchParams(form).toString(),
    });
  }
}

function endpoint({ parameters }: Pick<Connection, "parameters">): string {
  return `${login}/${parameters.get("tenantid") || "common"}/oauth2/v2.0`;
}

/** The Token Store's application, in base64url of its id's bytes in .NET's order; so is a tenant's id. */
const tokenStore = "9ExAW52n_ky4ZiS_jhpJIQ";

function tokenStoreSubject(tenantId: string, uniqueIdentifier: string): string {
  const bytes = Buffer.from(tenantId.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return `/eid1/c/pub/t/${bytes.toString("base64url")}/a/${tokenStore}/${uniqueIdentifier}`;
}
