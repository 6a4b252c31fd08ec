import * as azuread from "@pulumi/azuread";
import type { BotSignInArgs } from "../infra/bot-sign-in";

/** The bot of all examples: the bundled one, whose users read their mail, in the tenant of whoever deploys. */
export const mailBot: BotSignInArgs = {
  environment: "dev",
  location: "westeurope",
  tenantId: azuread.getClientConfigOutput().tenantId,
  connections: [
    {
      name: "Graph",
      provider: "entra",
      scopes: ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
      skill: "mail",
    },
  ],
};
