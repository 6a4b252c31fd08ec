import type { BotSignIn } from "../bot-sign-in";
import type { BotSignInArgs } from "../bot-sign-in-args";
import { identityProviders } from "../../contract/identity-providers";
import type { Adopted } from "../settings/adopted";
import type { ChatPage } from "../deployment/chat-page";
import type { BroughtCode, ReadyCode } from "../deployment/code";
import type { ConnectionArgs, ProviderParameters } from "../connections/connection";
import { fieldOf, parametersOf } from "../connections/providers";
import type { Existing } from "../deployment/existing";
import type { EnvironmentDefaults } from "../settings/environment";
import { healthProofs, sdkNames } from "../facts/sdks";
import { name } from "./own-package";

// The component as programs of other languages see it. The types below hold this file to the component's own.

type Described = Readonly<Record<string, unknown>> & { readonly description: string };
type All<T> = { readonly [Name in keyof T]-?: Described };

const typeRef = (type: string): string => `#/types/${name}:index:${type}`;
/** Decides what is made, so it has to be known when the program runs. */
const plain = { plain: true } as const;
const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const whole = { type: "integer" } as const;
const texts = { type: "array", items: { type: "string", plain: true } } as const;

const inputs: All<BotSignInArgs> = {
  environment: {
    ...text,
    ...plain,
    description: "preview, dev, staging or prod: sizes, protection and lifetimes follow.",
  },
  location: { ...text, description: "Azure region of what lives in one: westeurope." },
  tenantId: { ...text, description: "Id of the tenant of both applications and of the vault." },
  connections: {
    type: "array",
    items: { $ref: typeRef("Connection") },
    ...plain,
    description: "What users sign in to, at least one.",
  },
  residency: {
    ...text,
    ...plain,
    description: "Where the Bot Framework keeps conversations and tokens: global, europe or india. Default: global.",
  },
  displayName: { ...text, ...plain, description: "What users see, 1 to 35 characters. Default: the component's name." },
  botHandle: { ...text, ...plain, description: "The bot's handle, unique in the world. Default: one is made." },
  overrides: { $ref: typeRef("Overrides"), ...plain, description: "What differs from the environment's defaults." },
  secretsRenewed: { ...text, ...plain, description: "Any text; another one renews every secret." },
  secretsRotation: { ...text, ...plain, description: "The rotation that is asked for, as npm run rotate gives it." },
  adminConsent: { ...flag, ...plain, description: "Whether the deployer consents for everybody in the tenant." },
  serviceManagementReference: { ...text, ...plain, description: "Passed to both applications." },
  subscriptionId: { ...text, description: "Default: the one that azure-native works in." },
  code: { $ref: typeRef("Code"), ...plain, description: "A bot of one's own. Default: the bundled one." },
  existing: {
    $ref: typeRef("Existing"),
    ...plain,
    description: "What is there already and is used, never changed or deleted.",
  },
  adopted: {
    $ref: typeRef("Adopted"),
    ...plain,
    description: "What was made by hand and is this stack's now, as npm run adopt writes it.",
  },
  appSettings: { type: "object", additionalProperties: text, description: "App settings of the deployer's own." },
  secretAppSettings: {
    type: "object",
    additionalProperties: text,
    description: "App settings that are secret: kept in the vault, the web app gets references.",
  },
  teamsGroups: {
    ...text,
    ...plain,
    description: "How somebody is answered who asks in a group of Teams: off, targeted, personal. Default: off.",
  },
  tags: { type: "object", additionalProperties: text, ...plain, description: "Tags of the deployer's own." },
  owner: { ...text, ...plain, description: "A person or a team to ask: a tag on every resource." },
  commit: { ...text, ...plain, description: "The commit that was deployed: a tag on every resource." },
  expires: { ...text, ...plain, description: "When it may be taken down by anyone, in UTC: a tag on every resource." },
};

const requiredInputs: readonly (keyof BotSignInArgs)[] = ["environment", "location", "tenantId", "connections"];

type Outputs = Omit<BotSignIn, keyof import("@pulumi/pulumi").ComponentResource>;

