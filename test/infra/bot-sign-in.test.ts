import { BotSignIn } from "../../infra/bot-sign-in";
import type { BotSignInArgs } from "../../infra/bot-sign-in-args";
import type { EnvironmentDefaults } from "../../infra/settings/environment";
import { madeBy, oneOf, valueOf } from "../support/bot-sign-in";
import { mailBot, packaged } from "./program";

// What the component makes, under Pulumi's own mocks: https://www.pulumi.com/docs/iac/guides/testing/unit/.

beforeEach(() => {
  jest.spyOn(console, "warn").mockReturnValue();
});

test("one component is a whole bot: applications, vault, web app, registration, connection, channels, logs", async () => {
  const made = await madeBy(() => new BotSignIn("mail", mailBot));
  const kinds = made.map(({ type, name }) => `${type.split(/[:/]/).at(-1)} ${name}`);
  expect(kinds.sort()).toEqual([
    "AppServicePlan mail-host",
    "Application mail-bot",
    "Application mail-sign-in",
    "ApplicationPassword mail-bot",
    "ApplicationPassword mail-bot-2",
    "ApplicationPassword mail-sign-in",
    "ApplicationPassword mail-sign-in-2",
    "BlobContainer mail-state",
    "Bot mail-bot",
    "BotConnection mail-connections-Graph",
    "BotHealth mail-health",
    "Channel mail-channels-teams",
    "ConnectionCheck mail-connections-Graph",
    "DeployedCode mail-code",
    "DiagnosticSetting mail-logs-bot",
    "DiagnosticSetting mail-logs-host",
    "DiagnosticSetting mail-logs-vault",
    "DirectLineKey mail-channels-direct-line",
    "DirectLineSite mail-channels-direct-line",
    "ManagementPolicy mail-state",
    "PasswordProof mail-bot",
    "PasswordProof mail-sign-in",
    "Preconditions mail-preconditions",
    "Protection mail-protection",
    "RandomPassword mail-chat-session-key",
    "RandomPassword mail-chat-session-key-2",
    "RandomString mail-suffix",
    "RandomString mail-suffix-here",
    "RandomUuid mail-sign-in-scope",
    "ResourceGroup mail-group",
    "RoleAssignment mail-identity-reads-secrets",
    "RoleAssignment mail-identity-writes-state",
    "RotationDate mail-secrets-renewed",
    "Secret mail-vault-bot-app-password",
    "Secret mail-vault-bot-app-password-2",
    "Secret mail-vault-chat-session-key",
    "Secret mail-vault-chat-session-key-2",
    "Secret mail-vault-direct-line-secret",
    "ServicePrincipal mail-bot",
    "ServicePrincipal mail-sign-in",
    "StorageAccount mail-state",
    "UserAssignedIdentity mail-identity",
    "Vault mail-vault",
    "WebApp mail-host",
    "WebAppFtpAllowed mail-host-ftp",
    "WebAppScmAllowed mail-host-scm",
    "WebChatDefaultSite mail-channels-web-chat",
    "Workspace mail-logs",
  ]);
});

test("its outputs say where the bot is, what it is called and when its secrets end", async () => {
  let mail: BotSignIn | undefined;
  await madeBy(() => (mail = new BotSignIn("mail", mailBot)), "dev", "acme");
  const host = "https://acme-mail-dev-k3x9q2ab-f3b7.westeurope-01.azurewebsites.net";
  expect(await valueOf(mail!.endpoint)).toBe(`${host}/api/messages`);
  expect(await valueOf(mail!.chatAddress)).toBe(`${host}/`);
  expect(await valueOf(mail!.bot)).toBe("acme-mail-dev-k3x9q2ab");
  expect(await valueOf(mail!.resourceGroup)).toMatch(/^acme-mail-dev-[0-9a-f]{6}$/);
  expect(await valueOf(mail!.connections)).toEqual(["Graph"]);
  expect(await valueOf(mail!.codeHash)).toBe(packaged.hash);
  expect(Object.keys(await valueOf(mail!.secretsExpire))).toEqual([
    "bot-app-password",
    "sign-in-app-password",
    "chat-session-key",
    "direct-line-secret",
  ]);
});

