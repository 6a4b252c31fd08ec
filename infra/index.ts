import * as pulumi from "@pulumi/pulumi";
import { BotSignIn } from "./bot-sign-in";
import { readSettings } from "./settings/configuration";
import { overridesIn } from "./settings/settings";

/** The stack's settings as one bot with its sign-in. Pulumi calls this, and takes for the stack's outputs what it gives. */
export = function deploy(): Readonly<Record<string, pulumi.Output<unknown>>> {
  const settings = readSettings();
  const botSignIn = new BotSignIn(pulumi.getProject(), {
    ...settings,
    teamsGroups: settings.teams?.groups,
    overrides: overridesIn(settings),
  });

  // Nothing secret
  return {
    endpoint: botSignIn.endpoint,
    // Somebody else's web app, page and code are no outputs of ours.
    ...(settings.existing?.endpoint === undefined
      ? { chatAddress: botSignIn.chatAddress, webApp: botSignIn.webApp, codeHash: botSignIn.codeHash }
      : {}),
    botAppId: botSignIn.botAppId,
    signInAppId: botSignIn.signInAppId,
    redirectAddress: botSignIn.redirectAddress,
    connections: botSignIn.connections,
    secretsExpire: botSignIn.secretsExpire,
    resourceGroup: botSignIn.resourceGroup,
    bot: botSignIn.bot,
    // The package holds what is read from Azure once all stands, and what people may change after that.
    teamsPackage: pulumi.output(`npm run teams:package -- ${pulumi.getStack()}`),
  };
};
