import type { BotConnection } from "../../infra/azure/bot-connections";
import type { Registration } from "../../infra/azure/bot-service";
import type { Look } from "../../infra/code/health";
import type { BotIdentityKind } from "../../infra/settings/environment";
import type { Residency } from "../../infra/facts/residency";

/** What was read: the thing itself, undefined where there is none; or why it could not be read. */
export type Read<T> = { readonly value: T } | { readonly unread: string };

/** What was read; undefined where it could not be, and where there is none. */
export function valueOf<T>(read: Read<T>): T | undefined {
  return "value" in read ? read.value : undefined;
}

/** Whether it was looked for and is not there; what could not be read is not missing. */
export function isMissing(read: Read<unknown>): boolean {
  return "value" in read && read.value === undefined;
}

/** What could not be looked at. */
export interface NotChecked {
  /** `the value of the secret bot-app-password` */
  readonly what: string;
  /** The resource or the setting. */
  readonly where: string;
  /** The service's own words, and who may read it. */
  readonly because: string;
}

/** A bot and all that its sign-ins depend on, as it was read; nothing in it is judged yet. */
export interface SetUp {
  /** The stack that made it; undefined where the bot was named by its id. */
  readonly stack: string | undefined;
  readonly bot: Bot;
  /** Azure's own time. */
  readonly now: Date;
  /** Seconds by which this machine's clock is ahead of Azure's. */
  readonly clockAhead: number;
  /** Tenant in which applications could be read. */
  readonly tenantId: string;
  /** What the stack's settings say; undefined for a bot that was named by its id. */
  readonly wanted: Wanted | undefined;
  /** The bot's own application, or managed identity. */
  readonly identity: Identity;
  readonly connections: readonly Connection[];
  /** Whether all of them could be read. */
  readonly connectionsRead: boolean;
  readonly channels: Channels;
  readonly endpoint: EndpointAnswer;
  readonly webApp: Read<WebApp | undefined>;
  /** Undefined where the endpoint is not on a web app of this subscription. */
  readonly health: Look | undefined;
  readonly secrets: readonly VaultSecret[];
  /** The storage account of the turn state; undefined where no setting names one. */
  readonly state: State | undefined;
  /** Undefined where none was tried. */
  readonly signIn: SignInTried | undefined;
}

/** What a real sign-in came to. */
export type SignInTried =
  | { readonly kind: "refused"; readonly at: string; readonly words: string }
  | { readonly kind: "no card"; readonly asked: string; readonly answers: readonly string[] }
  | { readonly kind: "no answer"; readonly minutes: number }
  /** What the bot said once somebody had signed in. */
  | { readonly kind: "answered"; readonly answers: readonly string[] };

/** What the stack's settings say of a set-up. */
export interface Wanted {
  readonly residency: Residency;
  readonly tenantId: string;
  readonly connections: readonly WantedConnection[];
  readonly singleSignOn: boolean;
  /** Path of the messaging endpoint: `/api/messages`. */
  readonly messages: string;
  /** App Service's runtime; undefined where the code brings its own. */
  readonly runtime: string;
  /** Whether the program makes the web app; else somebody else runs the bot at {@link endpoint}. */
  readonly hosted: boolean;
  readonly endpoint: string | undefined;
  /** Whether the sites of Direct Line and Web Chat are the program's own; those of an adopted bot stay as people set them. */
  readonly ownSites: boolean;
  readonly teams: boolean;
  /** Whether the bot speaks `Health` of contract/app-settings.ts. */
  readonly reportsHealth: boolean;
  readonly bundled: boolean;
  readonly chatPage: boolean;
  /** What the bundled bot asks for a sign-in at; undefined where no connection has a skill, or the code is somebody's own. */
  readonly says: string | undefined;
  readonly identity: BotIdentityKind;
  /** Client id of a sign-in application that was handed in: the program changes nothing of it. */
  readonly existingSignInApp: string | undefined;
  /** ARM id of a vault that was handed in, likewise. */
  readonly existingVault: string | undefined;
}

export interface WantedConnection {
  readonly name: string;
  /** Id of the provider at the Token Service. */
  readonly providerId: string;
  /** Undefined where the sign-in application is made by the program. */
  readonly clientId: string | undefined;
  /** Scopes of an API by its name are asked for by its client id, so these are compared by permission. */
  readonly scopes: readonly string[];
}

/** https://learn.microsoft.com/rest/api/botservice/bots/get */
export interface Bot extends Registration {
  readonly name: string;
  readonly residency: Residency | undefined;
  readonly localAuthOff: boolean;
  readonly publicNetwork: boolean;
}

