/** Whose names a bot reads its settings by, and in which language it runs. `ours` reads those of `contract/app-settings.ts`. */
export const sdkNames = [
  "ours",
  "agents-js",
  "agents-net",
  "agents-python",
  "botframework-js",
  "botframework-net",
  "botframework-python",
] as const;
export type SdkName = (typeof sdkNames)[number];

export type Language = "node" | "dotnet" | "python";

/**
 * How new code is proved that nobody here wrote: by a health page of its own that speaks `Health` of
 * `contract/app-settings.ts`; by the one that a preload answers in a Node.js process; or by the deployment service's word
 * and the content of the app's folder.
 */
export const healthProofs = ["page", "preload", "content"] as const;
export type HealthProof = (typeof healthProofs)[number];

/** Who the bot is, to be written in a dialect; the values may be known later. */
export interface BotCredentials<T> {
  readonly appId: T;
  readonly tenantId: T;
  /** A Key Vault reference; undefined where the bot is a managed identity. */
  readonly secret: T | undefined;
}

/** An SDK, as far as a deployment has to know it. */
export interface Sdk {
  /** What people call it. */
  readonly displayName: string;
  readonly language: Language;
  /** App Service's runtime where none is said. */
  readonly runtime: string;
  readonly health: HealthProof;
  /** What the bot's code calls a connection by: what `readAs` says. Undefined where it is told of all of them at once. */
  readonly readAs?: string;
  /** What kind of bot takes these settings for its own; an SDK that finds none of its names may answer strangers. */
  readonly family: "ours" | "agents" | "botframework";
  /** Settings that say who the bot is. */
  credentials<T>(bot: BotCredentials<T>): Readonly<Record<string, T | string>>;
  /** The setting in which the bot's code finds a connection's name. */
  connection(readAs: string): string | undefined;
  /** Whether the names were seen to work with a bot of this SDK; else they are read in its source alone. */
  readonly tried: boolean;
  /** Where the names stand. */
  readonly source: string;
}

const microsoftApp = <T>({ appId, tenantId, secret }: BotCredentials<T>): Readonly<Record<string, T | string>> => ({
  MicrosoftAppType: secret === undefined ? "UserAssignedMSI" : "SingleTenant",
  MicrosoftAppId: appId,
  // A managed identity must not have one.
  ...(secret === undefined ? {} : { MicrosoftAppPassword: secret }),
  MicrosoftAppTenantId: tenantId,
});

/** What the Agents SDKs call a bot that is a managed identity. */
const managed = "UserManagedIdentity";

const botFramework = {
  family: "botframework",
  // A bot's own code chooses this name; Microsoft's samples call it connectionName or ConnectionName.
  readAs: "the name of the setting in which the bot's code looks for the connection's name",
  credentials: microsoftApp,
  connection: (readAs: string) => readAs,
} as const;

const handler = "the id of the sign-in handler in the bot's code";

const connections = "connections__serviceConnection__settings__";
const netConnection = "Connections__ServiceConnection__Settings__";
const pythonConnection = "CONNECTIONS__SERVICE_CONNECTION__SETTINGS__";

