import type { Connection } from "../contract/connection";
import type { ChatPage } from "./decisions/chat-page";
import { readChatPage } from "./decisions/chat-page-settings";
import { readConnections } from "./decisions/connection-settings";
import {
  type Environment,
  type EnvironmentDefaults,
  environmentDefaults,
  environmentOf,
  environments,
  suggestedBy,
} from "./decisions/environment";
import { type HostingSize, hostingSizes } from "./decisions/hosting-size";
import { nearest } from "./decisions/nearest";
import { looksSecret, plainProviderSecrets } from "./decisions/plain-secrets";
import { type Residency, residencies } from "./decisions/residency";
import { type Kind, guid, matching, oneOf, wholeNumber, yesOrNo } from "./decisions/setting-kinds";
import { tenantsSaid, tenantsThatDiffer } from "./decisions/tenant";
import { type Problem, SettingsError } from "./settings-error";

/** Everything about a deployment that a person decides. All else follows from it. */
export interface Settings {
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
  readonly connections: readonly Connection[];
  /** Days from a secret's beginning to its end. */
  readonly secretLifetimeDays: number;
  /** Any text; another one renews every secret at the next `pulumi up`. */
  readonly secretsRenewed: string;
  /** Consent for everyone in the tenant to the connections' scopes; the deployer must be allowed to give it. */
  readonly adminConsent: boolean;
  /** Teams signs users in without a card. */
  readonly singleSignOn: boolean;
  readonly chatPage: ChatPage;
  /** Refuses to delete or replace what users would lose. */
  readonly protect: boolean;
  /** Nobody can empty the vault's recycle bin early; cannot be switched off again. */
  readonly purgeProtection: boolean;
  /** Days that a deleted vault stays in the recycle bin; fixed once the vault exists. */
  readonly vaultRetentionDays: number;
  /** A person or a team to ask, as a mark on every resource. */
  readonly owner?: string;
  /** The commit that was deployed, as a mark on every resource. */
  readonly commit?: string;
  /** When a preview may be taken down by anyone, as a mark on every resource: ISO date and time in UTC. */
  readonly expires?: string;
  /** Passed to both Entra applications where a tenant's policy asks for it. */
  readonly serviceManagementReference?: string;
  readonly tenantId: string;
  /** Absent where the provider finds it by itself. */
  readonly subscriptionId?: string;
  readonly logRetentionDays: number;
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

interface Row<T> extends Kind<T> {
  readonly example: string;
}

const row = <T>(kind: Kind<T>, example: string): Row<T> => ({ ...kind, example });

const rows = {
  environment: row(oneOf(...environments), "prod"),
  location: row(
    matching(/^[a-z]+[0-9]?$/, "the name of an Azure region, in small letters without spaces"),
    "westeurope",
  ),
  residency: row(oneOf(...residencies), "europe"),
  displayName: row(matching(/^(?=.*\S).{1,35}$/u, "1 to 35 characters"), '"Mail bot"'),
  botAppType: row(oneOf("SingleTenant"), "SingleTenant"),
  botHandle: row(
    matching(/^[A-Za-z0-9][A-Za-z0-9_-]{3,41}$/, "4 to 42 of A-Z a-z 0-9 _ -, beginning with a letter or digit"),
    "contoso-mail-bot",
  ),
  botSku: row(oneOf("F0", "S1"), "F0"),
  hostingSize: row(oneOf(...hostingSizes), "B1"),
  secretLifetimeDays: row(wholeNumber(1, 730, "days"), "180"),
  secretsRenewed: row(
    matching(/^[\x20-\x7e]{1,64}$/, "any text of 1 to 64 characters; another one renews every secret"),
    "2027-01-15",
  ),
  adminConsent: row(yesOrNo, "true"),
  singleSignOn: row(yesOrNo, "true"),
  protect: row(yesOrNo, "true"),
  purgeProtection: row(yesOrNo, "true"),
  vaultRetentionDays: row(wholeNumber(7, 90, "days"), "90"),
  owner: row(matching(/^[\w .,@+-]{1,100}$/, "1 to 100 of A-Z a-z 0-9 _ . , @ + - and space"), "mail-team@contoso.com"),
  commit: row(matching(/^[0-9a-f]{7,64}$/, "a commit's hash, 7 to 64 of 0-9 a-f"), '"$(git rev-parse HEAD)"'),
  expires: row(
    matching(/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/, "a date and time in UTC such as 2027-01-15T12:00:00Z"),
    "2027-01-15T12:00:00Z",
  ),
  serviceManagementReference: row(guid, "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11"),
  tenant: row(guid, "$(az account show --query tenantId --output tsv)"),
  logRetentionDays: row(wholeNumber(30, 730, "days"), "30"),
} satisfies Record<string, Row<unknown>>;

type RowName = keyof typeof rows;
type ValueOf<N extends RowName> = (typeof rows)[N] extends Row<infer T> ? T : never;

const settingNames: readonly string[] = [...Object.keys(rows), "connections", "chatPage"];

/**
 * Reads the settings. Pure: the same source gives the same settings. Throws a {@link SettingsError} that lists every
 * wrong setting at once; the value of a setting that Pulumi keeps encrypted is never shown.
 */
export function parseSettings(source: Source): Settings {
  const problems: Problem[] = [...unknownSettings(source), ...secretsInClear(source)];
  const value = <N extends RowName>(name: N): ValueOf<N> | undefined => readRow(source, name, problems);
  const environment = readEnvironment(source, value("environment"), problems);
  const defaults = environmentDefaults[environment];

  const { connections, problems: ofConnections } = readConnections(
    readJson(source, "connections"),
    source.isEncrypted(`${source.project}:connections`),
  );
  const { chatPage, problems: ofChatPage } = readChatPage(
    readJson(source, "chatPage"),
    source.isEncrypted(`${source.project}:chatPage`),
    defaults.chatPage,
    connections,
  );
  problems.push(...ofConnections, ...ofChatPage);
  const location = value("location") ?? source.config["azure-native:location"];
  if (!location && !text(source, "location")) problems.push(missing("location"));
  value("botAppType");
  const botHandle = value("botHandle");
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
    adminConsent: value("adminConsent") ?? false,
    singleSignOn: value("singleSignOn") ?? defaults.singleSignOn,
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
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

function text(source: Source, name: string): string | undefined {
  return source.config[`${source.project}:${name}`];
}

function shown(source: Source, name: string): string {
  return source.isEncrypted(`${source.project}:${name}`) ? "a secret (not shown)" : JSON.stringify(text(source, name));
}

function command(name: RowName): string {
  return `pulumi config set ${name} ${rows[name].example}`;
}

function missing(name: RowName, hint?: string): Problem {
  const problem = {
    code: "missing-setting",
    setting: name,
    allowed: rows[name].allowed,
    example: command(name),
  } as const;
  return hint ? { ...problem, hint } : problem;
}

function readRow<N extends RowName>(source: Source, name: N, problems: Problem[]): ValueOf<N> | undefined {
  const given = text(source, name);
  if (given === undefined) return undefined;
  const kind = rows[name] as Row<unknown>;
  const value = kind.read(given);
  if (value !== undefined) return value as ValueOf<N>;
  const problem = { setting: name, seen: shown(source, name), allowed: kind.allowed, example: command(name) };
  if (name === "botAppType") {
    problems.push({ ...problem, ...botAppTypeProblem(given) });
    return undefined;
  }
  const meant = kind.words && (nearest(given, kind.words) ?? (name === "environment" && suggestedBy(given)));
  problems.push({ ...problem, code: "wrong-value", ...(meant ? { hint: `Did you mean ${meant}?` } : {}) });
  return undefined;
}

/** Azure's refusal would come minutes later as InvalidBotCreationData: https://learn.microsoft.com/azure/bot-service/abs-quickstart. */
function botAppTypeProblem(given: string): Pick<Problem, "code" | "hint"> {
  if (given.toLowerCase() !== "multitenant") return { code: "wrong-value" };
  return {
    code: "multi-tenant",
    hint:
      "Azure has refused new multi-tenant bots since 31 July 2025. A single-tenant bot still talks to every channel: " +
      "remove the setting with pulumi config rm botAppType.",
  };
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
  const { allowed } = rows.environment;
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
    const { allowed } = rows.tenant;
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