/** An application, and its service principal in the tenant. */
export interface App {
  readonly clientId: string;
  readonly application: Read<Application | undefined>;
  readonly principal: Read<Principal | undefined>;
  /** Where it lies in the recycle bin, and since when; undefined where it does not. */
  readonly deleted: Read<{ readonly id: string; readonly since: string } | undefined>;
  readonly federated: Read<readonly FederatedCredential[]>;
}

export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly signInAudience: string;
  readonly identifierUris: readonly string[];
  readonly isFallbackPublicClient: boolean | null;
  readonly web: { readonly redirectUris: readonly string[] };
  readonly spa?: { readonly redirectUris: readonly string[] };
  readonly publicClient?: { readonly redirectUris: readonly string[] };
  readonly api: {
    readonly requestedAccessTokenVersion: number | null;
    readonly oauth2PermissionScopes: readonly { id: string; value: string; isEnabled: boolean }[];
    readonly preAuthorizedApplications: readonly { appId: string; delegatedPermissionIds: readonly string[] }[];
  };
  readonly requiredResourceAccess: readonly {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
  readonly passwordCredentials: readonly Credential[];
  readonly keyCredentials: readonly Credential[];
}

export interface Credential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly endDateTime: string;
  readonly startDateTime: string;
  /** The first three letters of a password. */
  readonly hint?: string | null;
}

export interface Principal {
  readonly id: string;
  readonly accountEnabled: boolean;
  readonly appRoleAssignmentRequired: boolean;
  readonly appOwnerOrganizationId: string | null;
  readonly servicePrincipalType: string;
}

export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** Who the bot is. */
export interface Identity extends App {
  /** The managed identity, where it is one. */
  readonly managed: Read<{ readonly id: string; readonly clientId: string } | undefined> | undefined;
  /** The setting in which the code finds the bot's secret. */
  readonly secretSetting: string | undefined;
  /** The first three letters of that secret, by which Entra tells passwords apart; undefined where it could not be read. */
  readonly secretHint: string | undefined;
  /** The code's certificates, whose keys it uses in the vault, in a secret's place: the newest first. */
  readonly certificates: readonly Certificate[];
  /** Thumbprints of the certificates that the application knows; undefined where the code has none. */
  readonly knownCertificates: Read<readonly string[]> | undefined;
  /** What Entra says to a request for the bot's own token with that secret. */
  readonly token: Walk;
}

/** A certificate that an app setting names. */
export interface Certificate {
  readonly setting: string;
  readonly vaultName: string;
  /** Of the certificate and of its key. */
  readonly name: string;
  readonly keyUri: string;
  /** Base64url of the certificate's SHA-256. */
  readonly thumbprint: string;
  readonly vault: Read<Vault | undefined>;
  /** Its key's newest version; undefined where the vault is not there, too. */
  readonly key: Read<{ readonly keyUri: string; readonly enabled: boolean } | undefined>;
  /** Who has a role, or a policy, by which it signs with the key. */
  readonly signers: Read<RoleHolders>;
}

/** What a service answered to a step that the bot or the Token Service takes. */
export type Walk =
  | { readonly kind: "good" }
  | { readonly kind: "refused"; readonly code: string; readonly words: string }
  /** Nothing could be asked, or there was nothing to ask. */
  | { readonly kind: "not walked" };

/** An OAuth connection of the bot. */
export interface Connection extends BotConnection {
  /** How the Token Service proves itself as the application; `other` at providers that are not Entra. */
  readonly proof: "secret" | "federated credential" | "certificate" | "other";
  /** Whether Bot Service keeps a secret of it; undefined where that could not be read. */
  readonly hasSecret: boolean | undefined;
  /** The first three letters of that secret, by which Entra tells passwords apart. */
  readonly secretHint: string | undefined;
  /** Undefined where the provider is not Entra. */
  readonly app: App | undefined;
  /** The service principals of the APIs that it asks for, by the name that the scopes give them. */
  readonly apis: ReadonlyMap<string, Read<Api | undefined>>;
  /** What people have consented to. */
  readonly grants: Read<readonly Grant[]>;
  /** Entra's answer to a request for the application's own token. */
  readonly token: Walk;
  /** What the authorize request leads to: the sign-in page, or a refusal. */
  readonly authorize: Walk;
}

