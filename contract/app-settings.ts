import type { Connection } from "./connection";

/** Who the bot is: an application of one tenant with a password or a certificate, or a managed identity without either. */
export type BotType = "SingleTenant" | "UserAssignedMSI";

/**
 * How people are answered who ask for something of theirs in a group chat or in a channel of Teams: not at all, there by a
 * message that they alone see, or in their own chat with the bot.
 */
export const teamsGroups = ["off", "targeted", "personal"] as const;
export type TeamsGroups = (typeof teamsGroups)[number];

/**
 * The bot's app settings: every name that the program writes and the bot reads.
 *
 * Values marked "secret" reach the web app as versioned Key Vault references only.
 */
export interface AppSettings {
  /** Client id of the bot's Entra application, or of the managed identity that is the bot. */
  readonly MicrosoftAppId: string;
  /** Never `MultiTenant`: Azure closed the creation of such bots on 31 July 2025. */
  readonly MicrosoftAppType: BotType;
  /** Tenant of the bot's Entra application or managed identity. */
  readonly MicrosoftAppTenantId: string;
  /** Secret: password of the bot's Entra application; absent where the bot has a certificate, or is a managed identity. */
  readonly MicrosoftAppPassword?: string;
  /** Secret: the password before that one, good until the next rotation; absent where the other is. */
  readonly MicrosoftAppPasswordBefore?: string;
  /**
   * The certificate of the bot's Entra application, in place of a password: the address of its key in the vault, version included,
   * and the base64url of its SHA-256, with a blank between them. No secret: the key stays in the vault, which signs with it.
   */
  readonly MicrosoftAppCertificate?: string;
  /** The certificate before that one, good until the next rotation; absent where the other is. */
  readonly MicrosoftAppCertificateBefore?: string;
  /** JSON array of {@link Connection}: what the bot may ask its users to sign in to. */
  readonly OAUTH_CONNECTIONS: string;
  /** The residency's Token Service API, for example `https://api.botframework.com`. */
  readonly TOKEN_SERVICE_ENDPOINT: string;
  /** The residency's Direct Line, for example `https://directline.botframework.com`. */
  readonly DIRECT_LINE_ENDPOINT: string;
  /** Versionless address of the Direct Line secret in the vault; read at run time with the managed identity. */
  readonly DIRECT_LINE_SECRET_URI: string;
  /** Blob container of the turn state: `https://<account>.blob.core.windows.net/<container>`. */
  readonly STATE_CONTAINER_URL: string;
  /** Client id of the user-assigned identity with which the bot reads its vault and its state. */
  readonly MANAGED_IDENTITY_CLIENT_ID: string;
  /** Secret: key that signs the chat page's session cookie. */
  readonly CHAT_SESSION_KEY: string;
  /** Secret: the key before that one, whose signatures are still good. */
  readonly CHAT_SESSION_KEY_BEFORE: string;
  /** How often the secrets were rotated: by it the bot says which secrets it runs with. */
  readonly SECRETS_ROTATION: string;
  /** From when on the newest secrets are to be renewed, and when they end: an ISO interval in UTC, `<moment>/<moment>`. */
  readonly SECRETS_END: string;
  /** What the chat page calls the bot. */
  readonly CHAT_TITLE: string;
  /** Space-separated origins that may frame the chat page, or `'none'`. */
  readonly CHAT_FRAME_ANCESTORS: string;
  /** `on` serves the chat page and its endpoints; `off` answers 404 to all of them. */
  readonly CHAT_PAGE: "on" | "off";
  /** Who gets a chat of the page: {@link everyone}, or people signed in to a connection: {@link signedInTo} and its name. */
  readonly CHAT_ACCESS: string;
  /** How people are answered who ask in a group of Teams: {@link TeamsGroups}. */
  readonly TEAMS_GROUPS: TeamsGroups;
  /** Space-separated networks (CIDR) whose browsers the page answers, or {@link everywhere}. */
  readonly CHAT_ALLOWED_NETWORKS: string;
}

export type AppSettingName = keyof AppSettings;

/** The settings by which a bot proves itself, by who it is; those of the others are not there. */
export const proofSettings = {
  secret: ["MicrosoftAppPassword", "MicrosoftAppPasswordBefore"],
  certificate: ["MicrosoftAppCertificate", "MicrosoftAppCertificateBefore"],
  managed: [],
} as const satisfies Readonly<Record<string, readonly AppSettingName[]>>;

/** A certificate of the bot's application, as an app setting names it. Its key is in the vault and stays there. */
export interface BotCertificate {
  /** Address of the key, version included. */
  readonly keyUri: string;
  /** Base64url of the SHA-256 of the certificate, by which Entra finds it. */
  readonly thumbprint: string;
  /** Host of the vault. */
  readonly vaultHost: string;
  readonly keyName: string;
}

/** The certificate that an app setting names; undefined where it names none. */
export function certificateIn(value: string): BotCertificate | undefined {
  const named = /^(https:\/\/([a-z0-9.-]+)\/keys\/([0-9a-z-]+)\/[0-9a-f]{32}) ([\w-]{43})$/i.exec(value);
  if (!named) return undefined;
  const [, keyUri, vaultHost, keyName, thumbprint] = named as unknown as [string, string, string, string, string];
  return { keyUri, thumbprint, vaultHost, keyName };
}

