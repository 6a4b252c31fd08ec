import { type AppSettingName, type AppSettings, secretSettings } from "../../contract/app-settings";
import { stopTime } from "../../contract/turn";

/** App Service's own settings: the zip is already built, so neither Kudu nor Oryx may build it again. */
export const platformSettings: Readonly<Record<string, string>> = {
  ENABLE_ORYX_BUILD: "false",
  SCM_DO_BUILD_DURING_DEPLOYMENT: "false",
  WEBSITES_CONTAINER_STOP_TIME_LIMIT: String(stopTime),
};

/**
 * The same for code whose packages are installed where it runs: they fit one machine and one version of the language.
 * https://learn.microsoft.com/azure/app-service/configure-language-python#customize-build-automation
 */
export const buildingPlatformSettings: Readonly<Record<string, string>> = {
  ...platformSettings,
  ENABLE_ORYX_BUILD: "true",
  SCM_DO_BUILD_DURING_DEPLOYMENT: "true",
};

/** The address of a secret's newest version, which the bot reads at run time. Throws a RangeError where the vault's is none. */
export function versionlessSecret(vaultUri: string, secretName: string): string {
  if (!vaultUri.startsWith("https://"))
    throw new RangeError(`${JSON.stringify(vaultUri)} is not the address of a vault`);
  return `${vaultUri.replace(/\/+$/, "")}/secrets/${secretName}`;
}

/**
 * All app settings in one list, ordered by name: App Service keeps them as one whole.
 * @param own settings of one's own, see infra/settings/app-settings.ts, and those of a dialect, see sdks.ts
 * @param builtThere whether App Service installs what the code needs
 * Throws a RangeError where a setting is empty or a secret is not a Key Vault reference; values are not shown.
 */
export function appSettingList(
  settings: AppSettings,
  own: Readonly<Record<string, string>> = {},
  builtThere = false,
): { name: string; value: string }[] {
  for (const name of Object.keys(settings) as AppSettingName[]) {
    if (!settings[name]) throw new RangeError(`App setting ${name} would be empty`);
  }
  for (const name of secretSettings) {
    if (settings[name] !== undefined && !settings[name].startsWith("@Microsoft.KeyVault(")) {
      throw new RangeError(`App setting ${name} would hold a secret in clear`);
    }
  }
  return Object.entries({ ...own, ...(builtThere ? buildingPlatformSettings : platformSettings), ...settings })
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
