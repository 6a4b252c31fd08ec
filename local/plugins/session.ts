import type { TokenCredential } from "@azure/identity";
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
  /** Holds `ARM_CLIENT_ID`, `ARM_CLIENT_SECRET`, `ARM_TENANT_ID`, `ARM_SUBSCRIPTION_ID`, as azure-native reads them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly credential?: TokenCredential;
  readonly fetch?: typeof fetch;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly warn?: (message: string) => void;
}

/**
 * Makes the session from the environment. Nothing is read or asked for before it is needed, so a program of random
 * values alone needs no credentials.
 * @throws PluginError `MissingCredential`, on first use, naming the variable that is not set
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
      "MissingCredential",
      `${name} is not set: the deployer signs in with its environment (ARM_*)`,
    );
  };

  const signIn = async (audience: string): Promise<{ token: string; expiresOnTimestamp: number }> => {
    // Loaded late: it costs a tenth of a second that a program without Azure resources need not spend.
    credential ??= new (await import("@azure/identity")).ClientSecretCredential(
      setting("ARM_TENANT_ID"),
      setting("ARM_CLIENT_ID"),
      setting("ARM_CLIENT_SECRET"),
    );
    const answer = await credential.getToken(`${audience}/.default`);
    if (!answer) throw new PluginError("MissingCredential", `no token was issued for ${audience}`);
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
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
    exclusively(what, work) {
      const turn = (queues.get(what) ?? Promise.resolve()).then(work, work);
      queues.set(what, turn);
      return turn as ReturnType<typeof work>;
    },
    warn: options.warn ?? (() => undefined),
  };
}

/** A claim of an access token, read without checking it: the service that gets the token does that. */
export function claim(token: string, name: string): string | undefined {
  const payload = token.split(".")[1];
  if (!payload) return undefined;
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  return typeof claims[name] === "string" ? claims[name] : undefined;
}
