import { createHash, timingSafeEqual } from "node:crypto";
import type { Azure, Resource } from "../service";
import type { Account } from "./activity";
import { type Residency, residencies, residencyOfLocation } from "./residency";
import type { Parameter } from "./resource-types/connection";
import { botType, connectionType } from "./resource-types/names";
import type { Site } from "./resource-types/site";

/** A bot registration as Bot Service works with it. */
export interface Bot {
  /** ARM id. */
  readonly id: string;
  readonly handle: string;
  readonly appId: string;
  readonly endpoint: string;
  readonly residency: Residency;
  /** How the bot appears in conversations. */
  readonly account: Account;
  /** False where secrets of Direct Line and Web Chat are switched off. */
  readonly localAuth: boolean;
}

/** An OAuth connection of a bot. */
export interface Connection {
  readonly settingId: string;
  readonly name: string;
  readonly providerId: string;
  readonly providerDisplayName: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string;
  /** Parameters by lower-case key: the service ignores the case of keys. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads bot registrations, their connections and their Direct Line sites out of ARM's store. */
export class Registrations {
  constructor(private readonly azure: Azure) {}

  /** The one bot of an application id; undefined where none is registered. */
  byAppId(appId: string): Bot | undefined {
    return this.#find((bot) => String(bot.properties.msaAppId).toLowerCase() === appId.toLowerCase());
  }

  /** By ARM id. */
  byId(id: string): Bot | undefined {
    return this.#find((bot) => bot.id.toLowerCase() === id.toLowerCase());
  }

  #find(fits: (bot: Resource) => boolean): Bot | undefined {
    const found = this.azure.resources.list(botType).find(fits);
    return found && toBot(found);
  }

  connections(bot: Bot): Connection[] {
    return this.azure.resources.list(connectionType, bot.id).map(toConnection);
  }

  connection(bot: Bot, name: string): Connection | undefined {
    return this.connections(bot).find((connection) => connection.name === name);
  }

  directLineSites(bot: Bot): readonly Site[] {
    const channel = this.azure.resources.get(`${bot.id}/channels/DirectLineChannel`);
    return (channel?.properties.properties as { sites?: Site[] } | undefined)?.sites ?? [];
  }

  /** The bot and the Direct Line site that a secret belongs to. */
  ofSecret(secret: string): { bot: Bot; site: Site } | undefined {
    for (const resource of this.azure.resources.list(botType)) {
      const bot = toBot(resource);
      const site = this.directLineSites(bot).find(({ key, key2 }) => equal(key, secret) || equal(key2, secret));
      if (site) return { bot, site };
    }
    return undefined;
  }
}

function toBot(resource: Resource): Bot {
  const { msaAppId, endpoint, displayName, disableLocalAuth } = resource.properties;
  const suffix = createHash("sha256").update(resource.id.toLowerCase()).digest("base64url").slice(0, 11);
  return {
    id: resource.id,
    handle: resource.name,
    appId: String(msaAppId),
    endpoint: String(endpoint ?? ""),
    residency: residencyOfLocation(resource.location) ?? (residencies[0] as Residency),
    account: { id: `${resource.name}@${suffix}`, name: String(displayName ?? resource.name) },
    localAuth: disableLocalAuth !== true,
  };
}

function toConnection(resource: Resource): Connection {
  const stored = resource.properties;
  const parameters = (stored.parameters as readonly Parameter[] | undefined) ?? [];
  return {
    settingId: String(stored.settingId),
    name: resource.id.split("/").at(-1) as string,
    providerId: String(stored.serviceProviderId),
    providerDisplayName: String(stored.serviceProviderDisplayName),
    clientId: String(stored.clientId),
    clientSecret: String(stored.clientSecret),
    scopes: String(stored.scopes),
    parameters: new Map(parameters.map(({ key, value }) => [key.toLowerCase(), value ?? ""])),
  };
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
