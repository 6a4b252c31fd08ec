import { apiVersionsOf } from "../../arm/api-versions";

export const botType = "Microsoft.BotService/botServices";
export const connectionType = "Microsoft.BotService/botServices/connections";
export const channelType = "Microsoft.BotService/botServices/channels";

export const apiVersions = apiVersionsOf("Microsoft.BotService");
