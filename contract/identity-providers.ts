// Not identity-providers.json: who imports this file by its name without an ending would get that one, in Pulumi's ts-node.
import * as data from "./identity-providers.data.json";

/** What an identity provider wants to be told of a connection, as Bot Service lists it. */
export interface ProviderParameter {
  /** In the case in which Bot Service lists it: `AuthorizationUrlTemplate`. */
  readonly name: string;
  /** `securestring` is a secret. */
  readonly type: "string" | "securestring";
  readonly displayName: string;
  readonly description: string | null;
  readonly helpUrl: string | null;
  readonly default: string | null;
  readonly required: boolean;
}

/** An identity provider that the Token Service can sign users in at. */
export interface IdentityProvider {
  /** `serviceProviderName`: `github`. */
  readonly name: string;
  /** Goes with the id: Bot Service refuses a connection that has one of them and another's of the other. */
  readonly displayName: string;
  readonly id: string;
  readonly parameters: readonly ProviderParameter[];
}

type Written = Pick<ProviderParameter, "name" | "displayName"> & Partial<ProviderParameter>;

interface Data {
  /** Parameters that several providers have word for word, by the name that `parameters` calls them. */
  readonly common: Readonly<Record<string, Written>>;
  readonly recorded: readonly WrittenProvider[];
  readonly later: readonly WrittenProvider[];
}

interface WrittenProvider extends Omit<IdentityProvider, "parameters"> {
  readonly parameters: readonly (string | Written)[];
}

const { common, recorded, later } = data as unknown as Data;

/** The 47 identity providers that Bot Service was recorded to list, in its order; `source` in the data says where. */
export const recordedProviders: readonly IdentityProvider[] = recorded.map(provider);

/** Providers that Bot Service has got since: Entra ID with federated credentials. */
export const laterProviders: readonly IdentityProvider[] = later.map(provider);

/** Every provider that a connection can name. */
export const identityProviders: readonly IdentityProvider[] = [...recordedProviders, ...laterProviders];

function provider({ parameters, ...rest }: WrittenProvider): IdentityProvider {
  return {
    ...rest,
    parameters: parameters.map((written) => {
      const one = typeof written === "string" ? common[written]! : written;
      return { type: "string", description: null, helpUrl: null, default: null, required: false, ...one };
    }),
  };
}
