export const botType = "Microsoft.BotService/botServices";
export const connectionType = "Microsoft.BotService/botServices/connections";
export const channelType = "Microsoft.BotService/botServices/channels";

/** 2021-05-01-preview is retired; azure-native speaks 2023-09-15-preview, Azure's SDK for JavaScript 2022-09-15. */
export const apiVersions = ["2022-09-15", "2023-09-15-preview"];
