import type { AzureError } from "../../error";
import { providerError } from "../../arm/errors";

/** Refusals of the Microsoft.BotService resource provider. */

const badRequest = (code: string, message: string): AzureError => providerError(400, code, message);

/** `Bot is not valid. Errors: ...`, as public deployment logs show it. */
export const invalidBot = (error: string): AzureError =>
  badRequest(
    "InvalidBotData",
    `Bot is not valid. Errors: ${error}. See https://aka.ms/bot-requirements for detailed requirements.`,
  );

/** Sent since 31 July 2025: https://learn.microsoft.com/azure/bot-service/abs-quickstart */
export const multiTenantClosed = (): AzureError =>
  badRequest(
    "InvalidBotCreationData",
    "Multitenant bot creation is deprecated. Please use SingleTenant or UserAssignedMSI",
  );

/** https://github.com/microsoft/csapps-msteams-watercooler/issues/38 */
export const skuInvalid = (): AzureError =>
  badRequest("InvalidResourceEntity", "Invalid sku name for ABS. Allowed values: F0, S1.");

export const appIdTaken = (): AzureError =>
  invalidBot("The Microsoft App ID is already registered to another bot application.");

export const handleTaken = (): AzureError =>
  invalidBot("The bot name is already registered to another bot application.");

export const invalidConnection = (message: string): AzureError => badRequest("InvalidBotData", message);

export const invalidChannel = (message: string): AzureError => badRequest("InvalidChannelData", message);

/** The blank at its end is Azure's: https://github.com/Azure/bicep/issues/10991 */
export const providerMismatch = (): AzureError => invalidConnection("Mismatch between Service Provider Id and Name. ");

/** assumed: no source shows the words for an id that no provider has. */
export const providerUnknown = (id: string): AzureError =>
  invalidConnection(`The service provider with id '${id}' was not found.`);

/** assumed: Bot Service lists these parameters as required; no source shows the words with which it misses one. */
export const parametersMissing = (provider: string, names: readonly string[]): AzureError =>
  invalidConnection(`The service provider '${provider}' requires the parameters ${names.join(", ")}.`);
