import { z } from "zod";
import { apiVersionsOf } from "../../arm/api-versions";

export const botType = "Microsoft.BotService/botServices";
export const connectionType = "Microsoft.BotService/botServices/connections";
export const channelType = "Microsoft.BotService/botServices/channels";

/** What a connection and a channel are written with, beside their properties. */
export const partOfBot = z.strictObject({
  location: z.string(),
  kind: z.string().nullish(),
  sku: z.strictObject({ name: z.string().nullish(), tier: z.string().nullish() }).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  zones: z.array(z.string()).nullish(),
});

export const apiVersions = apiVersionsOf("Microsoft.BotService");
