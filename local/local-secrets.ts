import { identityProviders } from "../contract/identity-providers";
import type { OAuthClients } from "./azure/oauth-clients";
import { residencies } from "./azure/bot-service/residency";
import { isEncrypted, stackSettings } from "./embedded/project";

/** Where a provider's people sign in, for those that have no address of their own in the connection. */
const hosts: Readonly<Record<string, string>> = { github: "github.com" };

type Written = Readonly<Record<string, unknown>>;

/**
 * Registers the applications that a stack's connections name at the local Azure's identity providers, as their owner does in
 * the real ones' web pages, and gives the setting `connections` with the secrets that came of it: in place of each secret that
 * only Pulumi's CLI can read, or that nobody has set yet. So nobody needs a secret to try a stack on a laptop, and none is
 * read out of a stack's file.
 * @returns undefined where the stack's file says all, or nothing that could be filled in
 */
export function withLocalSecrets(root: string, stack: string, clients: OAuthClients): string | undefined {
  const { connections, residency, displayName } = stackSettings(root, stack);
  if (!Array.isArray(connections)) return undefined;
  const { prefix } = residencies.find(({ name }) => name === residency) ?? residencies[0]!;
  const redirectUris = [`https://${prefix}token.botframework.com/.auth/web/redirect`];
  let filled = false;
  const whole = connections.map((connection: Written): Written => {
    const { clientId, clientSecret } = connection;
    const needed = clientSecret === undefined || isEncrypted(clientSecret);
    if (typeof clientId !== "string" || !needed || !takesSecret(connection)) return connection;
    filled = true;
    const client = { host: hostOf(connection), clientId, name: String(displayName ?? "Bot"), redirectUris };
    return { ...connection, clientSecret: clients.register(client).clientSecret };
  });
  return filled ? JSON.stringify(whole) : undefined;
}

/** Entra's applications are in the local tenant or are not: none is made up for them. */
function takesSecret({ provider }: Written): boolean {
  const known = identityProviders.find(({ name }) => name === provider);
  return known?.parameters.some(({ name }) => name === "ClientSecret") === true && !/^Aad/.test(known.name);
}

function hostOf(connection: Written): string {
  const address = connection.authorizationUrlTemplate ?? connection.authorizationUrl;
  const provider = String(connection.provider);
  return (typeof address === "string" && URL.parse(address)?.hostname) || (hosts[provider] ?? provider);
}
