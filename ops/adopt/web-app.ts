import type { AppSettingName } from "../../contract/app-settings";
import { isReserved, readAppSettings } from "../../infra/settings/app-settings";
import { OpsError } from "../cli/ops-error";
import type { Choices } from "./choices";
import type { HandMade, HandMadeWebApp } from "./hand-made";
import { same } from "../azure/inventory/found";

/** The web app that gets the code from now on. Throws an OpsError where it would lose what the program does not know. */
export function adoptedWebApp(seen: HandMade, { code }: Choices): HandMadeWebApp {
  const { webApp, bot } = seen;
  const from = code?.folder ?? code?.zip ?? "";
  if (!webApp) {
    throw new OpsError(
      "settings-wrong",
      `No web app of the subscription answers at ${bot.endpoint}, so that ${from} could not be deployed to it`,
      "Leave --code out: the bot stays where it is hosted.",
    );
  }
  const { refused } = ownSettings(webApp);
  const unfit = seen.vaults.filter((one) => !(one.byRoles && same(one.tenantId, seen.tenantId)));
  const why = [
    ...(webApp.linux ? [] : ["it runs on Windows, and the program's web apps on Linux"]),
    ...(same(webApp.resourceGroup, seen.resourceGroup)
      ? []
      : [`it is in the resource group ${webApp.resourceGroup}, the bot in ${seen.resourceGroup}`]),
    ...(webApp.inNetwork ? ["it is in a virtual network, which the program would take it out of"] : []),
    ...webApp.identities.map((id) => `it has the identity ${id.split("/").at(-1)}, which the program would take away`),
    ...refused,
    ...[...unfit.map(({ name }) => name), ...seen.vaultsElsewhere].map(
      (name) => `its settings refer to the vault ${name}, which lets no roles in or is not in the subscription`,
    ),
    ...(seen.vaults.length > 1 ? ["its settings refer to more than one vault"] : []),
  ];
  if (why.length === 0) return webApp;
  throw new OpsError(
    "settings-wrong",
    `The web app ${webApp.name} cannot be adopted with its code as it is: ${why.join("; ")}`,
    "Change that first; or leave --code out, and the web app stays as it is, hosted by you.",
  );
}

/** App settings that go on as the deployer's own, and why others keep the web app from being adopted. */
export function ownSettings({ settings }: HandMadeWebApp): {
  own: Readonly<Record<string, string>>;
  refused: readonly string[];
} {
  const entries = Object.entries(settings).filter(([name]) => !isReserved(name));
  const judged = entries.map(([name, value]) => {
    const { problems } = readAppSettings("appSettings", { [name]: value }, false);
    return { name, value, problem: problems[0] };
  });
  return {
    own: Object.fromEntries(judged.filter(({ problem }) => !problem).map(({ name, value }) => [name, value])),
    refused: judged.flatMap(({ name, problem }) => {
      if (!problem) return [];
      return problem.code === "plain-secret"
        ? [
            `its setting ${name} seems to hold a secret in clear: keep that in a Key Vault, and refer to it (@Microsoft.KeyVault(SecretUri=...))`,
          ]
        : [`its setting ${name} cannot be said in the settings: ${problem.allowed}`];
    }),
  };
}

/** Names of App Service and of the bot's identity that the program sets itself, or does without. */
export function droppedSettings(webApp: HandMadeWebApp): string[] {
  const replaced: readonly AppSettingName[] = ["MicrosoftAppId", "MicrosoftAppType", "MicrosoftAppTenantId"];
  return Object.keys(webApp.settings).filter((name) => isReserved(name) && !replaced.includes(name as AppSettingName));
}
