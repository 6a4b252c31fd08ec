import type { KnownConnection } from "../connections/rules";
import type { ChatPage } from "../deployment/chat-page";
import type { BroughtCode } from "../deployment/code";
import type { Tags } from "../deployment/tags";
import type { HostingSize } from "../facts/hosting-size";
import type { Residency } from "../facts/residency";
import { type Adopted, besideAdopted, readAdopted } from "./adopted";
import { type OwnAppSettings, readAppSettings } from "./app-settings";
import { readChatPage } from "./chat-page";
import { besideCode, readCode } from "./code";
import { readConnections } from "./connections";
import { type BotIdentityKind, type Environment, type EnvironmentDefaults, environmentDefaults } from "./environment";
import { type ExistingSettings, besideBotIdentity, besideSignInApp, readExisting } from "./existing";
import { type Composed, cloudsSaid, misplacedSettings, secretsInClear, unknownSettings } from "./keys";
import { underPresentNames } from "./renamed";
import { missing, readEnvironment, readProvidersLocation, readSingleValue } from "./read-single-value";
import { readTenant } from "./tenant";
import { type Problem, SettingsError } from "./settings-error";
import type { SettingName, ValueOf } from "./single-values";
import { type Source, readJson, text } from "./source";
import { readTags } from "./tags";
import { type TeamsSettings, readTeams } from "./teams";

/** Everything about a deployment that a person decides. All else follows from it. */
export interface Settings extends OwnAppSettings {
  /** What is deployed: sizes, protection and lifetimes follow where no other setting says them. */
  readonly environment: Environment;
  /** Azure region of the resource group, the vault, the storage and the web app: `westeurope`. */
  readonly location: string;
  /** Where the Bot Framework keeps conversations and tokens; independent of `location`. */
  readonly residency: Residency;
  /** What users see: the bot's name and the name on the consent page. */
  readonly displayName: string;
  /** The bot's name at Bot Service, unique in the world; made by the program where absent. */
  readonly botHandle?: string;
  readonly botSku: "F0" | "S1";
  readonly hostingSize: HostingSize;
  readonly connections: readonly KnownConnection[];
  /** Days from a secret's beginning to its end. */
  readonly secretLifetimeDays: number;
  /** Any text; another one renews every secret at the next `pulumi up`. */
  readonly secretsRenewed: string;
  /** The rotation that `npm run rotate` asks for; in no file. */
  readonly secretsRotation?: string;
  /** Consent for everyone in the tenant to the connections' scopes; the deployer must be allowed to give it. */
  readonly adminConsent: boolean;
  /** Teams signs users in without a card. */
  readonly singleSignOn: boolean;
  /** Who the bot is: an application with a password or a certificate, or a managed identity. */
  readonly identity: BotIdentityKind;
  /** Whether Entra connections do without a client secret where they do not say so themselves. */
  readonly secretless: boolean;
  readonly chatPage: ChatPage;
  /** Refuses to delete or replace what users would lose. */
  readonly protect: boolean;
  /** Nobody can empty the vault's recycle bin early; cannot be switched off again. */
  readonly purgeProtection: boolean;
  /** Days that a deleted vault stays in the recycle bin; fixed once the vault exists. */
  readonly vaultRetentionDays: number;
  /** A person or a team to ask, as a tag on every resource. */
  readonly owner?: string;
  /** The commit that was deployed, as a tag on every resource. */
  readonly commit?: string;
  /** When a preview may be taken down by anyone, as a tag on every resource: ISO date and time in UTC. */
  readonly expires?: string;
  /** Passed to both Entra applications where a tenant's policy asks for it. */
  readonly serviceManagementReference?: string;
  readonly tenantId: string;
  /** Absent where the provider finds it by itself. */
  readonly subscriptionId?: string;
  readonly logRetentionDays: number;
  /** A bot of one's own in place of the bundled one: a folder or a zip. */
  readonly code?: BroughtCode;
  /** What is there already and is used: neither changed nor deleted. */
  readonly existing?: ExistingSettings;
  /** What was made by hand and is this stack's now. */
  readonly adopted?: Adopted;
  /** Tags of the deployer's own, on everything that takes tags. */
  readonly tags?: Tags;
  /** What people read of the bot's app in Teams, and how the bot answers in groups there. */
  readonly teams?: TeamsSettings;
}

/** What of the settings may differ from the environment's defaults, as the component takes it. */
export function overridesIn(settings: Settings): EnvironmentDefaults {
  const names = Object.keys(environmentDefaults[settings.environment]) as (keyof EnvironmentDefaults)[];
  return Object.fromEntries(names.map((name) => [name, settings[name]])) as unknown as EnvironmentDefaults;
}

/**
 * By which `npm run rotate` says the setting secretsRotation. Not by the project's own name: what is said under that is said to
 * its provider of the same name as well, which would be another one after each rotation.
 */
export const rotationKey = "rotate:secrets";

