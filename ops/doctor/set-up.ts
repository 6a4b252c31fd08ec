import type { BotConnection } from "../../infra/azure/bot-connections";
import type { Registration } from "../../infra/azure/bot-service";
import type { Look } from "../../infra/code/health";
import type { Residency } from "../../infra/facts/residency";
import type { BotIdentityKind } from "../../infra/settings/environment";
import type { Api, App, Grant, Walk } from "./set-up/entra";
import type { Read } from "./set-up/read-value";
import type { Certificate, RoleHolders, VaultSecret } from "./set-up/vault";
import type { WebApp } from "./set-up/web-app";

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
  | { readonly ended: "refused"; readonly at: string; readonly words: string }
  | { readonly ended: "no card"; readonly asked: string; readonly answers: readonly string[] }
  | { readonly ended: "no answer"; readonly minutes: number }
  /** What the bot said once somebody had signed in. */
  | { readonly ended: "answered"; readonly answers: readonly string[] };

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
  | { readonly ended: "answered"; readonly status: number; readonly by: string }
  | { readonly ended: "no answer"; readonly why: string };

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