/** Every name of {@link AppSettings}; one that is missing here does not compile. */
export const appSettingNames = Object.keys({
  MicrosoftAppId: true,
  MicrosoftAppType: true,
  MicrosoftAppTenantId: true,
  MicrosoftAppPassword: true,
  MicrosoftAppPasswordBefore: true,
  MicrosoftAppCertificate: true,
  MicrosoftAppCertificateBefore: true,
  OAUTH_CONNECTIONS: true,
  TOKEN_SERVICE_ENDPOINT: true,
  DIRECT_LINE_ENDPOINT: true,
  DIRECT_LINE_SECRET_URI: true,
  STATE_CONTAINER_URL: true,
  MANAGED_IDENTITY_CLIENT_ID: true,
  CHAT_SESSION_KEY: true,
  CHAT_SESSION_KEY_BEFORE: true,
  SECRETS_ROTATION: true,
  SECRETS_END: true,
  CHAT_TITLE: true,
  CHAT_FRAME_ANCESTORS: true,
  CHAT_PAGE: true,
  CHAT_ACCESS: true,
  CHAT_ALLOWED_NETWORKS: true,
  TEAMS_GROUPS: true,
} satisfies Record<AppSettingName, true>) as readonly AppSettingName[];

/** Settings whose value is a secret and therefore a Key Vault reference in the web app's configuration. */
export const secretSettings = [
  "MicrosoftAppPassword",
  "MicrosoftAppPasswordBefore",
  "CHAT_SESSION_KEY",
  "CHAT_SESSION_KEY_BEFORE",
] as const satisfies readonly AppSettingName[];

/** `CHAT_ACCESS` of a chat page for everybody who finds it. */
export const everyone = "everyone";

/** What precedes the connection's name in `CHAT_ACCESS`: a connection may be called everyone, too. */
export const signedInTo = "signed-in-to:";

/** `CHAT_ALLOWED_NETWORKS` of a chat page that looks at no address. */
export const everywhere = "everywhere";

/** Route at which the bot receives activities; the bot registration's endpoint ends in it. */
export const messagesRoute = "/api/messages";

/** Route of the health page: no sign-in, 200 well or not, 503 where settings are wrong; it names what is. */
export const healthRoute = "/healthz";

/** File beside the bundle that says what was deployed; the health page reports it. */
export const buildFile = "build.json";

/** Content of {@link buildFile}. */
export interface Build {
  /** Version of the project. */
  readonly version: string;
  /** Hex SHA-256 over the deployed files, `build.json` itself left out. */
  readonly hash: string;
}

/** What `GET /healthz` answers. Names and states only, never a value of a setting. */
export interface Health {
  readonly status: "well" | "unwell";
  readonly build: Build;
  readonly checks: readonly HealthCheck[];
  readonly connections: readonly string[];
  /** Which secrets the bot runs with; absent where its settings are wrong. */
  readonly secrets?: SecretsInUse;
  /** Whole seconds since somebody last wrote to the bot, or since it started: a quiet minute is one in which nobody signs in. */
  readonly quietFor?: number;
}

/** Which secrets the bot runs with: never one of them. */
export interface SecretsInUse {
  /** How often they were rotated. */
  readonly rotation: number;
  /** When they end: ISO date and time in UTC. */
  readonly ends: string;
  /** Which password Entra took last: the one before where the newest was refused. Absent for a bot without passwords. */
  readonly password?: "newest" | "before";
  /** The same of certificates; absent for a bot without. */
  readonly certificate?: {
    readonly taken?: "newest" | "before";
    /** When Entra gave three tokens in a row for the newest, since the bot started: ISO date and time in UTC. */
    readonly provenAt?: string;
  };
  /** What to do about secrets that are near their end; absent while there is time. */
  readonly warning?: string;
}

export interface HealthCheck {
  /** `settings`, `bot token`, `state`, `connections`, ... */
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong and what fixes it; absent when the check passed. */
  readonly fix?: string;
}

/** Reads `OAUTH_CONNECTIONS`. Throws a `SyntaxError` where it is not JSON of the right shape. */
export function parseConnections(text: string): Connection[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new SyntaxError("OAUTH_CONNECTIONS is not a JSON array");
  return value.map((entry: Partial<Connection> | null, at) => {
    if (!entry?.name || !entry.provider || !Array.isArray(entry.scopes)) {
      throw new SyntaxError(`OAUTH_CONNECTIONS[${at}] lacks one of name, provider, scopes`);
    }
    return connectionOf({ ...entry, name: entry.name, provider: entry.provider, scopes: entry.scopes });
  });
}

/** What the bot is told of a connection, and nothing else. */
export function connectionOf({ name, provider, scopes, skill, api }: Connection): Connection {
  return { name, provider, scopes: [...scopes], ...(skill ? { skill } : {}), ...(api ? { api } : {}) };
}
