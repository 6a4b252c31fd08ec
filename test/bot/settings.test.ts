import type { AppSettings } from "../../contract/app-settings";
import { findFaults, readSettings } from "../../bot/settings";

const right: AppSettings = {
  MicrosoftAppId: "11111111-2222-3333-4444-555555555555",
  MicrosoftAppType: "SingleTenant",
  MicrosoftAppTenantId: "99999999-8888-7777-6666-555555555555",
  MicrosoftAppPassword: "secret-of-the-bot",
  MicrosoftAppPasswordBefore: "secret-before",
  OAUTH_CONNECTIONS: '[{"name":"GraphConnection","provider":"entra","scopes":["User.Read"],"skill":"mail"}]',
  TOKEN_SERVICE_ENDPOINT: "https://europe.api.botframework.com",
  DIRECT_LINE_ENDPOINT: "https://europe.directline.botframework.com/",
  DIRECT_LINE_SECRET_URI: "https://the-vault.vault.azure.net/secrets/direct-line-secret",
  STATE_CONTAINER_URL: "https://account.blob.core.windows.net/state",
  MANAGED_IDENTITY_CLIENT_ID: "12121212-3434-5656-7878-909090909090",
  CHAT_SESSION_KEY: "0123456789abcdef0123456789abcdef",
  CHAT_SESSION_KEY_BEFORE: "fedcba9876543210fedcba9876543210",
  SECRETS_ROTATION: "0",
  SECRETS_END: "2027-04-21T03:04:05Z/2027-05-21T03:04:05Z",
  CHAT_TITLE: "Mail",
  CHAT_FRAME_ANCESTORS: "http://localhost:5100 https://portal.contoso.com",
  CHAT_PAGE: "on",
  CHAT_ACCESS: "everyone",
  CHAT_ALLOWED_NETWORKS: "everywhere",
  TEAMS_GROUPS: "off",
};

const names = Object.keys(right) as (keyof AppSettings)[];
const faultsOf = (changed: Partial<Record<keyof AppSettings, string | undefined>>): ReturnType<typeof findFaults> =>
  findFaults({ ...right, ...changed });

test("the settings that the program writes are read", () => {
  expect(findFaults({ ...right })).toEqual([]);
  expect(readSettings({ ...right })).toMatchObject({
    connections: [{ name: "GraphConnection", provider: "entra", scopes: ["User.Read"], skill: "mail" }],
    directLineEndpoint: "https://europe.directline.botframework.com",
    chatPage: true,
    chatSignedInTo: undefined,
    chatAllowedNetworks: [],
  });
  const closed = {
    ...right,
    CHAT_ACCESS: "signed-in-to:GraphConnection",
    CHAT_ALLOWED_NETWORKS: "203.0.113.0/24 2001:db8::/32",
  };
  expect(findFaults(closed)).toEqual([]);
  expect(readSettings(closed)).toMatchObject({
    chatSignedInTo: "GraphConnection",
    chatAllowedNetworks: [
      { address: "203.0.113.0", prefix: 24, family: "ipv4" },
      { address: "2001:db8::", prefix: 32, family: "ipv6" },
    ],
  });
});

test.each(names)("the bot does not start without %s", (name) => {
  expect(faultsOf({ [name]: undefined }).map(({ setting, problem }) => [setting, problem])).toEqual([
    [name, "is missing"],
  ]);
  expect(faultsOf({ [name]: " " }).map(({ setting, problem }) => [setting, problem])).toEqual([[name, "is empty"]]);
});

test.each(names)("an unresolved Key Vault reference in %s is not taken for its value", (name) => {
  const reference = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/bot-app-password/1)";
  const [fault, ...others] = faultsOf({ [name]: reference });
  expect([fault?.setting, fault?.problem, others]).toEqual([
    name,
    "is a Key Vault reference that App Service could not resolve",
    [],
  ]);
  expect(fault?.fix).toContain("Key Vault Secrets User");
});

test("a bot that is a managed identity has no password, and one that is there is a leftover that is named", () => {
  const managed = {
    MicrosoftAppType: "UserAssignedMSI",
    MicrosoftAppPassword: undefined,
    MicrosoftAppPasswordBefore: undefined,
  };
  expect(faultsOf(managed)).toEqual([]);
  expect(readSettings({ ...right, ...managed }).password).toBeUndefined();
  expect(faultsOf({ ...managed, MicrosoftAppPassword: "secret-of-the-bot" })).toMatchObject([
    { setting: "MicrosoftAppPassword", problem: "is there, but a managed identity has no password" },
  ]);
});

