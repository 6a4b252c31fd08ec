import type { Connection } from "../../contract/connection";
import type { Settings } from "../settings";

/** Where a person ends the sign-in of his browser at a provider. The Token Service forgets its tokens only. */
interface ProviderSignOut {
  /** What people call the provider. */
  readonly name: string;
  readonly address: (settings: Pick<Settings, "tenantId">) => string;
}

/** The providers of which such a place is known. */
const signOuts: Readonly<Record<string, ProviderSignOut>> = {
  // https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request
  entra: {
    name: "Microsoft",
    address: ({ tenantId }) => `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/logout`,
  },
  github: { name: "GitHub", address: () => "https://github.com/logout" },
};

/** Links in Markdown that sign out at the connections' providers, each of them once, where such a place is known. */
export function providerSignOuts(
  connections: readonly Pick<Connection, "provider">[],
  settings: Pick<Settings, "tenantId">,
): string[] {
  const providers = [...new Set(connections.map(({ provider }) => provider))];
  return providers.flatMap((provider) => {
    const signOut = signOuts[provider];
    return signOut ? [`[sign out at ${signOut.name}](${signOut.address(settings)})`] : [];
  });
}
