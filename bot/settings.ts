import {
  type AppSettingName,
  type BotCertificate,
  type BotType,
  certificateIn,
  everyone,
  everywhere,
  parseConnections,
  proofSettings,
  signedInTo,
  type TeamsGroups,
  teamsGroups,
} from "../contract/app-settings";
import { type Connection, connectionNamePattern } from "../contract/connection";
import { type Network, parseNetwork } from "../contract/network";
import { isAllowedHost } from "./outbound";

/** The app settings, read and checked. */
export interface Settings {
  readonly appId: string;
  readonly tenantId: string;
  /** Undefined where the bot has a certificate, or is a managed identity. */
  readonly password: string | undefined;
  /** The one before it, good until the next rotation; undefined where the other is. */
  readonly passwordBefore: string | undefined;
  /** Undefined where it proves itself otherwise. */
  readonly certificates: readonly [newest: BotCertificate, before: BotCertificate] | undefined;
  readonly connections: readonly Connection[];
  readonly tokenServiceEndpoint: string;
  readonly directLineEndpoint: string;
  readonly directLineSecretUri: string;
  readonly stateContainerUrl: string;
  readonly managedIdentityClientId: string;
  /** The key that signs, and the one before it, whose signatures are still good. */
  readonly chatSessionKeys: readonly [newest: string, before: string];
  /** How often the secrets were rotated. */
  readonly secretsRotation: number;
  /** From when on the newest secrets are to be renewed, and when they end: ISO dates and times in UTC. */
  readonly secretsDue: string;
  readonly secretsEnd: string;
  readonly chatTitle: string;
  /** What the Content-Security-Policy's `frame-ancestors` says. */
  readonly chatFrameAncestors: string;
  readonly chatPage: boolean;
  /** The connection that people must be signed in to before they get a chat; undefined where everyone gets one. */
  readonly chatSignedInTo: string | undefined;
  /** Where people must be to see the chat page; empty for everywhere. */
  readonly chatAllowedNetworks: readonly Network[];
  /** How people are answered who ask in a group of Teams. */
  readonly teamsGroups: TeamsGroups;
}

/** A setting with which the bot cannot start. Names only: a value could be a secret. */
export interface SettingFault {
  readonly setting: AppSettingName;
  readonly problem: string;
  readonly fix: string;
}

/** Says what is wrong with a value, or nothing where it is right. */
type Rule = (value: string, env: NodeJS.ProcessEnv) => string | undefined;

const deployAgain = "npm run drift, then pulumi up: the program writes every setting, none is typed by hand.";
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const botTypes: readonly string[] = ["SingleTenant", "UserAssignedMSI"] satisfies readonly BotType[];
const passwords: readonly AppSettingName[] = proofSettings.secret;
const certificates: readonly AppSettingName[] = proofSettings.certificate;
const isManaged = (env: NodeJS.ProcessEnv): boolean => env.MicrosoftAppType === "UserAssignedMSI";

/** By what the bot proves itself: the settings of the others are not there. */
function proof(env: NodeJS.ProcessEnv): "password" | "certificate" | "identity" {
  if (isManaged(env)) return "identity";
  return certificates.some((setting) => env[setting] !== undefined) ? "certificate" : "password";
}

const isGuid: Rule = (value) => (guid.test(value) ? undefined : "is not a GUID");
const isAnything: Rule = () => undefined;

const isHttps = (value: string): string | undefined => (httpsUrl(value) ? undefined : "is not an https address");

const isBotFramework: Rule = (value) =>
  isHttps(value) ?? (isAllowedHost(value) ? undefined : "is not an address of the Bot Framework");

const isVaultSecret: Rule = (value) =>
  httpsUrl(value)?.pathname.match(/^\/secrets\/[0-9a-zA-Z-]+\/?$/)
    ? undefined
    : "is not the versionless https address of a vault's secret";

const isContainer: Rule = (value) =>
  httpsUrl(value)?.pathname.match(/^\/[a-z0-9-]{3,63}\/?$/)
    ? undefined
    : "is not the https address of a blob container";