describe("a value that cannot be right is named", () => {
  const cases: [keyof AppSettings, string, string][] = [
    ["MicrosoftAppId", "my-bot", "is not a GUID"],
    ["MicrosoftAppType", "MultiTenant", "must be SingleTenant or UserAssignedMSI"],
    ["OAUTH_CONNECTIONS", "GraphConnection", "is not the JSON array of connections that the program writes"],
    ["OAUTH_CONNECTIONS", "[]", "names no connection"],
    [
      "OAUTH_CONNECTIONS",
      '[{"name":"a b","provider":"entra","scopes":[],"skill":"mail"}]',
      "has a connection whose name Azure would refuse",
    ],
    [
      "OAUTH_CONNECTIONS",
      '[{"name":"Orders","provider":"oauth2generic","scopes":[],"skill":"orders"}]',
      "has a connection with the skill orders and without api, the address of the service",
    ],
    [
      "OAUTH_CONNECTIONS",
      '[{"name":"Orders","provider":"oauth2generic","scopes":[],"skill":"orders","api":"http://orders.example"}]',
      "has a connection whose api is not an https address",
    ],
    ["TOKEN_SERVICE_ENDPOINT", "http://api.botframework.com", "is not an https address"],
    ["TOKEN_SERVICE_ENDPOINT", "https://tokens.example", "is not an address of the Bot Framework"],
    ["DIRECT_LINE_ENDPOINT", "https://directline.example", "is not an address of the Bot Framework"],
    [
      "DIRECT_LINE_SECRET_URI",
      "https://v.vault.azure.net/secrets/direct-line-secret/0123",
      "is not the versionless https address of a vault's secret",
    ],
    ["STATE_CONTAINER_URL", "https://account.blob.core.windows.net/", "is not the https address of a blob container"],
    ["CHAT_SESSION_KEY", "short", "is shorter than 32 characters"],
    [
      "CHAT_FRAME_ANCESTORS",
      "https://a.example; script-src *",
      "is neither 'none' nor a list of origins separated by single spaces",
    ],
    ["CHAT_PAGE", "yes", "must be on or off"],
    ...[
      "Everyone",
      "GraphConnection",
      "signed-in-to:",
      "signed-in-to:Other",
      "everyone signed-in-to:GraphConnection",
    ].map((value): [keyof AppSettings, string, string] => [
      "CHAT_ACCESS",
      value,
      "is neither everyone nor signed-in-to: and a connection of OAUTH_CONNECTIONS",
    ]),
    ...["203.0.113.0", "203.0.113.0/24,10.0.0.0/8", "203.0.113.0/24  10.0.0.0/8", "0.0.0.0/0", "*"].map(
      (value): [keyof AppSettings, string, string] => [
        "CHAT_ALLOWED_NETWORKS",
        value,
        "is neither everywhere nor a list of networks such as 203.0.113.0/24, separated by single spaces",
      ],
    ),
  ];
  test.each(cases)("%s=%s", (name, value, problem) => {
    const faults = faultsOf({ [name]: value });
    expect(faults.map((fault) => [fault.setting, fault.problem])).toEqual([[name, problem]]);
  });
});

test("every wrong setting is named at once, and no value is shown", () => {
  const faults = faultsOf({ MicrosoftAppId: "secret-1", CHAT_SESSION_KEY: "secret-2", CHAT_PAGE: "secret-3" });
  expect(faults.map(({ setting }) => setting)).toEqual(["MicrosoftAppId", "CHAT_SESSION_KEY", "CHAT_PAGE"]);
  expect(JSON.stringify(faults)).not.toContain("secret-");
});

test("a connection that is called everyone opens the chat page to nobody else", () => {
  const connections = '[{"name":"everyone","provider":"entra","scopes":["User.Read"],"skill":"mail"}]';
  const env = { ...right, OAUTH_CONNECTIONS: connections, CHAT_ACCESS: "signed-in-to:everyone" };
  expect(findFaults(env)).toEqual([]);
  expect(readSettings(env).chatSignedInTo).toBe("everyone");
});

test("a page that is off needs no connection to sign in to; switched on by hand it does not start open", () => {
  expect(faultsOf({ CHAT_PAGE: "off", CHAT_ACCESS: "signed-in-to:" })).toEqual([]);
  expect(faultsOf({ CHAT_PAGE: "on", CHAT_ACCESS: "signed-in-to:" }).map(({ setting }) => setting)).toEqual([
    "CHAT_ACCESS",
  ]);
});

test("'none' and 'self' are right for the pages that may frame the chat", () => {
  expect(faultsOf({ CHAT_FRAME_ANCESTORS: "'none'" })).toEqual([]);
  expect(faultsOf({ CHAT_FRAME_ANCESTORS: "'self' https://a.example" })).toEqual([]);
});

describe("a certificate in place of the password", () => {
  const keyUri = "https://the-vault.vault.azure.net/keys/bot-certificate/0123456789abcdef0123456789abcdef";
  const thumbprint = "x5tS256-x5tS256-x5tS256-x5tS256-x5tS256-x5t";
  const { MicrosoftAppPassword: _password, MicrosoftAppPasswordBefore: _before, ...rest } = right;
  const certified = {
    ...rest,
    MicrosoftAppCertificate: `${keyUri} ${thumbprint}`,
    MicrosoftAppCertificateBefore: `${keyUri.replace("certificate/", "certificate-2/")} ${thumbprint}`,
  };

  test("is read, and no password is missed", () => {
    expect(findFaults({ ...certified })).toEqual([]);
    expect(readSettings({ ...certified })).toMatchObject({
      password: undefined,
      passwordBefore: undefined,
      certificates: [
        { keyUri, thumbprint },
        { keyUri: keyUri.replace("certificate/", "certificate-2/"), thumbprint },
      ],
    });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["one alone", { MicrosoftAppCertificateBefore: undefined }, "MicrosoftAppCertificateBefore is missing"],
    ["a password beside it", { MicrosoftAppPassword: "s" }, "MicrosoftAppPassword is there beside a certificate"],
    [
      "a key without a version",
      { MicrosoftAppCertificate: `https://v/keys/k ${thumbprint}` },
      "is not the address of a key",
    ],
    [
      "a secret in place of a key",
      { MicrosoftAppCertificate: keyUri.replace("/keys/", "/secrets/") },
      "is not the address",
    ],
    ["no thumbprint", { MicrosoftAppCertificate: keyUri }, "is not the address of a key's version in a vault, a blank"],
    ["a managed identity", { MicrosoftAppType: "UserAssignedMSI" }, "a managed identity has no certificate"],
  ])("%s is refused", (_what, changed, words) => {
    const told = findFaults({ ...certified, ...changed }).map(({ setting, problem }) => `${setting} ${problem}`);
    expect(told.join("\n")).toContain(words);
  });
});
