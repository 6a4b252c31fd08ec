import type { IdentityProvider } from "../../contract/identity-providers";
import { entraServiceName, federatedServiceName, providerWithId } from "../connections/providers";
import type { Arm } from "./arm";
import { botServiceVersion } from "./bot-service";

/** A connection of a bot, as Bot Service shows it to who may read: without its secret. */
export interface BotConnection {
  readonly id: string;
  readonly name: string;
  /** Undefined where nobody knows a provider of that id. */
  readonly provider: IdentityProvider | undefined;
  readonly providerId: string;
  readonly clientId: string;
  /** As they were written. */
  readonly scopes: string;
  /** By name in small letters: Bot Service keeps the spelling that it was given. One without a value is none. */
  readonly parameters: ReadonlyMap<string, string>;
}

interface ConnectionAnswer {
  readonly properties: {
    readonly clientId?: string | null;
    readonly scopes?: string | null;
    readonly serviceProviderId?: string | null;
    readonly parameters?: readonly { readonly key: string; readonly value?: string | null }[] | null;
  };
}

/**
 * The connections of a bot. Throws an AzureCallError where they may not be read.
 * @param bot its id in Azure Resource Manager
 */
export async function botConnections(arm: Arm, bot: string): Promise<BotConnection[]> {
  const list = await arm.list<{ name: string }>(`${bot}/connections`, botServiceVersion);
  return Promise.all(
    list.map(async ({ name: full }) => {
      const name = full.split("/").at(-1)!;
      const id = `${bot}/connections/${name}`;
      // A list leaves the parameters out.
      const { properties } = await arm.get<ConnectionAnswer>(id, botServiceVersion);
      const providerId = properties.serviceProviderId ?? "";
      const parameters = (properties.parameters ?? []).flatMap(({ key, value }) =>
        value ? [[key.toLowerCase(), value] as const] : [],
      );
      return {
        id,
        name,
        providerId,
        provider: providerWithId(providerId),
        parameters: new Map(parameters),
        clientId: properties.clientId ?? "",
        scopes: properties.scopes ?? "",
      };
    }),
  );
}

/** Those by which people sign in to Entra ID with an application of theirs. Errors: those of {@link botConnections}. */
export async function entraConnections(arm: Arm, bot: string): Promise<BotConnection[]> {
  const ofEntra = [entraServiceName, federatedServiceName];
  return (await botConnections(arm, bot)).filter(
    ({ clientId, provider }) => clientId !== "" && ofEntra.includes(provider?.name ?? ""),
  );
}