export const sdks: Readonly<Record<SdkName, Sdk>> = {
  ours: {
    displayName: "this project's contract",
    language: "node",
    runtime: "NODE|24-lts",
    health: "page",
    family: "ours",
    credentials: microsoftApp,
    connection: () => undefined,
    tried: true,
    source: "contract/app-settings.ts",
  },
  "agents-js": {
    displayName: "Microsoft 365 Agents SDK for JavaScript",
    language: "node",
    runtime: "NODE|24-lts",
    health: "preload",
    family: "agents",
    readAs: handler,
    credentials: ({ appId, tenantId, secret }) => ({
      [`${connections}clientId`]: appId,
      ...(secret === undefined ? { [`${connections}authType`]: managed } : { [`${connections}clientSecret`]: secret }),
      [`${connections}tenantId`]: tenantId,
      // Bot Service alone. Untold, the SDK believes every issuer whose key it can get, and among them every application of
      // the tenant, which could then speak as any user (SDK 1.8.1).
      [`${connections}validateIssuer`]: "true",
      [`${connections}issuers`]: "https://api.botframework.com",
      connectionsMap__0__connection: "serviceConnection",
      connectionsMap__0__serviceUrl: "*",
    }),
    connection: (readAs) =>
      `AgentApplication__UserAuthorization__Handlers__${readAs}__Settings__azureBotOAuthConnectionName`,
    tried: true,
    source: "https://github.com/microsoft/Agents/blob/main/samples/nodejs/auto-signin/env.TEMPLATE",
  },
  "agents-net": {
    displayName: "Microsoft 365 Agents SDK for .NET",
    language: "dotnet",
    runtime: "DOTNETCORE|10.0",
    health: "content",
    family: "agents",
    readAs: handler,
    credentials: ({ appId, tenantId, secret }) => ({
      [`${netConnection}AuthType`]: secret === undefined ? managed : "ClientSecret",
      [`${netConnection}ClientId`]: appId,
      ...(secret === undefined ? {} : { [`${netConnection}ClientSecret`]: secret }),
      [`${netConnection}TenantId`]: tenantId,
      [`${netConnection}Scopes__0`]: "https://api.botframework.com/.default",
      ConnectionsMap__0__ServiceUrl: "*",
      ConnectionsMap__0__Connection: "ServiceConnection",
      // Without these the samples take activities of nobody: their token check has no audience.
      TokenValidation__Audiences__0: appId,
      TokenValidation__TenantId: tenantId,
    }),
    connection: (readAs) =>
      `AgentApplication__UserAuthorization__Handlers__${readAs}__Settings__AzureBotOAuthConnectionName`,
    tried: false,
    source: "https://github.com/microsoft/Agents/blob/main/samples/dotnet/auto-signin/appsettings.json",
  },
  "agents-python": {
    displayName: "Microsoft 365 Agents SDK for Python",
    language: "python",
    runtime: "PYTHON|3.12",
    health: "content",
    family: "agents",
    readAs: handler,
    credentials: ({ appId, tenantId, secret }) => ({
      [`${pythonConnection}CLIENTID`]: appId,
      ...(secret === undefined
        ? { [`${pythonConnection}AUTHTYPE`]: managed }
        : { [`${pythonConnection}CLIENTSECRET`]: secret }),
      [`${pythonConnection}TENANTID`]: tenantId,
    }),
    // The SDK for Python splits the names of capital letters only.
    connection: (readAs) =>
      `AGENTAPPLICATION__USERAUTHORIZATION__HANDLERS__${readAs.toUpperCase()}__SETTINGS__AZUREBOTOAUTHCONNECTIONNAME`,
    tried: true,
    source: "https://github.com/microsoft/Agents/blob/main/samples/python/auto-signin/env.TEMPLATE",
  },
  "botframework-js": {
    displayName: "Bot Framework SDK for JavaScript",
    language: "node",
    // restify, which its samples stand on, dies on Node 24 (http_parser).
    runtime: "NODE|22-lts",
    health: "preload",
    ...botFramework,
    tried: true,
    source: "https://github.com/microsoft/BotBuilder-Samples, samples/javascript_nodejs/18.bot-authentication/.env",
  },
  "botframework-net": {
    displayName: "Bot Framework SDK for .NET",
    language: "dotnet",
    runtime: "DOTNETCORE|10.0",
    health: "content",
    ...botFramework,
    tried: false,
    source:
      "https://github.com/microsoft/BotBuilder-Samples, samples/csharp_dotnetcore/18.bot-authentication/appsettings.json",
  },
  "botframework-python": {
    displayName: "Bot Framework SDK for Python",
    language: "python",
    runtime: "PYTHON|3.12",
    health: "content",
    ...botFramework,
    tried: false,
    source: "https://github.com/microsoft/BotBuilder-Samples, samples/python/18.bot-authentication/config.py",
  },
};

/** App Service's runtimes (`az webapp list-runtimes --os linux`) by their form; Azure knows which of them there are. */
export const runtimeForms: Readonly<Record<Language, { readonly pattern: RegExp; readonly allowed: string }>> = {
  node: { pattern: /^NODE\|\d\d(-lts)?$/, allowed: "NODE|22-lts, NODE|24-lts" },
  dotnet: { pattern: /^DOTNETCORE\|\d+\.\d+$/, allowed: "DOTNETCORE|10.0, DOTNETCORE|8.0" },
  python: { pattern: /^PYTHON\|3\.\d+$/, allowed: "PYTHON|3.12, PYTHON|3.13" },
};

/** What of a connection a dialect has to know. */
export interface NamedConnection {
  readonly name: string;
  readonly readAs?: string;
}

/**
 * The app settings by which a bot of an SDK finds out who it is and what its connections are called.
 *
 * `NODE_ENV=production` always: without it the Agents SDK for JavaScript takes a bot that finds no client id for one that
 * is tried out, and answers anybody; with it the bot ends at the start (its error -120320).
 */
export function dialectSettings<T>(
  sdk: SdkName,
  bot: BotCredentials<T>,
  named: readonly NamedConnection[],
): Readonly<Record<string, T | string>> {
  const { language, credentials, connection } = sdks[sdk];
  const names = named.flatMap(({ name, readAs }) => {
    const setting = readAs === undefined ? undefined : connection(readAs);
    return setting === undefined ? [] : [[setting, name] as const];
  });
  return {
    ...credentials(bot),
    ...Object.fromEntries(names),
    ...(language === "node" ? { NODE_ENV: "production" } : {}),
  };
}
