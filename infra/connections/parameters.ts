import { entra } from "../../contract/connection";
import type { ConnectionArgs, ProviderParameters } from "./connection";
import { federatedServiceName, fieldOf, parametersOf, providerNamed } from "./providers";
import { kindOfResource, scopeOf, takesEntraScopes } from "../facts/scopes";

/** What Bot Service has to be told of a connection besides its client id and secret. */
export interface ConnectionParameters {
  /** Id of the provider at the Token Service, see `contract/identity-providers.data.json`. */
  readonly serviceProviderId: string;
  readonly serviceProviderDisplayName: string;
  /** One text, divided as Bot Service takes it. */
  readonly scopes: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A connection with what its provider's parameters came to. */
export type ResolvedConnection = Omit<
  ConnectionArgs,
  keyof ProviderParameters | "clientId" | "clientSecret" | "secretless"
> & {
  readonly [Name in keyof ProviderParameters]?: string;
} & { readonly provider: string };

interface Circumstances {
  /** The tenant of the deployment. */
  readonly tenantId: string;
  /** Identifier URI of the sign-in app; only where single sign-on is on. */
  readonly tokenExchangeUrl?: string | undefined;
  /** Tail of the subject of the sign-in app's federated credential; only for connections without a secret. */
  readonly uniqueIdentifier?: string | undefined;
  /** Client ids of APIs, by the names that scopes give them. */
  readonly apiIds?: Readonly<Record<string, string>>;
}

/**
 * The one place where a connection of the settings becomes what Bot Service keeps (known mistake 9). What a provider has a
 * default for is sent with it, as the portal does.
 * Throws a RangeError on a provider that there is not.
 */
export function connectionParameters(written: ResolvedConnection, circumstances: Circumstances): ConnectionParameters {
  const { tenantId, tokenExchangeUrl = written.tokenExchangeUrl, uniqueIdentifier, apiIds = {} } = circumstances;
  const connection: ResolvedConnection =
    uniqueIdentifier === undefined
      ? written
      : { ...written, provider: federatedServiceName, tenantId, tokenExchangeUrl, uniqueIdentifier };
  const provider = providerNamed(connection.provider);
  if (!provider) throw new RangeError(`Bot Service has no identity provider ${connection.provider}`);
  const parameters = parametersOf(provider).flatMap((parameter) => {
    const value = connection[fieldOf(parameter)] ?? parameter.default;
    return value === null ? [] : [[parameter.name, value] as const];
  });
  return {
    serviceProviderId: provider.id,
    serviceProviderDisplayName: provider.displayName,
    scopes: scopesText({ ...connection, scopes: askedScopes(connection, apiIds) }),
    parameters:
      connection.provider === entra
        ? // In the case in which Microsoft's own tools write and compare these two. A tokenExchangeUrl without single sign-on
          // makes Teams fall silent (resourcematchfailed), so it is left out then.
          { tenantId: connection.tenantId ?? tenantId, ...(tokenExchangeUrl ? { tokenExchangeUrl } : {}) }
        : Object.fromEntries(parameters),
  };
}

/**
 * Scopes as Bot Service takes them: with commas for the generic provider
 * (https://learn.microsoft.com/azure/bot-service/bot-builder-concept-identity-providers), with its own delimiter for the one
 * of templates, with blanks for all others.
 */
export function scopesText(connection: Pick<ResolvedConnection, "provider" | "scopes" | "scopeListDelimiter">): string {
  const { provider, scopes, scopeListDelimiter = " " } = connection;
  if (provider === "oauth2") return scopes.join(",");
  return scopes.join(provider === "oauth2generic" ? scopeListDelimiter || " " : " ");
}

/** Scopes as the provider takes them: an API that goes by its name here goes by its client id at Entra. */
export function askedScopes(
  { provider = entra, scopes }: Pick<ConnectionArgs, "provider" | "scopes">,
  apiIds: Readonly<Record<string, string>> = {},
): string[] {
  if (!takesEntraScopes(provider)) return [...scopes];
  return scopes.map((text) => {
    const { resource = "", value = "" } = scopeOf(text) ?? {};
    const isNamed = resource !== "" && kindOfResource(resource) === "name";
    return isNamed ? `${apiIds[resource] ?? resource}/${value}` : text;
  });
}

/** Parameters as ARM takes them, ordered by key: their order means nothing and must not look like a change. */
export function keyValuePairs(parameters: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.keys(parameters)
    .sort()
    .map((key) => ({ key, value: parameters[key]! }));
}

/**
 * Identifier URI of the sign-in app under single sign-on, which is also the connection's tokenExchangeUrl. Made of the
 * bot's id, not the sign-in app's own (known mistake 5):
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-register-aad
 */
export function identifierUri(botAppId: string): string {
  return `api://botid-${botAppId}`;
}