const outputs: All<Outputs> = {
  endpoint: { ...text, description: "Where Bot Service delivers what users say." },
  chatAddress: { ...text, description: "The chat page, where it is on." },
  botAppId: { ...text, description: "Client id of the bot's application." },
  signInAppId: {
    ...text,
    description: "Client id of the application through which users sign in, where there is one.",
  },
  redirectAddress: { ...text, description: "What to register at each provider whose application is somebody's own." },
  connections: { type: "array", items: text, description: "Names of the OAuth connections." },
  secretsExpire: {
    type: "object",
    additionalProperties: text,
    description: "When each secret ends: ISO date and time in UTC, by the secret's name.",
  },
  resourceGroup: { ...text, description: "Name of the resource group." },
  bot: { ...text, description: "The bot's handle." },
  botId: { ...text, description: "ARM id of the bot's registration." },
  webApp: { ...text, description: "Name of the web app." },
  webAppId: { ...text, description: "ARM id of the web app." },
  vaultId: { ...text, description: "ARM id of the vault." },
  codeHash: { ...text, description: "Hash of the code that runs." },
};

/** What not every bot has: one that is hosted elsewhere has no web app of ours, and one may have no sign-in application. */
const mayLack: readonly string[] = ["signInAppId", "chatAddress", "webApp", "webAppId", "codeHash"];

/** What providers want to be told: the recorded descriptions, and the providers that take it. */
const parameters = Object.fromEntries(
  [...new Set(identityProviders.flatMap((provider) => parametersOf(provider).map(fieldOf)))].map((field) => {
    const takers = identityProviders.filter((provider) => parametersOf(provider).some((one) => fieldOf(one) === field));
    const [first] = takers.flatMap((provider) => parametersOf(provider).filter((one) => fieldOf(one) === field));
    const said = first?.description ?? first?.displayName ?? field;
    return [field, { ...text, description: `${said} (${takers.map(({ name }) => name).join(", ")})` }] as const;
  }),
) as unknown as All<ProviderParameters>;

const connection: All<ConnectionArgs> = {
  name: {
    ...text,
    ...plain,
    description: "Name of the connection, 2 to 64 of A-Z a-z 0-9 _ -, a letter or digit first.",
  },
  provider: {
    ...text,
    ...plain,
    description: "Who signs users in: entra, or one of Bot Service's providers (github, google, oauth2generic, ...).",
  },
  scopes: { ...texts, ...plain, description: "As the provider spells them; for Entra permissions of one API." },
  skill: { ...text, ...plain, description: "What the bundled bot does with the token: mail, github or orders." },
  api: {
    ...text,
    ...plain,
    description: "Address of the REST service that the skill calls, where it has one of its own.",
  },
  adopted: {
    ...flag,
    ...plain,
    description: "Whether it was made by hand, and keeps what it was made with until a rotation makes it anew.",
  },
  secretless: {
    ...flag,
    ...plain,
    description: "entra: whether a federated credential takes the client secret's place. Default: the environment's.",
  },
  permissions: { ...texts, ...plain, description: "What the scope <API>/.default stands for." },
  readAs: {
    ...text,
    ...plain,
    description: "Under which name the code of a bot of one's own asks for the connection.",
  },
  clientId: {
    ...text,
    description: "Client id of an application at the provider; entra makes one where there is none.",
  },
  clientSecret: { ...text, secret: true, description: "The secret that goes with it." },
  ...parameters,
};

const overrides: All<EnvironmentDefaults> = {
  botSku: { ...text, description: "F0 or S1." },
  hostingSize: { ...text, description: "Size of the App Service plan: B1, P0v3 and others." },
  protect: { ...flag, description: "Refuses to delete or replace what users would lose." },
  purgeProtection: { ...flag, description: "Nobody can empty the vault's recycle bin early; for ever." },
  vaultRetentionDays: { ...whole, description: "Days that a deleted vault stays in the recycle bin, 7 to 90." },
  logRetentionDays: { ...whole, description: "Days that logs are kept, 30 to 730." },
  chatPage: { $ref: typeRef("ChatPage"), description: "Who may chat on the bot's own page." },
  secretLifetimeDays: { ...whole, description: "Days from a secret's beginning to its end, 1 to 730." },
  singleSignOn: { ...flag, description: "Whether Teams hands over a token of the signed-in user." },
  identity: {
    ...text,
    description:
      "Who the bot is: secret (an application with a password), certificate (an application with a certificate whose key the " +
      "vault keeps) or managed (a managed identity).",
  },
  secretless: {
    ...flag,
    description: "Whether Entra connections do without a client secret where they do not say so.",
  },
};

