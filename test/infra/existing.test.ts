import * as pulumi from "@pulumi/pulumi";
import { BotSignIn } from "../../infra/bot-sign-in";
import type { BotSignInArgs } from "../../infra/bot-sign-in-args";
import { lackingOf, partsOf } from "../../infra/deployment/existing";
import { subscriptionId } from "../support/azure-answers";
import { type Made, madeBy, valueOf } from "../support/bot-sign-in";
import { type Recording, record } from "../support/recorder";
import { azureAnswers } from "../support/azure-answers";
import { mailBot } from "./program";

const theirs = `/subscriptions/${subscriptionId}/resourceGroups/shared/providers`;
const vault = `${theirs}/Microsoft.KeyVault/vaults/shared-vault`;
const plan = `${theirs}/Microsoft.Web/serverfarms/shared-plan`;
const workspace = `${theirs}/Microsoft.OperationalInsights/workspaces/shared-logs`;
const signInApp = "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11";

const types = (made: readonly Made[]): string[] => made.map(({ type }) => type.split(/[:/]/).at(-1)!);
const one = (made: readonly Made[], type: string, name?: string): Made["inputs"] =>
  made.find((found) => found.type.endsWith(`:${type}`) && (name === undefined || found.name === name))!.inputs;

beforeEach(() => {
  jest.spyOn(console, "warn").mockReturnValue();
});

/** All that Pulumi would know of these and could therefore delete. */
async function recorded(more: Partial<BotSignInArgs>): Promise<Recording> {
  const run = { project: "acme", component: "mail", stack: "pr-1", config: {} };
  return record(run, azureAnswers, () => void new BotSignIn("mail", { ...mailBot, ...more }));
}

test("a resource group of others is used, and no destroy can take it: it is no resource of the stack", async () => {
  const made = await madeBy(() => new BotSignIn("mail", { ...mailBot, existing: { resourceGroup: "shared" } }));
  expect(types(made)).not.toContain("ResourceGroup");
  const groups = made.flatMap(({ inputs }) => inputs["resourceGroupName"] ?? []);
  expect([...new Set(groups)]).toEqual(["shared"]);
});

test("in a preview nothing goes with a group of others, and nothing in a vault of others with a group of ours", async () => {
  for (const existing of [{ resourceGroup: "shared" }, { vault }]) {
    const { resources } = await recorded({ environment: "preview", overrides: { singleSignOn: false }, existing });
    expect(resources.filter(({ deletedWith }) => deletedWith.startsWith("ResourceGroup"))).toEqual([]);
  }
  const { resources } = await recorded({ environment: "preview" });
  expect(resources.filter(({ deletedWith }) => deletedWith === "ResourceGroup group").length).toBeGreaterThan(15);
});

test("a vault of others keeps the bot's secrets under names of their own, and the bot may read them there", async () => {
  const made = await madeBy(() => new BotSignIn("mail", { ...mailBot, existing: { vault } }), "dev", "acme");
  expect(types(made)).not.toContain("Vault");
  const secret = one(made, "Secret", "mail-vault-bot-app-password");
  expect([secret["resourceGroupName"], secret["vaultName"]]).toEqual(["shared", "shared-vault"]);
  expect(secret["secretName"]).toMatch(/^acme-mail-dev-[0-9a-f]{6}-bot-app-password$/);
  expect(one(made, "RoleAssignment", "mail-identity-reads-secrets")["scope"]).toBe(vault);
  // Nothing is set at the vault itself: two bots that share it would be in each other's way, and its logs are its owner's.
  const logged = made.flatMap(({ type, inputs }) =>
    type.endsWith(":DiagnosticSetting") ? [inputs["resourceUri"]] : [],
  );
  expect(logged).toHaveLength(2);
  expect(logged).not.toContain(vault);
  const { appSettings } = one(made, "WebApp")["siteConfig"] as { appSettings: { name: string; value: string }[] };
  const address = appSettings.find(({ name }) => name === "DIRECT_LINE_SECRET_URI")!.value;
  expect(address).toMatch(
    /^https:\/\/shared-vault\.vault\.azure\.net\/secrets\/acme-mail-dev-[0-9a-f]{6}-direct-line-secret$/,
  );
});