/**
 * Reads the settings. Pure: the same source gives the same settings. Throws a {@link SettingsError} that lists every
 * wrong setting at once; the value of a setting that Pulumi keeps encrypted is never shown.
 */
export function parseSettings(given: Source): Settings {
  const { config, before, warnings } = underPresentNames(given.config, given.project);
  for (const warning of warnings) given.warn?.(warning);
  const source = { ...given, config, isEncrypted: (key: string) => given.isEncrypted(before.get(key) ?? key) };
  const problems: Problem[] = [
    ...unknownSettings(source),
    ...misplacedSettings(source),
    ...secretsInClear(source),
    ...cloudsSaid(source),
  ];
  const value = <N extends SettingName>(name: N): ValueOf<N> | undefined => readSingleValue(source, name, problems);
  const environment = readEnvironment(source, value("environment"), problems);
  const defaults = environmentDefaults[environment];
  const saidOf = (name: Composed): [value: unknown, encrypted: boolean] => [
    readJson(source, name),
    source.isEncrypted(`${source.project}:${name}`),
  ];

  const { connections, problems: ofConnections } = readConnections(...saidOf("connections"));
  const { chatPage, problems: ofChatPage } = readChatPage(...saidOf("chatPage"), defaults.chatPage, connections);
  const { existing, problems: ofExisting } = readExisting(...saidOf("existing"));
  const { adopted, problems: ofAdopted } = readAdopted(...saidOf("adopted"));
  const { tags, problems: ofTags } = readTags(...saidOf("tags"));
  const { teams, problems: ofTeams } = readTeams(...saidOf("teams"));
  const [ownSettings, areSecret] = saidOf("appSettings");
  const { settings: own, problems: ofOwn } = readAppSettings("appSettings", ownSettings, areSecret);
  const { code, problems: ofCode } = readCode(...saidOf("code"));
  const identity = value("identity");
  problems.push(
    ...ofConnections,
    ...ofChatPage,
    ...ofExisting,
    ...ofAdopted,
    ...ofTags,
    ...ofTeams,
    ...ofOwn,
    ...ofCode,
  );
  if (ofCode.length === 0) problems.push(...besideCode(code, { connections, appSettings: own, identity, existing }));
  const location = value("location") ?? readProvidersLocation(source, problems);
  if (!location && !text(source, "location")) problems.push(missing("location"));
  value("botAppType");
  const botHandle = value("botHandle");
  const secretsRotation = value("secretsRotation") ?? source.config[rotationKey];
  const owner = value("owner");
  const commit = value("commit");
  const expires = value("expires");
  const serviceManagementReference = value("serviceManagementReference");
  const subscriptionId = source.config["azure-native:subscriptionId"] ?? source.environment["ARM_SUBSCRIPTION_ID"];

  const settings: Settings = {
    environment,
    location: location ?? "",
    residency: value("residency") ?? "global",
    displayName: value("displayName") ?? source.project.slice(0, 35),
    ...(botHandle ? { botHandle } : {}),
    botSku: value("botSku") ?? defaults.botSku,
    hostingSize: value("hostingSize") ?? defaults.hostingSize,
    connections,
    secretLifetimeDays: value("secretLifetimeDays") ?? defaults.secretLifetimeDays,
    secretsRenewed: value("secretsRenewed") ?? "never",
    ...(secretsRotation ? { secretsRotation } : {}),
    adminConsent: value("adminConsent") ?? false,
    singleSignOn: value("singleSignOn") ?? defaults.singleSignOn,
    identity: identity ?? defaults.identity,
    secretless: value("secretless") ?? defaults.secretless,
    chatPage,
    protect: value("protect") ?? defaults.protect,
    purgeProtection: value("purgeProtection") ?? defaults.purgeProtection,
    vaultRetentionDays: value("vaultRetentionDays") ?? defaults.vaultRetentionDays,
    ...(owner ? { owner } : {}),
    ...(commit ? { commit } : {}),
    ...(expires ? { expires } : {}),
    ...(serviceManagementReference ? { serviceManagementReference } : {}),
    tenantId: readTenant(source, problems),
    ...(subscriptionId ? { subscriptionId } : {}),
    logRetentionDays: value("logRetentionDays") ?? defaults.logRetentionDays,
    ...(code ? { code } : {}),
    ...(existing ? { existing } : {}),
    ...(adopted ? { adopted } : {}),
    ...(tags ? { tags } : {}),
    ...(teams ? { teams } : {}),
    ...(own ? (areSecret ? { secretAppSettings: own } : { appSettings: own }) : {}),
  };
  problems.push(
    ...besideSignInApp(existing, settings),
    ...besideBotIdentity(existing, settings.identity),
    ...besideAdopted(adopted, {
      botHandle,
      endpoint: existing?.endpoint !== undefined,
      code: code !== undefined,
      chatPage: settings.chatPage.enabled,
    }),
  );
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}