export interface Api {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  readonly oauth2PermissionScopes: readonly {
    readonly id: string;
    readonly value: string;
    readonly isEnabled: boolean;
    readonly type: string;
  }[];
}

export interface Grant {
  readonly consentType: string;
  readonly principalId: string | null;
  readonly resourceId: string;
  readonly scope: string;
}

export interface Channels {
  /** Names of the channels: `DirectLineChannel`. */
  readonly names: readonly string[];
  /** Sites of Direct Line, with which pages chat. */
  readonly directLine: readonly Site[];
  readonly webChat: readonly Site[];
  readonly teams: { readonly isEnabled: boolean; readonly acceptedTerms: boolean | null } | undefined;
  /** SHA-256 of the keys of Direct Line's sites; undefined where they could not be read. */
  readonly keys: Read<readonly string[]>;
  /** Whether the channels could be read at all. */
  readonly read: boolean;
}

export interface Site {
  readonly siteName: string;
  readonly isEnabled: boolean;
  readonly isSecureSiteEnabled: boolean;
  readonly trustedOrigins: readonly string[];
}

/** What the messaging endpoint answers to a message without the channel's token. */
export type EndpointAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly by: string }
  | { readonly kind: "no answer"; readonly why: string };

export interface WebApp {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly hosts: readonly string[];
  readonly state: string;
  readonly httpsOnly: boolean;
  readonly publicNetwork: boolean;
  readonly clientCertificates: boolean;
  /** Id of the identity that reads Key Vault references: `SystemAssigned` or an ARM id. */
  readonly referenceIdentity: string;
  /** Whether its calls go out by a virtual network, from which it may reach what is closed to others. */
  readonly inNetwork: boolean;
  /** ARM ids of the user-assigned identities, lower case. */
  readonly identities: readonly AssignedIdentity[];
  /** Object id of the web app's own identity; undefined where it has none. */
  readonly ownIdentity: string | undefined;
  readonly runtime: string;
  readonly startCommand: string;
  readonly alwaysOn: boolean;
  readonly healthCheckPath: string | undefined;
  readonly minTlsVersion: string;
  /** Size of its plan: `B1`. */
  readonly size: Read<string | undefined>;
  readonly restrictions: readonly { readonly ipAddress?: string; readonly action?: string }[];
  /** The paths that App Service's own sign-in leaves open; undefined where it asks nobody to sign in. */
  readonly loginRequired: Read<readonly string[] | undefined>;
  readonly settings: Read<Readonly<Record<string, string>>>;
  readonly references: Read<readonly Reference[]>;
  /** Hash of the code in the app's folder; undefined where nothing there says one. */
  readonly deployedHash: Read<string | undefined>;
}

export interface AssignedIdentity {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
}

/** A Key Vault reference among the app settings, as App Service resolved it. */
export interface Reference {
  readonly setting: string;
  readonly status: string;
  readonly details: string;
  readonly vaultName: string;
  readonly secretName: string;
}

/** Who may do something. */
export interface RoleHolders {
  /** Object ids, lower case, those of groups included. */
  readonly ids: readonly string[];
  /** Whether a group is among them: nobody here looks up its members. */
  readonly byGroups: boolean;
}

/** A secret that an app setting names. */
export interface VaultSecret {
  readonly setting: string;
  readonly vaultName: string;
  readonly secretName: string;
  readonly version: string | undefined;
  readonly vault: Read<Vault | undefined>;
  /** Undefined where the vault is not there, too. */
  readonly attributes: Read<{ readonly enabled: boolean; readonly expires: string | undefined } | undefined>;
  /** SHA-256 of its value; undefined where it has none. */
  readonly digest: Read<string | undefined>;
}

export interface Vault {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly byRoles: boolean;
  readonly openToAll: boolean;
  /** Whether addresses of the internet are let in by name, which may be the web app's. */
  readonly letsAddressesIn: boolean;
  /** Object ids that an access policy lets read secrets. */
  readonly readers: readonly string[];
  /** Object ids that an access policy lets sign with keys. */
  readonly signers: readonly string[];
  /** When it was put into the recycle bin; undefined where it is not in it. */
  readonly deleted: string | undefined;
  /** Who has a role by which secrets can be read. */
  readonly roleHolders: Read<RoleHolders>;
}

export interface State {
  readonly url: string;
  readonly account: Read<
    | {
        readonly id: string;
        readonly name: string;
        readonly openToAll: boolean;
        readonly container: Read<boolean>;
      }
    | undefined
  >;
  /** Who may write the container. */
  readonly writers: Read<RoleHolders>;
}