test("a plan and a workspace of others are used and not made", async () => {
  const made = await madeBy(() => new BotSignIn("mail", { ...mailBot, existing: { plan, workspace } }));
  expect(types(made)).not.toEqual(expect.arrayContaining(["AppServicePlan"]));
  expect(types(made)).not.toEqual(expect.arrayContaining(["Workspace"]));
  expect(one(made, "WebApp")["serverFarmId"]).toBe(plan);
  expect(one(made, "DiagnosticSetting")["workspaceId"]).toBe(workspace);
});

test("a sign-in app of others gets a password and nothing else, and users sign in through it", async () => {
  let mail: BotSignIn | undefined;
  const made = await madeBy(() => (mail = new BotSignIn("mail", { ...mailBot, existing: { signInApp } })));
  expect(made.filter(({ type }) => type.endsWith(":Application")).map(({ name }) => name)).toEqual(["mail-bot"]);
  expect(one(made, "ApplicationPassword", "mail-sign-in")["applicationId"]).toBe(
    "/applications/5a7e0000-0000-4000-8000-00000000000a",
  );
  expect(await valueOf(mail!.signInAppId)).toBe(signInApp);
  const connection = one(made, "BotConnection")["properties"] as { clientId: string };
  expect(connection.clientId).toBe(signInApp);
});

test("what a sign-in app of others lacks is told, and not added", () => {
  const wanted = {
    redirectAddress: "https://token.example/redirect",
    permissions: { "Mail.Read of Microsoft Graph": "1", "Mail.Send of Microsoft Graph": "2" },
  };
  const found = { displayName: "Shared", redirectUris: [wanted.redirectAddress], permissionIds: ["2", "1"] };
  expect(lackingOf(found, wanted)).toEqual([]);
  expect(lackingOf({ ...found, redirectUris: [], permissionIds: ["2"] }, wanted)).toEqual([
    "its redirect addresses lack https://token.example/redirect (Authentication, Web)",
    "it does not ask for Mail.Read of Microsoft Graph (API permissions)",
  ]);
});

test("an id of another kind is refused with the form that is expected", () => {
  expect(partsOf("vault", vault)).toEqual({ resourceGroupName: "shared", name: "shared-vault" });
  for (const wrong of [plan, "shared-vault", `${vault}/secrets/x`]) {
    expect(() => partsOf("vault", wrong)).toThrow("/providers/Microsoft.KeyVault/vaults/<name>");
  }
});

test("tags and app settings of one's own reach what takes them; those of the program stay its own", async () => {
  const own = { tags: { costCenter: "42" }, appSettings: { FEATURE: pulumi.output("on") } };
  const made = await madeBy(() => new BotSignIn("mail", { ...mailBot, ...own }), "dev", "acme");
  const tags = { costCenter: "42", project: "acme", stack: "dev", component: "mail" };
  for (const type of ["ResourceGroup", "Vault", "StorageAccount", "WebApp", "AppServicePlan", "Bot", "Workspace"]) {
    expect([type, one(made, type)["tags"]]).toEqual([type, tags]);
  }
  expect(one(made, "Application")["tags"]).toContain("costCenter:42");
  const { appSettings } = one(made, "WebApp")["siteConfig"] as { appSettings: { name: string; value: string }[] };
  expect(appSettings).toContainEqual({ name: "FEATURE", value: "on" });
});

test("a secret of one's own is kept in the vault, and the web app gets a reference and nothing else", async () => {
  const made = await madeBy(
    () => new BotSignIn("mail", { ...mailBot, secretAppSettings: { STRIPE_API_KEY: "in-clear" } }),
  );
  const secret = one(made, "Secret", "mail-vault-app-setting-STRIPE-API-KEY");
  expect(secret["secretName"]).toBe("app-setting-STRIPE-API-KEY");
  expect(secret["properties"]).toMatchObject({
    value: "in-clear",
    attributes: { expires: expect.any(Number) as number },
  });
  const webApp = JSON.stringify(one(made, "WebApp"));
  expect(webApp).toMatch(
    /"name":"STRIPE_API_KEY","value":"@Microsoft\.KeyVault\(SecretUri=https:[^)]*\/app-setting-STRIPE-API-KEY\//,
  );
  expect(webApp).not.toContain("in-clear");
});

