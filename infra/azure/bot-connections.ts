import { entraServiceName, federatedServiceName, providerWithId } from "../decisions/connection-providers";
import type { Arm } from "./arm";
import { botServiceVersion } from "./bot-service";

/** A connection of a bot to Entra ID, as Bot Service shows it. */
export interface EntraConnection {
  readonly name: string;
  readonly clientId: string;
  /** Value of a parameter, whatever its spelling: Bot Service keeps the one that it was given. */
  parameter(key: string): string | undefined;
}

interface Connection {
  readonly properties: {
    readonly clientId?: string;
    readonly serviceProviderId?: string;
    readonly parameters?: readonly { readonly key: string; readonly value: string | null }[] | null;
  };
}

/**
 * The connections of a bot to Entra ID. Throws an AzureCallError where they may not be read.
 * @param bot its id in Azure Resource Manager
 */
export async function entraConnections(arm: Arm, bot: string): Promise<EntraConnection[]> {
  const list = await arm.get<{ value: readonly { name: string }[] }>(`${bot}/connections`, botServiceVersion);
  const names = list.value.map(({ name }) => name.split("/").at(-1)!);
  // A list leaves the parameters out.
  const found = await Promise.all(
    names.map((name) => arm.get<Connection>(`${bot}/connections/${name}`, botServiceVersion)),
  );
  return found.flatMap(({ properties: { clientId, serviceProviderId = "", parameters } }, at) => {
    const provider = providerWithId(serviceProviderId)?.name ?? "";
    if (clientId === undefined || ![entraServiceName, federatedServiceName].includes(provider)) return [];
    const parameter = (key: string): string | undefined =>
      parameters?.find((one) => one.key.toLowerCase() === key.toLowerCase())?.value ?? undefined;
    return [{ name: names[at]!, clientId, parameter }];
  });
}
