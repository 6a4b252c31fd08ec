import type { TokenCredential } from "@azure/core-auth";
import {
  type AuthConfiguration,
  AuthType,
  CloudAdapter,
  OutboundHostValidator,
  type UserTokenClient,
} from "@microsoft/agents-hosting";
import type { SecretsInUse } from "../contract/app-settings";
import { turnTime } from "../contract/turn";
import { Certificates } from "./certificate";
import { Credential, passwordWays, type Taken } from "./credential";
import { Deadline, turnDeadline } from "./deadline";
import type { Log } from "./log";
import { allowedHosts } from "./outbound";
import type { Settings } from "./settings";
import { apologise } from "./turn-error";

type Identified = Pick<Settings, "appId" | "tenantId" | "password" | "passwordBefore" | "certificates">;
type Identity = Parameters<CloudAdapter["createUserTokenClient"]>[0];
type Arguments = Parameters<CloudAdapter["createConnectorClientWithIdentity"]>;
type ConnectorClient = Awaited<ReturnType<CloudAdapter["createConnectorClientWithIdentity"]>>;

/**
 * The SDK's adapter with everything said outright that it would otherwise guess from the environment: who the
 * bot is and how it proves that, this residency's Token Service, and the hosts it may answer to. What it asks for in a turn ends with
 * that turn: the SDK's own clients wait as long as a service likes.
 */
export class BotAdapter extends CloudAdapter {
  /** The bot's token, while it is asked for: all turns that wait for it wait for one request. */
  private asking?: Promise<string>;
  private readonly credential: Credential;
  private readonly certificates: Certificates | undefined;

  /** @param vault of the managed identity that may sign with the certificates' keys */
  constructor(
    private readonly settings: Identified & Pick<Settings, "tokenServiceEndpoint">,
    vault: TokenCredential,
    log: Log,
  ) {
    super(
      credentialOf(settings),
      undefined,
      undefined,
      { emitStackTrace: false, validateServiceUrl: true },
      new OutboundHostValidator({ enabled: true, includeDefaultMicrosoftHosts: false, hosts: allowedHosts }),
    );
    const provider = this.connectionManager.getDefaultConnection();
    this.certificates = settings.certificates && new Certificates(settings, settings.certificates, vault);
    this.credential = new Credential(
      provider,
      this.certificates?.ways ?? passwordWays(provider, settings.passwordBefore),
      (taken) => log.warn({ taken }, takenText(taken, this.certificates ? "certificate" : "password")),
    );
    this.onTurnError = (context, error) => apologise(context, error, log);
  }

  /** What Entra took last, of the bot's passwords or certificates; neither for a managed identity. */
  get inUse(): CredentialInUse {
    const { taken } = this.credential;
    if (!this.certificates) return taken ? { password: taken } : {};
    this.certificates.prove(botFramework);
    const { provenAt } = this.certificates;
    return { certificate: { ...(taken && { taken }), ...(provenAt && { provenAt }) } };
  }

  /** The bot's own token for the Bot Framework; kept by the SDK until five minutes before it ends. */
  async botToken(): Promise<string> {
    this.asking ??= this.askForToken().finally(() => {
      this.asking = undefined;
    });
    return turnDeadline()?.race(this.asking) ?? this.asking;
  }

  private async askForToken(): Promise<string> {
    const provider = this.connectionManager.getTokenProvider({ aud: this.settings.appId }, botFramework);
    const limit = new Deadline(turnTime);
    return limit.race(provider.getAccessToken(botFramework)).finally(() => limit.clear());
  }

  /** A client of the Token Service that acts as the bot itself, outside any turn. */
  tokenServiceClient(): Promise<UserTokenClient> {
    return this.createUserTokenClient({ aud: this.settings.appId });
  }

  protected override async createConnectorClientWithIdentity(...given: Arguments): Promise<ConnectorClient> {
    await this.botToken();
    const client = await super.createConnectorClientWithIdentity(...given);
    endWithTurn(client.httpClient);
    return client;
  }

  protected override async createUserTokenClient(
    identity: Identity,
    _endpoint?: string,
    scope?: string,
    audience?: string,
    headers?: Parameters<CloudAdapter["createUserTokenClient"]>[4],
  ): Promise<UserTokenClient> {
    await this.botToken();
    const { tokenServiceEndpoint } = this.settings;
    const client = await super.createUserTokenClient(identity, tokenServiceEndpoint, scope, audience, headers);
    endWithTurn(client.client);
    return client;
  }
}

/** What the bot asks tokens for. */
const botFramework = "https://api.botframework.com";

/** What Entra took of the bot's passwords, or of its certificates. */
export type CredentialInUse = Pick<SecretsInUse, "password" | "certificate">;

const takenText = (taken: Taken, what: string): string =>
  taken === "newest"
    ? `Entra takes the newest ${what} now`
    : `Entra refuses the newest ${what} here; the one before it is used until Entra takes it`;

/**
 * An application proves itself by its password, a managed identity by the platform that runs it. By a certificate the SDK asks for no
 * token itself: it wants the key in a file (SDK 1.8.1).
 */
function credentialOf({ appId, tenantId, password, certificates }: Identified): AuthConfiguration {
  const who = { clientId: appId, tenantId };
  if (certificates) return { ...who, authType: AuthType.Certificate };
  return password === undefined
    ? { ...who, authType: AuthType.UserManagedIdentity }
    : { ...who, clientSecret: password, authType: AuthType.ClientSecret };
}

/** Gives every request of a client the time that the turn under way has left. */
function endWithTurn(client: ConnectorClient["httpClient"]): void {
  const request = client.request.bind(client);
  client.request = (config) => {
    const deadline = turnDeadline();
    return deadline ? deadline.race(request({ ...config, signal: deadline.signal })) : request(config);
  };
}
