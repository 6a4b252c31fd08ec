import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../contract/connection";

/**
 * What providers want to be told besides client id and secret, by the names of `contract/identity-providers.data.json` with a
 * small first letter. Each provider takes its own few of them; which, and their defaults, stand there.
 */
export interface ProviderParameters {
  /** Entra: the tenant that signs users in. Default of the program's own application: the deployment's. */
  readonly tenantId?: pulumi.Input<string>;
  /** The resource to ask a token for, where a provider has no scopes for it. */
  readonly resourceUri?: pulumi.Input<string>;
  readonly resourceUriAAD?: pulumi.Input<string>;
  readonly loginUri?: pulumi.Input<string>;
  readonly loginUriAAD?: pulumi.Input<string>;
  readonly loginUrl?: pulumi.Input<string>;
  readonly discoveryUri?: pulumi.Input<string>;
  readonly grantType?: pulumi.Input<string>;
  readonly capability?: pulumi.Input<string>;
  /** What a token of the channel's own user is exchanged for, without a card. */
  readonly tokenExchangeUrl?: pulumi.Input<string>;
  /** Address in a Key Vault of the certificate that takes the secret's place. */
  readonly clientCertificateUrl?: pulumi.Input<string>;
  readonly isx5cRequired?: pulumi.Input<string>;
  /** Tail of the subject of the federated credential that takes the secret's place. */
  readonly uniqueIdentifier?: pulumi.Input<string>;
  readonly isMultiTenantFlowSupported?: pulumi.Input<string>;
  readonly authorizationUri?: pulumi.Input<string>;
  readonly tokenUri?: pulumi.Input<string>;
  /** Generic Oauth 2: https addresses of the provider's authorize, token and refresh endpoints. */
  readonly authorizationUrl?: pulumi.Input<string>;
  readonly tokenUrl?: pulumi.Input<string>;
  readonly refreshUrl?: pulumi.Input<string>;
  /** Oauth 2 Generic Provider: what stands between two scopes. */
  readonly scopeListDelimiter?: pulumi.Input<string>;
  /**
   * Oauth 2 Generic Provider: addresses, query strings and bodies with the placeholders `{ClientId} {ClientSecret}
   * {RedirectUrl} {Scopes} {State} {Code} {RefreshToken}`.
   */
  readonly authorizationUrlTemplate?: pulumi.Input<string>;
  readonly authorizationUrlQueryStringTemplate?: pulumi.Input<string>;
  readonly tokenUrlTemplate?: pulumi.Input<string>;
  readonly tokenUrlQueryStringTemplate?: pulumi.Input<string>;
  readonly tokenBodyTemplate?: pulumi.Input<string>;
  readonly refreshUrlTemplate?: pulumi.Input<string>;
  readonly refreshUrlQueryStringTemplate?: pulumi.Input<string>;
  readonly refreshBodyTemplate?: pulumi.Input<string>;
  readonly applicationDisplayName?: pulumi.Input<string>;
  readonly subDomain?: pulumi.Input<string>;
  readonly baseUrl?: pulumi.Input<string>;
  readonly apiUrl?: pulumi.Input<string>;
  readonly instanceName?: pulumi.Input<string>;
}

/** A connection as whoever deploys writes it: what the bot is told, and what Bot Service alone is told. */
export interface ConnectionArgs extends Omit<Connection, "provider">, ProviderParameters {
  /** Default: `entra`. */
  readonly provider?: string;
  /** Client id of an application at the provider. With `entra` that of another team; without it the program makes one. */
  readonly clientId?: pulumi.Input<string>;
  /** Secret: what goes with the client id. In a stack file encrypted. */
  readonly clientSecret?: pulumi.Input<string>;
  /**
   * Whether it was made by hand: it keeps what it was made with, its secret too, until a rotation makes it anew. What differs
   * from the settings is refused, and nothing of it is written. Default: no.
   */
  readonly adopted?: boolean;
  /**
   * `entra`: whether a federated credential of the sign-in application takes the client secret's place, which then never
   * ends. Default: as the environment says.
   */
  readonly secretless?: boolean;
  /** What the scope `<resource>/.default` stands for: permissions of that resource, which the application declares. */
  readonly permissions?: readonly string[];
  /** Under which name the code of a bot of one's own asks for the connection; see `code` and `sdks.ts`. */
  readonly readAs?: string;
}
