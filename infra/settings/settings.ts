import { type Adopted, besideAdopted, readAdopted } from "./adopted";
import type { ChatPage } from "../deployment/chat-page";
import { readChatPage } from "./chat-page";
import { otherClouds, publicCloudOnly } from "../facts/cloud";
import type { BroughtCode } from "../deployment/code";
import { besideCode, readCode } from "./code";
import type { KnownConnection } from "../connections/rules";
import { readConnections } from "./connections";
import {
  type BotIdentityKind,
  type Environment,
  type EnvironmentDefaults,
  environmentDefaults,
  environmentOf,
} from "./environment";
import { besideBotIdentity, besideSignInApp, type ExistingSettings, readExisting } from "./existing";
import type { HostingSize } from "../facts/hosting-size";
import { nearest } from "./nearest";
import { underPresentNames } from "./renamed";
import { type OwnAppSettings, readAppSettings } from "./app-settings";
import { looksSecret, plainProviderSecrets } from "./plain-secrets";
import type { Residency } from "../facts/residency";
import { guid } from "./value-types";
import { problemWith, type SettingName, singleValues, type ValueOf } from "./single-values";
import { readTags } from "./tags";
import type { Tags } from "../deployment/tags";
import { readTeams, type TeamsSettings } from "./teams";
import { tenantsSaid, tenantsThatDiffer } from "./tenant";
import { type Problem, SettingsError, shownAs } from "./settings-error";

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