const chatPage: All<ChatPage> = {
  enabled: { ...flag, description: "Whether there is a chat page." },
  access: {
    oneOf: [text, { type: "object", additionalProperties: text }],
    description: "everyone, signedIn, or signedInTo with the name of a connection: who gets a chat.",
  },
  allowedNetworks: { ...texts, description: "Networks (CIDR) from which the page is seen; empty for everywhere." },
  framedBy: { oneOf: [text, texts], description: "none, self, or a list of origins that may show it in a frame." },
};

const existing: All<Existing> = {
  resourceGroup: { ...text, description: "Name of a resource group in the subscription of the deployment." },
  vault: { ...text, description: "ARM id of a Key Vault that asks for roles." },
  plan: { ...text, description: "ARM id of an App Service plan for Linux in the location of the deployment." },
  workspace: { ...text, description: "ARM id of a Log Analytics workspace." },
  signInApp: { ...text, description: "Client id of the application through which users sign in." },
  botApp: { ...text, description: "Client id of the application that the bot is." },
  botIdentity: { ...text, description: "ARM id of the managed identity that the bot is." },
  endpoint: { ...text, description: "Where a bot that is hosted elsewhere takes activities." },
};

const adopted: All<Adopted> = {
  bot: { ...text, description: "The bot's handle." },
  teams: { ...flag, description: "Whether it has a Teams channel, which stays as it is." },
  webApp: { ...text, description: "Name of its web app, which runs the code from now on." },
  systemIdentity: { ...flag, description: "Whether that web app keeps an identity of its own." },
};

const code: All<ReadyCode & BroughtCode> = {
  folder: { ...text, description: "The bot's folder on the machine that deploys, ready to run." },
  zip: { ...text, description: "The same as a zip." },
  sdk: { ...text, description: `Whose names its settings have: ${sdkNames.join(", ")}.` },
  runtime: { ...text, description: "App Service's runtime, NODE|22-lts. Default: the SDK's." },
  build: { ...text, description: "A command that makes the folder ready, run in it each time." },
  start: { ...text, description: "The command that starts it. Default on Node.js: the file that package.json names." },
  messages: { ...text, description: "Where it takes activities. Default: /api/messages." },
  health: { ...text, description: `How new code is proved: ${healthProofs.join(", ")}. Default: the SDK's.` },
  dialect: { ...text, description: "Whose names its settings have, where the SDK's own would be wrong." },
  zipPath: { ...text, description: "In place of all others: a zip that App Service runs as it is." },
  hash: { ...text, description: "Beside zipPath: hash of its content, which its health page reports as build.hash." },
};

const objectType = (
  description: string,
  properties: Readonly<Record<string, Described>>,
  required: readonly string[] = Object.keys(properties),
): object => ({
  type: "object",
  description,
  properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, { ...value, ...plain }])),
  required,
});

/** The component's part of the provider's schema. */
export const botSignInSchema = {
  resources: {
    [`${name}:index:BotSignIn`]: {
      isComponent: true,
      description: "A bot on Azure whose users sign in, with everything that both need.",
      inputProperties: inputs,
      requiredInputs,
      properties: outputs,
      required: Object.keys(outputs).filter((output) => !mayLack.includes(output)),
    },
  },
  types: {
    [`${name}:index:Connection`]: {
      type: "object",
      description: "An OAuth connection.",
      properties: connection,
      required: ["name", "scopes"],
    },
    [`${name}:index:Overrides`]: objectType("What differs from the environment's defaults.", overrides, []),
    [`${name}:index:ChatPage`]: objectType("Who may chat on the bot's own page.", chatPage),
    [`${name}:index:Existing`]: { type: "object", description: "What is there already.", properties: existing },
    [`${name}:index:Adopted`]: objectType("What was made by hand and is this stack's now.", adopted, ["bot"]),
    [`${name}:index:Code`]: objectType("A bot of one's own.", code, []),
  },
};

export const outputNames = Object.keys(outputs) as readonly (keyof Outputs)[];
