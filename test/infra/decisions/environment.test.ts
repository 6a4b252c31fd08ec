import {
  environmentDefaults,
  environmentOf,
  environments,
  type EnvironmentDefaults,
} from "../../../infra/decisions/environment";
import { parseSettings, type Settings } from "../../../infra/settings";
import { tenantId } from "../../support/azure-answers";

const connection = {
  name: "GraphConnection",
  provider: "entra",
  scopes: ["openid", "offline_access", "User.Read", "Mail.Read", "Mail.Send"],
  skill: "mail",
};

function settingsOf(stack: string, changes: Record<string, unknown> = {}): Settings {
  const values = { location: "westeurope", connections: [connection], ...changes };
  return parseSettings({
    project: "bot-sign-in",
    stack,
    config: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        `bot-sign-in:${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    isEncrypted: () => false,
    environment: { ARM_TENANT_ID: tenantId },
  });
}

test.each([
  ["prod", "prod"],
  ["Production", "prod"],
  ["staging", "staging"],
  ["stage", "staging"],
  ["dev", "dev"],
  ["pr-42", "preview"],
  ["branch-mail-1a2b3c", "preview"],
  ["pr-", "dev"],
  ["pr-x", "dev"],
  ["product", "dev"],
  ["preprod", "dev"],
])("a stack called %s is a %s environment", (stack, environment) => {
  expect(environmentOf(stack)).toBe(environment);
});

test.each(environments)("a stack called %s gets the table's row where its file says nothing", (environment) => {
  expect(settingsOf(environment)).toMatchObject(environmentDefaults[environment]);
});

test.each(environments)("every default of %s gives way to the stack file", (environment) => {
  const other: EnvironmentDefaults = {
    botSku: environment === "prod" ? "F0" : "S1",
    hostingSize: "B2",
    protect: environment !== "prod",
    purgeProtection: environment !== "prod",
    vaultRetentionDays: 33,
    logRetentionDays: 34,
    chatPage: { enabled: environment === "prod", framedBy: ["https://intranet.contoso.com"] },
    secretLifetimeDays: 35,
    singleSignOn: !environmentDefaults[environment].singleSignOn,
  };
  for (const [name, value] of Object.entries(other)) {
    expect(settingsOf(environment, { [name]: value })).toMatchObject({
      ...environmentDefaults[environment],
      [name]: value,
    });
  }
});

test("a field of the chat page that the stack file leaves out is the environment's", () => {
  expect(settingsOf("prod", { chatPage: { enabled: true } }).chatPage).toEqual({ enabled: true, framedBy: "none" });
  expect(settingsOf("dev", { chatPage: { framedBy: "none" } }).chatPage).toEqual({ enabled: true, framedBy: "none" });
});

test("prod loses nothing by mistake, has no free tier's limits and no page open to the internet", () => {
  expect(environmentDefaults.prod).toMatchObject({
    botSku: "S1",
    protect: true,
    purgeProtection: true,
    vaultRetentionDays: 90,
    chatPage: { enabled: false },
  });
});