const areConnections: Rule = (value) => {
  try {
    const connections = parseConnections(value);
    if (connections.length === 0) return "names no connection";
    if (!connections.every(({ name }) => connectionNamePattern.test(name))) {
      return "has a connection whose name Azure would refuse";
    }
    // The user's token goes there.
    if (!connections.every(({ api }) => api === undefined || httpsUrl(api))) {
      return "has a connection whose api is not an https address";
    }
    return connections.every(({ skill, api }) => skill !== "orders" || api)
      ? undefined
      : "has a connection with the skill orders and without api, the address of the service";
  } catch {
    return "is not the JSON array of connections that the program writes";
  }
};

const areAncestors: Rule = (value) =>
  value === "'none'" ||
  value.split(" ").every((origin) => origin === "'self'" || /^https?:\/\/[^\s;,'"/]+$/.test(origin))
    ? undefined
    : "is neither 'none' nor a list of origins separated by single spaces";

/** Never "everyone" by a slip of the pen: what is neither that nor a connection is a fault. */
const isAccess: Rule = (value, env) => {
  if (value === everyone || env.CHAT_PAGE === "off") return undefined;
  const names = namesOf(env.OAUTH_CONNECTIONS ?? "");
  return names.some((name) => value === signedInTo + name)
    ? undefined
    : `is neither ${everyone} nor ${signedInTo} and a connection of OAUTH_CONNECTIONS`;
};

const areNetworks: Rule = (value) =>
  value === everywhere || value.split(" ").every((network) => parseNetwork(network))
    ? undefined
    : `is neither ${everywhere} nor a list of networks such as 203.0.113.0/24, separated by single spaces`;

const isPassword: Rule = (_value, env) =>
  ({
    password: undefined,
    certificate: "is there beside a certificate, which takes its place",
    identity: "is there, but a managed identity has no password",
  })[proof(env)];

const isCertificate: Rule = (value, env) => {
  if (isManaged(env)) return "is there, but a managed identity has no certificate";
  return certificateIn(value)
    ? undefined
    : "is not the address of a key's version in a vault, a blank, and a thumbprint";
};

function interval(value: string): Pick<Settings, "secretsDue" | "secretsEnd"> | undefined {
  const [secretsDue = "", secretsEnd = "", ...more] = value.split("/");
  const right = [secretsDue, secretsEnd].every((date) => !Number.isNaN(Date.parse(date))) && more.length === 0;
  return right ? { secretsDue, secretsEnd } : undefined;
}

const isKey: Rule = (value) => (value.length >= 32 ? undefined : "is shorter than 32 characters");

const rules: Readonly<Record<AppSettingName, Rule>> = {
  MicrosoftAppId: isGuid,
  MicrosoftAppType: (value) => (botTypes.includes(value) ? undefined : `must be ${botTypes.join(" or ")}`),
  MicrosoftAppTenantId: isGuid,
  MicrosoftAppPassword: isPassword,
  MicrosoftAppPasswordBefore: isPassword,
  MicrosoftAppCertificate: isCertificate,
  MicrosoftAppCertificateBefore: isCertificate,
  OAUTH_CONNECTIONS: areConnections,
  TOKEN_SERVICE_ENDPOINT: isBotFramework,
  DIRECT_LINE_ENDPOINT: isBotFramework,
  DIRECT_LINE_SECRET_URI: isVaultSecret,
  STATE_CONTAINER_URL: isContainer,
  MANAGED_IDENTITY_CLIENT_ID: isGuid,
  CHAT_SESSION_KEY: isKey,
  CHAT_SESSION_KEY_BEFORE: isKey,
  SECRETS_ROTATION: (value) => (/^\d{1,6}$/.test(value) ? undefined : "is not a whole number"),
  SECRETS_END: (value) => (interval(value) ? undefined : "is not two dates with / between them"),
  CHAT_TITLE: isAnything,
  CHAT_FRAME_ANCESTORS: areAncestors,
  CHAT_PAGE: (value) => (value === "on" || value === "off" ? undefined : "must be on or off"),
  CHAT_ACCESS: isAccess,
  CHAT_ALLOWED_NETWORKS: areNetworks,
  TEAMS_GROUPS: (value) =>
    (teamsGroups as readonly string[]).includes(value) ? undefined : `must be ${teamsGroups.join(" or ")}`,
};

/**
 * Names every setting with which the bot cannot start.
 *
 * An app setting whose Key Vault reference did not resolve holds the reference itself, and would silently serve as a
 * password (known mistake 13; https://learn.microsoft.com/azure/app-service/app-service-key-vault-references).
 */
export function findFaults(env: NodeJS.ProcessEnv): SettingFault[] {
  return (Object.keys(rules) as AppSettingName[]).flatMap((setting) => {
    const value = env[setting];
    if (value === undefined && passwords.includes(setting) && proof(env) !== "password") return [];
    if (value === undefined && certificates.includes(setting) && proof(env) !== "certificate") return [];
    if (value === undefined) return [{ setting, problem: "is missing", fix: deployAgain }];
    if (value.trim() === "") return [{ setting, problem: "is empty", fix: deployAgain }];
    if (value.startsWith("@Microsoft.KeyVault(")) return [unresolved(setting)];
    const problem = rules[setting](value, env);
    return problem ? [{ setting, problem, fix: deployAgain }] : [];
  });
}

/** Reads the settings that {@link findFaults} found nothing wrong with. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const value = (name: AppSettingName): string => env[name] ?? "";
  return {
    appId: value("MicrosoftAppId"),
    tenantId: value("MicrosoftAppTenantId"),
    password: proof(env) === "password" ? value("MicrosoftAppPassword") : undefined,
    passwordBefore: proof(env) === "password" ? value("MicrosoftAppPasswordBefore") : undefined,
    certificates:
      proof(env) === "certificate"
        ? [certificateIn(value("MicrosoftAppCertificate"))!, certificateIn(value("MicrosoftAppCertificateBefore"))!]
        : undefined,
    connections: parseConnections(value("OAUTH_CONNECTIONS")),
    tokenServiceEndpoint: origin(value("TOKEN_SERVICE_ENDPOINT")),
    directLineEndpoint: origin(value("DIRECT_LINE_ENDPOINT")),
    directLineSecretUri: value("DIRECT_LINE_SECRET_URI").replace(/\/$/, ""),
    stateContainerUrl: value("STATE_CONTAINER_URL").replace(/\/$/, ""),
    managedIdentityClientId: value("MANAGED_IDENTITY_CLIENT_ID"),
    chatSessionKeys: [value("CHAT_SESSION_KEY"), value("CHAT_SESSION_KEY_BEFORE")],
    secretsRotation: Number(value("SECRETS_ROTATION")),
    ...interval(value("SECRETS_END"))!,
    chatTitle: value("CHAT_TITLE"),
    chatFrameAncestors: value("CHAT_FRAME_ANCESTORS"),
    chatPage: value("CHAT_PAGE") === "on",
    chatSignedInTo: value("CHAT_ACCESS") === everyone ? undefined : value("CHAT_ACCESS").slice(signedInTo.length),
    chatAllowedNetworks: networksOf(value("CHAT_ALLOWED_NETWORKS")),
    teamsGroups: value("TEAMS_GROUPS") as TeamsGroups,
  };
}

function namesOf(connections: string): string[] {
  try {
    return parseConnections(connections).map(({ name }) => name);
  } catch {
    return [];
  }
}

function networksOf(value: string): Network[] {
  if (value === everywhere) return [];
  return value.split(" ").map((text) => {
    const network = parseNetwork(text);
    if (!network) throw new RangeError(`CHAT_ALLOWED_NETWORKS holds ${text}, which is no network`);
    return network;
  });
}

function unresolved(setting: AppSettingName): SettingFault {
  return {
    setting,
    problem: "is a Key Vault reference that App Service could not resolve",
    fix:
      "Give the web app's managed identity the role Key Vault Secrets User on the vault, check that the secret exists, " +
      "then have the references read again: az rest --method post --url " +
      '"<resource id of the web app>/config/configreferences/appsettings/refresh?api-version=2022-03-01".',
  };
}

function httpsUrl(value: string): URL | undefined {
  const url = URL.parse(value);
  return url?.protocol === "https:" ? url : undefined;
}

function origin(value: string): string {
  return new URL(value).origin;
}
