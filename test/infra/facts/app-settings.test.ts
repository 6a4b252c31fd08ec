import type { AppSettings } from "../../../contract/app-settings";
import { appSettingList, versionlessSecret } from "../../../infra/facts/app-settings";
import { keyVaultReference } from "../../../infra/facts/key-vault-reference";

const versioned = "https://v.vault.azure.net/secrets/bot-app-password/0123456789abcdef0123456789abcdef";
const settings: AppSettings = {
  MicrosoftAppId: "id",
  MicrosoftAppType: "SingleTenant",
  MicrosoftAppTenantId: "tenant",
  MicrosoftAppPassword: keyVaultReference(versioned),
  MicrosoftAppPasswordBefore: keyVaultReference(versioned),
  OAUTH_CONNECTIONS: "[]",
  TOKEN_SERVICE_ENDPOINT: "https://api.botframework.com",
  DIRECT_LINE_ENDPOINT: "https://directline.botframework.com",
  DIRECT_LINE_SECRET_URI: versionlessSecret("https://v.vault.azure.net/", "direct-line-secret"),
  STATE_CONTAINER_URL: "https://s.blob.core.windows.net/turn-state",
  MANAGED_IDENTITY_CLIENT_ID: "identity",
  CHAT_SESSION_KEY: keyVaultReference(versioned),
  CHAT_SESSION_KEY_BEFORE: keyVaultReference(versioned),
  SECRETS_ROTATION: "0",
  SECRETS_END: "2027-04-21T03:04:05Z/2027-05-21T03:04:05Z",
  CHAT_TITLE: "Mail bot",
  CHAT_FRAME_ANCESTORS: "'self'",
  CHAT_PAGE: "on",
  CHAT_ACCESS: "everyone",
  CHAT_ALLOWED_NETWORKS: "everywhere",
  TEAMS_GROUPS: "off",
};

test("the bot reads the newest Direct Line secret, whatever the vault's address ends in", () => {
  const address = "https://v.vault.azure.net/secrets/direct-line-secret";
  expect(versionlessSecret("https://v.vault.azure.net/", "direct-line-secret")).toBe(address);
  expect(versionlessSecret("https://v.vault.azure.net", "direct-line-secret")).toBe(address);
  expect(() => versionlessSecret("", "direct-line-secret")).toThrow(new RangeError('"" is not the address of a vault'));
});

test("all settings are written in one list ordered by name, with those that keep App Service from building the zip again", () => {
  const list = appSettingList(settings);
  expect(list.map(({ name }) => name)).toEqual(
    [
      ...Object.keys(settings),
      "ENABLE_ORYX_BUILD",
      "SCM_DO_BUILD_DURING_DEPLOYMENT",
      "WEBSITES_CONTAINER_STOP_TIME_LIMIT",
    ].sort(),
  );
  expect(Object.fromEntries(list.map(({ name, value }) => [name, value]))).toEqual({
    ...settings,
    ENABLE_ORYX_BUILD: "false",
    SCM_DO_BUILD_DURING_DEPLOYMENT: "false",
    WEBSITES_CONTAINER_STOP_TIME_LIMIT: "30",
  });
});

test("a zip pushed to Linux is not mounted as a package, which App Service honours now and then only", () => {
  expect(appSettingList(settings).map(({ name }) => name)).not.toContain("WEBSITE_RUN_FROM_PACKAGE");
});

test.each(["MicrosoftAppPassword", "CHAT_SESSION_KEY"] as const)("%s in clear is refused, and not shown", (name) => {
  expect(() => appSettingList({ ...settings, [name]: "in-clear" })).toThrow(
    new RangeError(`App setting ${name} would hold a secret in clear`),
  );
});

test("an empty setting is refused before the bot would refuse to start on it", () => {
  expect(() => appSettingList({ ...settings, MicrosoftAppId: "" })).toThrow(
    new RangeError("App setting MicrosoftAppId would be empty"),
  );
});
