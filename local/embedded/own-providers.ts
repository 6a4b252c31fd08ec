import { join } from "node:path";
import type * as provider from "@pulumi/pulumi/provider";

/** What a creation uses of a provider. */
export type CreatingProvider = Required<Pick<provider.Provider, "check" | "create">>;

interface ProviderModule {
  createProvider(options: { warn(urn: string, message: string): void }): CreatingProvider;
}

/**
 * The providers that lie in the project itself (`plugins.providers` in Pulumi.yaml), in this process instead of one of
 * their own: `provider.ts` of the folder exports `createProvider`, which the folder's executable serves to Pulumi's CLI.
 * @param folders of the providers, by name
 */
export function ownProviders(
  folders: Readonly<Record<string, string>>,
  warn: (message: string) => void,
): Readonly<Record<string, CreatingProvider>> {
  return Object.fromEntries(
    Object.entries(folders).map(([name, folder]) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is known only now, and ts-node hooks require
      const { createProvider } = require(join(folder, "provider")) as ProviderModule;
      return [name, createProvider({ warn: (_urn, message) => warn(message) })];
    }),
  );
}