test("two in one stack meet nowhere: neither in Pulumi's names nor in Azure's, and their tags tell them apart", async () => {
  const made = await madeBy(() => [new BotSignIn("mail", mailBot), new BotSignIn("calendar", mailBot)], "dev", "acme");
  const keys = made.map(({ type, name }) => `${type} ${name}`);
  expect(new Set(keys).size).toBe(keys.length);
  const inAzure = ["resourceGroupName", "vaultName", "accountName"] as const;
  for (const name of inAzure) {
    const [mail, calendar] = ["mail", "calendar"].map(
      (component) =>
        new Set(made.filter((one) => one.name.startsWith(component)).flatMap(({ inputs }) => inputs[name] ?? [])),
    );
    expect([name, [...mail!].filter((one) => calendar!.has(one))]).toEqual([name, []]);
    expect(mail!.size).toBe(1);
  }
  const groups = made.filter(({ type }) => type === "azure-native:resources:ResourceGroup");
  expect(groups.map(({ inputs }) => inputs["tags"])).toEqual([
    { project: "acme", stack: "dev", component: "mail" },
    { project: "acme", stack: "dev", component: "calendar" },
  ]);
});

test("the environment decides sizes and protection, and an override one of them", async () => {
  const sizes = async (more: Partial<BotSignInArgs>): Promise<unknown[]> => {
    const made = await madeBy(() => new BotSignIn("mail", { ...mailBot, ...more }));
    const one = (type: string): Record<string, unknown> => made.find((found) => found.type.endsWith(type))!.inputs;
    return [one(":AppServicePlan")["sku"], one(":Bot")["sku"], one(":Protection")["protect"]];
  };
  expect(await sizes({})).toEqual([{ name: "B1", tier: "Basic", capacity: 1 }, { name: "F0" }, false]);
  expect(await sizes({ environment: "prod" })).toEqual([
    { name: "P0v3", tier: "PremiumV3", capacity: 1 },
    { name: "S1" },
    true,
  ]);
  expect(await sizes({ environment: "prod", overrides: { hostingSize: "P1v3" } })).toEqual([
    { name: "P1v3", tier: "PremiumV3", capacity: 1 },
    { name: "S1" },
    true,
  ]);
});

test("what a program leaves undefined is not said: production stays as it is, and a page has the rest of its settings", async () => {
  const read = (): undefined => undefined;
  const chatPage = { enabled: true } as unknown as EnvironmentDefaults["chatPage"];
  const overrides = { protect: read(), botSku: read(), hostingSize: read(), chatPage } as Partial<EnvironmentDefaults>;
  const existing = { plan: read(), vault: read() } as BotSignInArgs["existing"];
  const made = await madeBy(() => new BotSignIn("mail", { ...mailBot, environment: "prod", overrides, existing }));
  expect(oneOf(made, "Protection")["protect"]).toBe(true);
  expect(oneOf(made, "Bot")["sku"]).toEqual({ name: "S1" });
  expect(oneOf(made, "AppServicePlan")["sku"]).toEqual({ name: "P0v3", tier: "PremiumV3", capacity: 1 });
  const { appSettings } = oneOf(made, "WebApp")["siteConfig"] as { appSettings: { name: string; value: string }[] };
  const page = appSettings.filter(({ name }) => /^CHAT_(PAGE|ACCESS|FRAME)/.test(name)).map(({ value }) => value);
  expect(page).toEqual(["signed-in-to:Graph", "'none'", "on"]);
});

test("wrong arguments are named all at once, before anything is registered", async () => {
  const wrong = {
    ...mailBot,
    environment: "production",
    residency: "mars",
    overrides: { botSkew: "S1" },
    connections: [{ ...mailBot.connections[0], provider: "google" }],
  } as unknown as BotSignInArgs;
  let error: unknown;
  const made = await madeBy(() => {
    try {
      new BotSignIn("-mail", wrong);
    } catch (caught) {
      error = caught;
    }
  });
  expect(made).toEqual([]);
  expect((error as { problems: { setting: string }[] }).problems.map(({ setting }) => setting)).toEqual([
    "name",
    "environment",
    "residency",
    "overrides.botSkew",
    "connections[0].clientId",
    "connections[0].clientSecret",
    "connections[0].skill",
  ]);
});