/** The stack's raw configuration and the environment, as the settings are read from them. */
export interface Source {
  readonly project: string;
  readonly stack: string;
  /** Pulumi's configuration: `<namespace>:<name>` to text; lists and objects as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Whether Pulumi keeps a configuration key encrypted. */
  isEncrypted(key: string): boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * By which `npm run rotate` says the setting secretsRotation. Not by the project's own name: what is said under that is said to
 * its provider of the same name as well, which would be another one after each rotation.
 */
export const rotationKey = "rotate:secrets";

/** Settings that are an object or a list. */
const composed = ["connections", "chatPage", "code", "existing", "adopted", "tags", "appSettings", "teams"] as const;
type Composed = (typeof composed)[number];

/** Every setting by its name. */
export const settingNames: readonly string[] = [...Object.keys(singleValues), ...composed];

/**
 * Reads the settings. Pure: the same source gives the same settings. Throws a {@link SettingsError} that lists every
 * wrong setting at once; the value of a setting that Pulumi keeps encrypted is never shown.
 */
export function parseSettings(given: Source): Settings {
  const { config, before } = underPresentNames(given.config, given.project);
  const source = { ...given, config, isEncrypted: (key: string) => given.isEncrypted(before.get(key) ?? key) };
  const problems: Problem[] = [
    ...unknownSettings(source),
    ...misplacedSettings(source),
    ...secretsInClear(source),
    ...cloudsSaid(source),
  ];
  const value = <N extends SettingName>(name: N): ValueOf<N> | undefined => readRow(source, name, problems);
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

function text(source: Source, name: string): string | undefined {
  return source.config[`${source.project}:${name}`];
}

function shown(source: Source, name: string): string {
  return shownAs(text(source, name), source.isEncrypted(`${source.project}:${name}`));
}

function command(name: SettingName): string {
  const { example, typed = example }: { example: string; typed?: string } = singleValues[name];
  return `pulumi config set ${name} ${typed}`;
}

function missing(name: SettingName, hint?: string): Problem {
  const { allowed } = singleValues[name];
  const problem = { code: "missing-setting", setting: name, allowed, example: command(name) } as const;
  return hint ? { ...problem, hint } : problem;
}

function readRow<N extends SettingName>(source: Source, name: N, problems: Problem[]): ValueOf<N> | undefined {
  const given = text(source, name);
  if (given === undefined) return undefined;
  const problem = problemWith(name, given);
  if (!problem) return singleValues[name].read(given) as ValueOf<N>;
  problems.push({ setting: name, seen: shown(source, name), example: command(name), ...problem });
  return undefined;
}

/** azure-native's own region, which people know by its display name as well. */
function readProvidersLocation(source: Source, problems: Problem[]): string | undefined {
  const setting = "azure-native:location";
  const given = source.config[setting];
  const problem = given === undefined ? undefined : problemWith("location", given);
  if (problem?.code === "other-cloud") {
    problems.push({ setting, seen: shownAs(given, false), example: command("location"), ...problem });
  }
  return given;
}

function cloudsSaid({ config, environment }: Source): Problem[] {
  return otherClouds(config, environment).map(({ source, said }) => ({
    ...{ code: "other-cloud", setting: source, seen: shownAs(said, false), allowed: "public, or nothing" },
    example: source.includes(":") ? `pulumi config rm ${source}` : `unset ${source}`,
    hint: publicCloudOnly,
  }));
}

function unknownSettings(source: Source): Problem[] {
  const prefix = `${source.project}:`;
  const names = Object.keys(source.config)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return names
    .filter((name) => !settingNames.includes(name))
    .map((name) => {
      const clear = looksSecret(name) && !source.isEncrypted(prefix + name);
      const meant = nearest(name, settingNames);
      return {
        code: clear ? "plain-secret" : "unknown-setting",
        setting: name,
        seen: looksSecret(name) ? "a secret (not shown)" : shown(source, name),
        allowed: [...settingNames].sort().join(", "),
        example: meant ? `pulumi config set ${meant} ...` : `pulumi config rm ${name}`,
        hint: clear
          ? "No such setting exists, and it stands in clear in the stack file: remove it, renew the secret, and set secrets with pulumi config set --secret only."
          : meant
            ? `No such setting exists. Did you mean ${meant}?`
            : "No such setting exists.",
      } satisfies Problem;
    });
}

/** Namespaces of the packages that the program uses, and of Pulumi itself. */
const packages = ["azure-native", "azuread", "random", "pulumi"];

/**
 * Settings of this program under a namespace that nobody reads: a misspelt project, or another project's. What other
 * packages of a program of one's own are told stays theirs.
 */
function misplacedSettings(source: Source): Problem[] {
  return Object.keys(source.config).flatMap((key) => {
    const [namespace = "", name = ""] = key.split(/:(.*)/s);
    if (namespace === source.project || packages.includes(namespace)) return [];
    if (!settingNames.includes(name) && nearest(namespace, [source.project]) === undefined) return [];
    const encrypted = source.isEncrypted(key);
    return [
      {
        code: "unknown-setting",
        setting: key,
        seen: looksSecret(name) ? "a secret (not shown)" : shownAs(source.config[key], encrypted),
        allowed: `settings of this program stand under ${source.project}`,
        example: `pulumi config rm ${key}, then pulumi config set ${name} ...`,
        hint: `Nothing reads the namespace ${namespace}.`,
      } satisfies Problem,
    ];
  });
}

function secretsInClear(source: Source): Problem[] {
  return plainProviderSecrets(source.config, (key) => source.isEncrypted(key)).map((key) => ({
    code: "plain-secret",
    setting: key,
    seen: "a secret (not shown)",
    allowed: "an encrypted value",
    example: `pulumi config set --secret ${key}`,
    hint: "It stands in clear in the stack file: renew it, then set it encrypted.",
  }));
}

/** Where nobody knows the environment there is a problem, and the answer serves only to find the others. */
function readEnvironment(source: Source, said: Environment | undefined, problems: Problem[]): Environment {
  const environment = environmentOf(source.stack, said);
  if (typeof environment === "string") return environment;
  const seen = said && { seen: JSON.stringify(said) };
  const { allowed } = singleValues.environment;
  // A value that is none has its own problem already.
  const isWrong = said === undefined && text(source, "environment") !== undefined;
  if (!isWrong) problems.push({ setting: "environment", ...seen, allowed, ...environment });
  return "prod";
}

function readTenant(source: Source, problems: Problem[]): string {
  const said = tenantsSaid(source.config, source.environment, source.project);
  const first = said[0];
  if (!first) {
    problems.push(
      missing("tenant", "Neither ARM_TENANT_ID nor azure-native:tenantId nor azuread:tenantId names it either."),
    );
    return "";
  }
  if (guid.read(first.tenantId) === undefined) {
    const { allowed } = singleValues.tenant;
    problems.push({
      code: "wrong-value",
      setting: first.source,
      seen: JSON.stringify(first.tenantId),
      allowed,
      example: command("tenant"),
    });
  }
  const differing = tenantsThatDiffer(said);
  if (differing) {
    const [one, other] = differing;
    problems.push({
      code: "tenants-differ",
      setting: one.source,
      seen: JSON.stringify(one.tenantId),
      allowed: `the tenant that ${other.source} names, ${other.tenantId}`,
      example: `pulumi config set tenant ${other.tenantId}`,
      hint: "The applications would be made in one tenant and the bot would look for them in the other.",
    });
  }
  return first.tenantId.toLowerCase();
}

/** A setting that is a list or an object, which Pulumi hands over as JSON. Text that is none is given back as it is, for the checks to refuse. */
function readJson(source: Source, name: string): unknown {
  const given = text(source, name);
  if (given === undefined) return undefined;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}