test.each([
  [{ existing: { vault: "shared-vault" } }, "existing.vault"],
  [{ existing: { keyVault: vault } }, "existing.keyVault"],
  [{ existing: { signInApp: "x" } }, "existing.signInApp"],
  [{ overrides: { botSku: "S9" } }, "overrides.botSku"],
  [{ overrides: { secretLifetimeDays: "90" } }, "overrides.secretLifetimeDays"],
  [{ teamsGroups: "on" }, "teamsGroups"],
  [{ location: "usgovvirginia" }, "location"],
  [{ botHandle: "x" }, "botHandle"],
  [{ existing: { signInApp }, overrides: { singleSignOn: true } }, "singleSignOn"],
  [{ existing: { signInApp }, adminConsent: true }, "adminConsent"],
  [{ tags: { Stack: "mine" } }, "tags.Stack"],
  [{ appSettings: { chat_page: "on" } }, "appSettings.chat_page"],
  [{ appSettings: { "MY-FLAG": "on" } }, "appSettings.MY-FLAG"],
  [{ appSettings: { API_KEY: "in-clear" } }, "appSettings.API_KEY"],
  [{ appSettings: { FLAG: "1" }, secretAppSettings: { Flag: "2" } }, "secretAppSettings.Flag"],
])("%j is refused before anything is registered, by its name", async (more, setting) => {
  const made = await madeBy(() => {
    expect(() => new BotSignIn("mail", { ...mailBot, ...more } as BotSignInArgs)).toThrow(`Setting ${setting} is `);
  });
  expect(made).toEqual([]);
});

describe("a bot that was made by hand", () => {
  const endpoint = "https://bots.contoso.com/api/messages";
  const identityId = `${theirs}/Microsoft.ManagedIdentity/userAssignedIdentities/helper`;
  const chatPage = { enabled: false, framedBy: "none", access: "signedIn", allowedNetworks: [] } as const;
  const { code: _bundled, ...withoutCode } = mailBot;
  const byHand = {
    ...withoutCode,
    adopted: { bot: "contoso.helper", teams: false },
    connections: [{ name: "Graph 2.0", provider: "entra", scopes: ["openid", "User.Read"], adopted: true }],
    overrides: { chatPage },
  };

  test("its application gets passwords of ours and nothing else, and it stays where it is hosted", async () => {
    let bot: BotSignIn | undefined;
    const existing = { botApp: signInApp, signInApp, endpoint };
    const made = await madeBy(() => (bot = new BotSignIn("mail", { ...byHand, existing })));
    const absent = ["Application", "ServicePrincipal", "WebApp", "AppServicePlan", "StorageAccount", "DeployedCode"];
    for (const type of [...absent, "Channel", "DirectLineSite", "WebChatDefaultSite"]) {
      expect(types(made)).not.toContain(type);
    }
    expect(types(made).filter((type) => type === "ApplicationPassword")).toHaveLength(4);
    expect(one(made, "Bot")).toMatchObject({ resourceName: "contoso.helper", properties: { endpoint } });
    expect(await valueOf(bot!.endpoint)).toBe(endpoint);
    expect(await valueOf(bot!.webApp)).toBeUndefined();
    expect(one(made, "Secret", "mail-vault-bot-app-password")).toBeDefined();
  });

  test("a managed identity that it is stays its identity", async () => {
    const overrides = { chatPage, identity: "managed" as const };
    const existing = { botIdentity: identityId, signInApp, endpoint };
    const made = await madeBy(() => new BotSignIn("mail", { ...byHand, overrides, existing }));
    expect(types(made)).not.toContain("UserAssignedIdentity");
    const { properties } = one(made, "Bot") as { properties: Record<string, unknown> };
    expect(properties).toMatchObject({ msaAppType: "UserAssignedMSI", msaAppMSIResourceId: identityId });
    expect(() => new BotSignIn("mail", { ...byHand, existing })).toThrow("existing.botIdentity");
  });

  test("nothing is written to its connection until a rotation makes it anew", async () => {
    const existing = { botApp: signInApp, signInApp, endpoint };
    for (const [secretsRotation, kept] of [
      [undefined, true],
      ["1", true],
      ["1 done", false],
    ] as const) {
      const asked = secretsRotation === undefined ? {} : { secretsRotation };
      const { resources } = await recorded({ ...byHand, code: undefined, existing, ...asked } as never);
      const { ignoreChanges } = resources.find(({ type }) => type.endsWith(":BotConnection"))!;
      expect([secretsRotation, ignoreChanges.includes("properties")]).toEqual([secretsRotation, kept]);
    }
  });
});
