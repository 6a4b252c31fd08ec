import type { TokenCredential } from "@azure/identity";
import { setTimeout as wait } from "node:timers/promises";
import { chooseSignIn } from "../../infra/azure/credential";
import { deployerCredential } from "../../infra/azure/deployer-credential";
import { PluginError } from "./error";

/** A signed-in deployer: what every row of the table uses to reach Azure. */
export interface Session {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** An access token for an audience (`https://management.azure.com`). */
  token(audience: string): Promise<string>;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  sleep(milliseconds: number): Promise<void>;
  /** Runs work that reads, changes and writes the same thing one after the other, as azuread does for each application. */
  exclusively<T>(what: string, work: () => Promise<T>): Promise<T>;
  warn(message: string): void;
}

export interface SessionOptions {
  /** Holds the `ARM_*` variables as azure-native reads them: a secret, a certificate, OIDC or a managed identity. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly credential?: TokenCredential;
  readonly fetch?: typeof fetch;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly warn?: (message: string) => void;
}

/**
 * Makes the session from the environment. Nothing is read or asked for before it is needed, so a program of random
 * values alone needs no credentials.
 * @throws PluginError `MissingCredential`, on first use, where nothing in the environment says how to sign in
 * @throws AzureCallError on first use, where a way to sign in is half configured or refused
 */
export function createSession(options: SessionOptions): Session {
  const { environment } = options;
  const tokens = new Map<string, Promise<{ token: string; expiresOnTimestamp: number }>>();
  const queues = new Map<string, Promise<unknown>>();
  let credential = options.credential;

  const setting = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new PluginError(
      "missing-credential",
      `${name} is not set: the deployer signs in with its environment (ARM_*)`,
    );
  };

  const signIn = async (audience: string): Promise<{ token: string; expiresOnTimestamp: number }> => {
    credential ??= ownCredential(options);
    const answer = await credential.getToken(`${audience}/.default`);
    if (!answer) throw new PluginError("missing-credential", `no token was issued for ${audience}`);
    return answer;
  };

  return {
    get subscriptionId() {
      return setting("ARM_SUBSCRIPTION_ID");
    },
    get tenantId() {
      return setting("ARM_TENANT_ID");
    },
    get clientId() {
      return setting("ARM_CLIENT_ID");
    },
    async token(audience) {
      const held = tokens.get(audience);
      const token = await held?.catch(() => undefined);
      if (token && token.expiresOnTimestamp - Date.now() > 60_000) return token.token;
      // The promise is kept, not its result: thirty resources that start together ask for one token.
      if (tokens.get(audience) === held) tokens.set(audience, signIn(audience));
      return (await tokens.get(audience)!).token;
    },
    fetch: (url, init) => (options.fetch ?? fetch)(url, init),
    sleep: options.sleep ?? wait,
    exclusively(what, work) {
      const turn = (queues.get(what) ?? Promise.resolve()).then(work, work);
      queues.set(what, turn);
      return turn as ReturnType<typeof work>;
    },
    warn: options.warn ?? (() => undefined),
  };
}

/**
 * The credential that the environment names. What azure-native does where nothing is named, the Azure CLI's login, is
 * refused: such a login belongs to a tenant of the cloud, whose tokens the plugins must not carry to anybody else.
 */
function ownCredential({ environment, fetch = globalThis.fetch }: SessionOptions): TokenCredential {
  const { method } = chooseSignIn(environment);
  if (method !== "azure cli" && method !== "default") return deployerCredential(environment, fetch);
  throw new PluginError(
    "missing-credential",
    "nothing says how the deployer signs in: set ARM_CLIENT_SECRET, ARM_CLIENT_CERTIFICATE_PATH, ARM_USE_OIDC or " +
      "ARM_USE_MSI (npm run azure -- --pulumi prints an environment that has it)",
  );
}

/** A claim of an access token, read without checking it: the service that gets the token does that. */
export function claim(token: string, name: string): string | undefined {
  const payload = token.split(".")[1];
  if (!payload) return undefined;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  return typeof claims[name] === "string" ? claims[name] : undefined;
}
