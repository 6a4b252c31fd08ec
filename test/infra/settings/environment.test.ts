import {
  type Environment,
  environmentDefaults,
  environmentOf,
  environments,
  environmentText,
  suggestedBy,
  type EnvironmentDefaults,
} from "../../../infra/settings/environment";
import { parseSettings, type Settings } from "../../../infra/settings/settings";
import { type Problem, SettingsError } from "../../../infra/settings/settings-error";
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

function problemsOf(stack: string, changes: Record<string, unknown> = {}): readonly Problem[] {
  try {
    settingsOf(stack, changes);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error("The settings were accepted");
}

describe("what a stack is", () => {
  test.each([
    ["dev", "dev"],
    ["staging", "staging"],
    ["prod", "prod"],
    ["pr-1", "preview"],
    ["pr-42", "preview"],
    ["branch-feature-mail-1a2b3c4d", "preview"],
    ["branch-1a2b3c4d", "preview"],
  ] as const)("a stack called %s is %s without a setting, and may say so", (stack, environment) => {
    expect(environmentOf(stack, undefined)).toBe(environment);
    expect(environmentOf(stack, environment)).toBe(environment);
  });

  /** Names that nobody can tell what they are, and what a reader would take each for. */
  const unsaid: readonly (readonly [suggested: Environment | undefined, names: string])[] = [
    ["prod", "prd live production PROD Prod Production prod2 prod-eastus eu-prod acme-prod acme-prd-weu prodeu produs"],
    [
      "prod",
      "prd1 live-eu ProdEU acmeProd prod_blue acme.prod production2 productioneu contoso-live acmeprod weuprod PRD",
    ],
    [
      "staging",
      "stg uat stage preprod pre-prod preproduction eu-staging stg2 UAT nonprod non-prod acme-preprod Staging qa",
    ],
    ["dev", "Dev DEV dev2 dev-alice test sandbox alice-dev"],
    ["preview", "preview pr-0 pr-0042 pr- pr-x pr-1234567890 branch-feature branch-mail-1a2b3c branch-x-1A2B3C4D"],
    [undefined, "alice feature-x product-demo delivery reproduce product producer reproduction prodigy olive alive"],
    [
      undefined,
      "contoso eu westeurope main release demo v2 blue customer-a approved proud improdent spr-42 my-branch-1a2b3c4d",
    ],
  ];
  const rows = unsaid.flatMap(([suggested, names]) => names.split(" ").map((name) => [name, suggested] as const));

  test.each(rows)("a stack called %s is asked what it is, never taken for a developer's", (stack, suggested) => {
    expect(suggestedBy(stack)).toBe(suggested);
    expect(problemsOf(stack)).toEqual([
      {
        code: "missing-setting",
        setting: "environment",
        allowed: "preview, dev, staging, prod",
        hint: `${
          suggested ? `The name ${stack} looks like ${suggested}, but of` : "Of"
        } stacks' names only dev, staging and prod say by themselves what a stack is.`,
        example:
          suggested === "preview"
            ? "npm run preview -- up 42"
            : `pulumi config set environment ${suggested ?? "dev"} --stack ${stack}`,
      },
    ]);
  });

  test.each(rows)("a stack called %s is what its setting says", (stack) => {
    for (const environment of ["dev", "staging", "prod"] as const) {
      expect(settingsOf(stack, { environment })).toMatchObject({ environment, ...environmentDefaults[environment] });
    }
  });

  test.each([
    ["prod", "dev", "pulumi config set environment prod --stack prod"],
    ["prod", "staging", "pulumi config set environment prod --stack prod"],
    ["dev", "prod", "pulumi config set environment dev --stack dev"],
    ["staging", "prod", "pulumi config set environment staging --stack staging"],
    ["prod", "preview", "pulumi config set environment prod --stack prod"],
    ["pr-42", "prod", "pulumi config rm environment --stack pr-42"],
    ["branch-mail-1a2b3c4d", "dev", "pulumi config rm environment --stack branch-mail-1a2b3c4d"],
    ["alice", "preview", "npm run preview -- up 42"],
    ["preview", "preview", "npm run preview -- up 42"],
    ["pr-0042", "preview", "npm run preview -- up 42"],
  ])("a stack called %s that says %s is refused: one of the two is wrong", (stack, environment, example) => {
    expect(problemsOf(stack, { environment })).toEqual([
      expect.objectContaining({
        code: "environment-differs",
        setting: "environment",
        seen: JSON.stringify(environment),
        example,
      }),
    ]);
  });

  test.each([
    ["production", "Did you mean prod?"],
    ["Prod", "Did you mean prod?"],
    ["stage", "Did you mean staging?"],
    ["uat", "Did you mean staging?"],
    ["development", "Did you mean dev?"],
    ["blue", undefined],
  ])("an environment called %s is one problem, with what was meant", (environment, hint) => {
    expect(problemsOf("eu", { environment })).toEqual([
      {
        code: "wrong-value",
        setting: "environment",
        seen: JSON.stringify(environment),
        allowed: "preview, dev, staging, prod",
        example: "pulumi config set environment prod",
        ...(hint && { hint }),
      },
    ]);
  });

  test("a stack's own settings are found wrong together with what it does not say", () => {
    expect(problemsOf("eu-prod", { residency: "mars" }).map(({ setting }) => setting)).toEqual([
      "environment",
      "residency",
    ]);
  });
});

describe("whoever deploys reads first what the stack is", () => {
  test.each<[stack: string, changes: Record<string, unknown>, text: string]>([
    [
      "dev",
      {},
      "dev is a dev environment, by its name: bot F0, web app B1; not protected; a deleted vault is kept for 7 days; " +
        "logs for 30 days, secrets for 180 days; single sign-on off; " +
        "an application with a password as bot; Entra connections with a client secret; a chat page that the internet can open.",
    ],
    [
      "eu-prod",
      { environment: "prod", protect: false },
      "eu-prod is a prod environment, as its settings say: bot S1, web app P0v3; not protected; a deleted vault is kept for " +
        "90 days, which nobody can shorten; logs for 90 days, secrets for 180 days; single sign-on on; " +
        "an application with a password as bot; Entra connections with a client secret; no chat page. " +
        "Its settings say otherwise than prod's defaults: protect.",
    ],
    [
      "acme-prod",
      { environment: "staging" },
      "acme-prod is a staging environment, as its settings say: bot S1, web app P0v3; protected; a deleted vault is kept for " +
        "30 days; logs for 60 days, secrets for 90 days; single sign-on on; " +
        "an application with a password as bot; Entra connections with a client secret; a chat page that the internet can open. " +
        "Its name looks like prod.",
    ],
  ])("%s", (stack, changes, text) => {
    expect(environmentText(stack, settingsOf(stack, changes))).toBe(text);
  });
});

/** A stack of each. */
const stackOf = (environment: Environment): string => (environment === "preview" ? "pr-42" : environment);

test.each(environments)("a %s environment gets the table's row where its file says nothing", (environment) => {
  expect(settingsOf(stackOf(environment))).toMatchObject(environmentDefaults[environment]);
});

test.each(environments)("every default of %s gives way to the stack file", (environment) => {
  const other: EnvironmentDefaults = {
    botSku: environmentDefaults[environment].botSku === "S1" ? "F0" : "S1",
    hostingSize: "B2",
    protect: !environmentDefaults[environment].protect,
    purgeProtection: environment !== "prod",
    vaultRetentionDays: 33,
    logRetentionDays: 34,
    chatPage: {
      enabled: environment === "prod",
      framedBy: ["https://intranet.contoso.com"],
      access: environment === "prod" ? "everyone" : { signedInTo: connection.name },
      allowedNetworks: ["203.0.113.0/24"],
    },
    secretLifetimeDays: 35,
    singleSignOn: !environmentDefaults[environment].singleSignOn,
    identity: environmentDefaults[environment].identity === "managed" ? "secret" : "managed",
    secretless: !environmentDefaults[environment].secretless,
  };
  for (const [name, value] of Object.entries(other)) {
    expect(settingsOf(stackOf(environment), { [name]: value })).toMatchObject({
      ...environmentDefaults[environment],
      [name]: value,
    });
  }
});

test("a field of the chat page that the stack file leaves out is the environment's", () => {
  expect(settingsOf("prod", { chatPage: { enabled: true } }).chatPage).toEqual({
    enabled: true,
    framedBy: "none",
    access: "signedIn",
    allowedNetworks: [],
  });
  expect(settingsOf("dev", { chatPage: { framedBy: "none" } }).chatPage).toEqual({
    enabled: true,
    framedBy: "none",
    access: "everyone",
    allowedNetworks: [],
  });
});

test("a chat page that prod shows is for people who sign in, unless the stack file says that it is for everyone", () => {
  const access = (chatPage: object): unknown => settingsOf("prod", { chatPage }).chatPage.access;
  expect(access({ enabled: true, framedBy: ["https://intranet.contoso.com"] })).toBe("signedIn");
  expect(access({ enabled: true, access: "everyone" })).toBe("everyone");
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

test("staging has other sizes, protection and lifetimes than dev, as the README promises, and its vault can be let go of", () => {
  const { staging, dev } = environmentDefaults;
  const differs = (name: keyof EnvironmentDefaults): boolean => staging[name] !== dev[name];
  for (const name of ["botSku", "hostingSize", "protect", "vaultRetentionDays", "logRetentionDays"] as const) {
    expect([name, differs(name)]).toEqual([name, true]);
  }
  expect(staging).toMatchObject({ protect: true, purgeProtection: false });
  expect(staging.secretLifetimeDays).toBeLessThan(environmentDefaults.prod.secretLifetimeDays);
});
