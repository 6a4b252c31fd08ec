import type { Connection } from "../../contract/connection";

/** What Bot Service has to be told of a connection besides its client id and secret. */
export interface ConnectionParameters {
  /** Id of the provider at the Token Service, from `listAuthServiceProviders` (recorded: azure-cli test_service_providers). */
  readonly serviceProviderId: string;
  readonly serviceProviderDisplayName: string;
  /** Space separated, as Bot Service takes them. */
  readonly scopes: string;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Circumstances {
  readonly tenantId: string;
  /** Identifier URI of the sign-in app; only where single sign-on is on. */
  readonly tokenExchangeUrl?: string | undefined;
}

interface ProviderRow {
  readonly serviceProviderId: string;
  readonly serviceProviderDisplayName: string;
  parameters(circumstances: Circumstances): Record<string, string>;
}

const providerTable = {
  entra: {
    serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
    serviceProviderDisplayName: "Azure Active Directory v2",
    // A tokenExchangeUrl without single sign-on makes Teams fall silent (resourcematchfailed), so it is left out then.
    parameters: ({ tenantId, tokenExchangeUrl }: Circumstances) => ({
      tenantId,
      ...(tokenExchangeUrl ? { tokenExchangeUrl } : {}),
    }),
  },
} satisfies Record<string, ProviderRow>;

/** The one place where a connection of the settings becomes what Bot Service keeps (known mistake 9). */
export function connectionParameters(connection: Connection, circumstances: Circumstances): ConnectionParameters {
  const { serviceProviderId, serviceProviderDisplayName, parameters } =
    providerTable[connection.provider as keyof typeof providerTable];
  return {
    serviceProviderId,
    serviceProviderDisplayName,
    scopes: connection.scopes.join(" "),
    parameters: parameters(circumstances),
  };
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
