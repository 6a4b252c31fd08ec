import { identityProviders } from "../contract/identity-providers";
import type { OAuthClients } from "./azure/oauth-clients";
import { residencies } from "./azure/bot-service/residency";
import { isEncrypted, stackSettings } from "./embedded/project";

/** Where a provider's people sign in, for those that have no address of their own in the connection. */
const hosts: Readonly<Record<string, string>> = { github: "github.com" };

type Written = Readonly<Record<string, unknown>>;

/** A connection of a stack whose application was registered here: its place in the list, and the secret. */
interface Registered {
  readonly at: number;
  readonly clientSecret: string;
}

/**
 * Registers the applications that a stack's connections name at the local Azure's identity providers, as their owner does in
 * the real ones' web pages: those whose secret only Pulumi's CLI can read, or that nobody has set yet.
 */
function register(root: string, stack: string, clients: OAuthClients): Registered[] {
  const { residency, displayName } = stackSettings(root, stack);
  const { prefix } = residencies.find(({ name }) => name === residency) ?? residencies[0]!;
  const redirectUris = [`https://${prefix}token.botframework.com/.auth/web/redirect`];
  return withoutSecret(root, stack).map(({ at, connection, clientId }) => {
    const client = { host: hostOf(connection), clientId, name: String(displayName ?? "Bot"), redirectUris };
    return { at, clientSecret: clients.register(client).clientSecret };
  });
}

/** The connections of a stack whose secret its file does not say. */
function withoutSecret(root: string, stack: string): { at: number; connection: Written; clientId: string }[] {
  const { connections } = stackSettings(root, stack);
  if (!Array.isArray(connections)) return [];
  return connections.flatMap((connection: Written, at) => {
    const { clientId, clientSecret } = connection;
    const needed = clientSecret === undefined || isEncrypted(clientSecret);
    return typeof clientId === "string" && needed && takesSecret(connection) ? [{ at, connection, clientId }] : [];
  });
}

/** Whether connections of a stack have to be registered at the local providers before it can be deployed. */
export function needsLocalSecrets(root: string, stack: string): boolean {
  return withoutSecret(root, stack).length > 0;
}

/**
 * The setting `connections` for a command that asks whether a secret was set, and not for the secret.
 * @returns undefined where the stack's file says all
 */
export function withSecretsSet(root: string, stack: string): readonly Written[] | undefined {
  const missing = withoutSecret(root, stack);
  if (missing.length === 0) return undefined;
  const whole = [...(stackSettings(root, stack).connections as Written[])];
  for (const { at } of missing) whole[at] = { ...whole[at], clientSecret: { secure: "set in the local Azure" } };
  return whole;
}

/**
 * The setting `connections` with the secrets of its local applications, in place of each that the stack's file holds encrypted
 * or lacks. So nobody needs a secret to try a stack on a laptop, and none is read out of a stack's file.
 * @returns undefined where the stack's file says all, or nothing that could be filled in
 */
export function withLocalSecrets(root: string, stack: string, clients: OAuthClients): string | undefined {
  const registered = register(root, stack, clients);
  if (registered.length === 0) return undefined;
  const whole = [...(stackSettings(root, stack).connections as Written[])];
  for (const { at, clientSecret } of registered) whole[at] = { ...whole[at], clientSecret };
  return JSON.stringify(whole);
}

/** The same secrets for Pulumi's own CLI, by their path in the stack's settings: `connections[1].clientSecret`. */
export function localSecrets(root: string, stack: string, clients: OAuthClients): { path: string; value: string }[] {
  return register(root, stack, clients).map(({ at, clientSecret }) => ({
    path: `connections[${at}].clientSecret`,
    value: clientSecret,
  }));
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
