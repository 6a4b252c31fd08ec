import { entra } from "../../contract/connection";
import { type IdentityProvider, identityProviders, type ProviderParameter } from "../../contract/identity-providers";
import type { ProviderParameters } from "./connection";

/** What Bot Service calls `entra`. */
export const entraServiceName = "Aadv2";

/** What a connection of `entra` without a client secret is to Bot Service. */
export const federatedServiceName = "Aadv2WithFic";

/** Provider names as a connection gives them. */
export const providerNames: readonly string[] = [
  entra,
  ...identityProviders.map(({ name }) => name).filter((name) => name !== entraServiceName),
];

/** The provider of a connection; undefined where Bot Service knows none of the name. */
export function providerNamed(name: string): IdentityProvider | undefined {
  if (name === entraServiceName) return undefined;
  return identityProviders.find((provider) => provider.name === (name === entra ? entraServiceName : name));
}

/** The provider with an id of Bot Service's. */
export function providerWithId(id: string): IdentityProvider | undefined {
  return identityProviders.find((provider) => provider.id === id.toLowerCase());
}

export type ParameterField = keyof ProviderParameters;

/** The field of a connection that a provider's parameter is: `AuthorizationUrlTemplate` is `authorizationUrlTemplate`. */
export function fieldOf({ name }: Pick<ProviderParameter, "name">): ParameterField {
  return (name.charAt(0).toLowerCase() + name.slice(1)) as ParameterField;
}

const credentials = ["ClientId", "ClientSecret"];

/** What a provider wants to be told besides client id and secret. */
export function parametersOf(provider: IdentityProvider): readonly ProviderParameter[] {
  return provider.parameters.filter(({ name }) => !credentials.includes(name));
}

/** Whether a provider takes a client id or secret, and whether it can do without. */
export function credentialOf(
  provider: IdentityProvider,
  name: "ClientId" | "ClientSecret",
): "required" | "optional" | "none" {
  const found = provider.parameters.find((parameter) => parameter.name === name);
  return found ? (found.required ? "required" : "optional") : "none";
}
