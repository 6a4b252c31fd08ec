import type { AzureError } from "../../error";
import { providerError } from "../../arm/errors";

/** Refusals of the Microsoft.BotService resource provider. */

/** `Bot is not valid. Errors: ...`, as public deployment logs show it. */
export const invalidBot = (error: string): AzureError =>
  providerError(
    400,
    "InvalidBotData",
    `Bot is not valid. Errors: ${error}. See https://aka.ms/bot-requirements for detailed requirements.`,
  );

/** Sent since 31 July 2025: https://learn.microsoft.com/azure/bot-service/abs-quickstart */
export const multiTenantClosed = (): AzureError =>
  providerError(
    400,
    "InvalidBotCreationData",
    "Multitenant bot creation is deprecated. Please use SingleTenant or UserAssignedMSI",
  );

export const appIdTaken = (): AzureError =>
  invalidBot("The Microsoft App ID is already registered to another bot application.");

export const handleTaken = (): AzureError =>
  invalidBot("The bot name is already registered to another bot application.");

export const invalidConnection = (message: string): AzureError => providerError(400, "InvalidBotData", message);

export const invalidChannel = (message: string): AzureError => providerError(400, "InvalidChannelData", message);
