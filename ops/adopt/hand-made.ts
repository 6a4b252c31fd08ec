import type { BotConnection } from "../../infra/azure/bot-connections";
import type { Registration } from "../../infra/azure/bot-service";

/** A bot that was made by hand, and what it stands on, as Azure and Entra show it. Nothing in it is judged yet. */
export interface HandMade {
  readonly subscriptionId: string;
  /** Tenant of the subscription: resources and applications are looked up there. */
  readonly tenantId: string;
  readonly resourceGroup: string;
  /** Region of the resource group. */
  readonly groupLocation: string;
  readonly bot: HandMadeBot;
  readonly connections: readonly BotConnection[];
  /** Names of the channels: `MsTeamsChannel`. */
  readonly channels: readonly string[];
  /** The web app behind the endpoint; undefined where none of the subscription's has that host. */
  readonly webApp: HandMadeWebApp | undefined;
  /** Vaults of the subscription that the web app's settings refer to. */
  readonly vaults: readonly HandMadeVault[];
  /** Names of vaults that the settings refer to, and that are not in the subscription. */
  readonly vaultsElsewhere: readonly string[];
  /** Where the logs of bot and web app go. */
  readonly logs: readonly {
    readonly of: "bot" | "web app";
    readonly workspace: string;
    readonly categories: string[];
  }[];
  /** Applications of the tenant by client id, in small letters; undefined for one that is not there. */
  readonly applications: ReadonlyMap<string, HandMadeApplication | undefined>;
  /** What could not be looked at, and why: a sentence each. */
  readonly unread: readonly string[];
}

export interface HandMadeBot extends Registration {
  readonly name: string;
  readonly sku: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly displayName: string;
}

export interface HandMadeWebApp {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly linux: boolean;
  readonly planId: string;
  readonly systemIdentity: boolean;
  /** ARM ids of identities that were assigned to it. */
  readonly identities: readonly string[];
  readonly inNetwork: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

export interface HandMadeVault {
  readonly id: string;
  readonly name: string;
  readonly byRoles: boolean;
  readonly tenantId: string;
}

export interface HandMadeApplication {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** Ids of the delegated permissions that it asks for, of every API. */
  readonly permissionIds: readonly string[];
  readonly passwords: number;
}
