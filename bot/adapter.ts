import {
  type AuthConfiguration,
  AuthType,
  CloudAdapter,
  OutboundHostValidator,
  type UserTokenClient,
} from "@microsoft/agents-hosting";
import { turnTime } from "../contract/turn";
import { Credential, type Password } from "./credential";
import { Deadline, turnDeadline } from "./deadline";
import type { Log } from "./log";
import { allowedHosts } from "./outbound";
import type { Settings } from "./settings";
import { apologise } from "./turn-error";

type Identified = Pick<Settings, "appId" | "tenantId" | "password" | "passwordBefore">;
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

  constructor(
    private readonly settings: Identified & Pick<Settings, "tokenServiceEndpoint">,
    log: Log,
  ) {
    super(
      credentialOf(settings),
      undefined,
      undefined,
      { emitStackTrace: false, validateServiceUrl: true },
      new OutboundHostValidator({ enabled: true, includeDefaultMicrosoftHosts: false, hosts: allowedHosts }),
    );
    this.credential = new Credential(
      this.connectionManager.getDefaultConnection(),
      settings.password === undefined ? undefined : settings.passwordBefore,
      (used) => log.warn({ used }, passwordTexts[used]),
    );
    this.onTurnError = (context, error) => apologise(context, error, log);
  }

  /** The password that Entra took last; undefined for a managed identity. */
  get passwordInUse(): Password | undefined {
    return this.credential.used;
  }

  /** The bot's own token for the Bot Framework; kept by the SDK until five minutes before it ends. */
  async botToken(): Promise<string> {
    this.asking ??= this.askForToken().finally(() => {
      this.asking = undefined;
    });
    return turnDeadline()?.race(this.asking) ?? this.asking;
  }

  private async askForToken(): Promise<string> {
    const scope = "https://api.botframework.com";
    const provider = this.connectionManager.getTokenProvider({ aud: this.settings.appId }, scope);
    const limit = new Deadline(turnTime);
    return limit.race(provider.getAccessToken(scope)).finally(() => limit.clear());
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

const passwordTexts: Readonly<Record<Password, string>> = {
  newest: "Entra takes the newest password now",
  before: "Entra refuses the newest password here; the one before it is used until Entra takes it",
};

/** An application proves itself by its password, a managed identity by the platform that runs it. */
function credentialOf({ appId, tenantId, password }: Identified): AuthConfiguration {
  const who = { clientId: appId, tenantId };
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
