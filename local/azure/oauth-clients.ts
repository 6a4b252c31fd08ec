import { keptMap } from "../data/kept-map";
import type { Kept } from "../data/folder";
import { newSecret, noteSecret } from "./secrets";

/** An application that somebody has registered at an identity provider outside Entra: a GitHub app, a company's client. */
export interface OAuthClient {
  /** Host of the provider: `github.com`. */
  readonly host: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What its consent page calls it. */
  readonly name: string;
  /** Addresses that the provider may send browsers back to. */
  readonly redirectUris: readonly string[];
}

/**
 * The applications at providers outside Entra. At the real ones a person registers them in a web page and is shown the
 * secret once; here the secret is made when they are registered.
 */
export class OAuthClients {
  readonly #clients = new Map<string, OAuthClient>();

  /** Survives a restart: the connections that were deployed hold these secrets. */
  get kept(): Kept {
    return keptMap("clients of other providers", this.#clients);
  }

  /** Registers an application, or finds it where it is registered already. Gives it with its secret. */
  register(client: Omit<OAuthClient, "clientSecret">): OAuthClient {
    const known = this.find(client.host, client.clientId);
    const registered = { ...client, clientSecret: known?.clientSecret ?? newSecret(30, "hex") };
    noteSecret(registered.clientSecret);
    this.#clients.set(keyOf(client.host, client.clientId), registered);
    return registered;
  }

  find(host: string, clientId: string): OAuthClient | undefined {
    return this.#clients.get(keyOf(host, clientId));
  }

  /** Why an application that signs somebody in is unknown, for the terminal: the provider's own page says less. */
  static unknown(host: string, clientId: string): string {
    return (
      `${host} has no application ${clientId}. npm start and npm run azure -- --pulumi register those of their stack's connections (--stack); ` +
      "a program that starts the local Azure calls azure.oauthClients.register."
    );
  }

  /** The applications of one provider. */
  at(host: string): OAuthClient[] {
    return [...this.#clients.values()].filter((client) => client.host === host);
  }
}

function keyOf(host: string, clientId: string): string {
  return `${host} ${clientId}`;
}
