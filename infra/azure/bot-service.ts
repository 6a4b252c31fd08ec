import { regionOf } from "../facts/cloud";

/** Newest API version of Bot Service that azure-native 3.28 uses by default. */
export const botServiceVersion = "2023-09-15-preview";

/** Which bot registration is meant. */
export interface BotAddress {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly botName: string;
}

/** What ARM answers of a bot registration, as far as it is read. */
export interface RegistrationAnswer {
  readonly id: string;
  readonly location: string;
  readonly properties: {
    readonly endpoint?: string | null;
    readonly msaAppId: string;
    readonly msaAppType?: string | null;
    readonly msaAppTenantId?: string | null;
    readonly msaAppMSIResourceId?: string | null;
  };
}

/** A bot registration that somebody made. */
export interface Registration {
  /** As ARM writes it. */
  readonly id: string;
  /** `westeurope` */
  readonly location: string;
  /** Empty where it has none. */
  readonly endpoint: string;
  readonly appId: string;
  /** `SingleTenant`, `UserAssignedMSI`, `MultiTenant`. */
  readonly appType: string;
  readonly appTenantId: string | undefined;
  /** ARM id of the managed identity that is the bot. */
  readonly identityId: string | undefined;
}

/** A bot registration by ARM's answer. */
export function registrationOf({ id, location, properties }: RegistrationAnswer): Registration {
  return {
    id,
    location: regionOf(location),
    endpoint: properties.endpoint ?? "",
    appId: properties.msaAppId,
    // Bots of before 2021 say none, and are all MultiTenant.
    appType: properties.msaAppType || "MultiTenant",
    appTenantId: properties.msaAppTenantId || undefined,
    identityId: properties.msaAppMSIResourceId || undefined,
  };
}

/** ARM id of a bot registration. */
export function botId({ subscriptionId, resourceGroupName, botName }: BotAddress): string {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
  return `${group}/providers/Microsoft.BotService/botServices/${botName}`;
}
