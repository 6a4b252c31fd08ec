import { AuthType, CloudAdapter, OutboundHostValidator, type UserTokenClient } from "@microsoft/agents-hosting";
import type { Log } from "./log";
import { allowedHosts } from "./outbound";
import type { Settings } from "./settings";
import { apologise } from "./turn-error";

type Identity = Parameters<CloudAdapter["createUserTokenClient"]>[0];

/**
 * The SDK's adapter with everything said outright that it would otherwise guess from the environment: a single-tenant
 * app with a secret, this residency's Token Service, and the hosts it may answer to.
 */
export class BotAdapter extends CloudAdapter {
  constructor(
    private readonly settings: Pick<Settings, "appId" | "tenantId" | "password" | "tokenServiceEndpoint">,
    log: Log,
  ) {
    super(
      {
        clientId: settings.appId,
        tenantId: settings.tenantId,
        clientSecret: settings.password,
        authType: AuthType.ClientSecret,
      },
      undefined,
      undefined,
      { emitStackTrace: false, validateServiceUrl: true },
      new OutboundHostValidator({ enabled: true, includeDefaultMicrosoftHosts: false, hosts: allowedHosts }),
    );
    this.onTurnError = (context, error) => apologise(context, error, log);
  }

  /** The bot's own token for the Bot Framework; kept by the SDK until five minutes before it ends. */
  botToken(): Promise<string> {
    const scope = "https://api.botframework.com";
    return this.connectionManager.getTokenProvider({ aud: this.settings.appId }, scope).getAccessToken(scope);
  }

  /** A client of the Token Service that acts as the bot itself, outside any turn. */
  tokenServiceClient(): Promise<UserTokenClient> {
    return this.createUserTokenClient({ aud: this.settings.appId });
  }

  protected override createUserTokenClient(
    identity: Identity,
    _endpoint?: string,
    scope?: string,
    audience?: string,
    headers?: Parameters<CloudAdapter["createUserTokenClient"]>[4],
  ): Promise<UserTokenClient> {
    return super.createUserTokenClient(identity, this.settings.tokenServiceEndpoint, scope, audience, headers);
  }
}
