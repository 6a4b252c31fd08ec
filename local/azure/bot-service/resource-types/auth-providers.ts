import {
  identityProviders,
  type IdentityProvider,
  laterProviders,
  type ProviderParameter,
  recordedProviders,
} from "../../../../contract/identity-providers";

/** The provider of an id, without case; undefined where there is none. */
export function findAuthProvider(id: string): IdentityProvider | undefined {
  return identityProviders.find((known) => known.id === id.toLowerCase());
}

/** Parameters of a connection that its provider requires and that are not there. Client id and secret stand outside. */
export function missingParameters(provider: IdentityProvider, given: ReadonlyMap<string, string | null>): string[] {
  return provider.parameters
    .filter(({ name, required }) => required && name !== "ClientId" && name !== "ClientSecret")
    .filter(({ name }) => (given.get(name.toLowerCase()) ?? undefined) === undefined)
    .map(({ name }) => name);
}

/** What `POST .../listAuthServiceProviders` answers: those of the recording in its order, then what came since. */
export function listAuthProviders(): { value: unknown[] } {
  return { value: [...recordedProviders, ...laterProviders].map(show) };
}

function show({ id, displayName, name, parameters }: IdentityProvider): unknown {
  return {
    properties: {
      id,
      displayName,
      serviceProviderName: name,
      devPortalUrl: null,
      iconUrl: null,
      parameters: parameters.map(showParameter),
    },
  };
}

function showParameter({ required, ...parameter }: ProviderParameter): unknown {
  const { name, type, displayName, description, helpUrl } = parameter;
  const metadata = required ? { constraints: { required: true } } : null;
  return { name, type, displayName, description, helpUrl, default: parameter.default, metadata };
}
