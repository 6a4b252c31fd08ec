import {
  type AppSettingName,
  type BotType,
  everyone,
  everywhere,
  parseConnections,
  signedInTo,
  teamsGroups,
} from "../../contract/app-settings";
import { connectionNamePattern } from "../../contract/connection";
import { parseNetwork } from "../../contract/network";
import { platformSettings } from "../facts/app-settings";
import { isReserved, secretNameOf } from "../settings/app-settings";
import { couldBeSecret, looksSecret } from "../settings/plain-secrets";
import { addressesOf, residencies } from "../facts/residency";
import { frameAncestors, isFramingOrigin } from "../deployment/chat-page";
import {
  certificates,
  type Context,
  guid,
  inOwnStorage,
  keyInOwnVault,
  is,
  ownNameOf,
  ownTenant,
  type Predicate,
  secretInOwnVault,
  text,
  matching,
} from "./predicates";
import { at, type Inputs } from "./resource";
import { type RuleName } from "./rules";
import { dialectSetting, platformSetting } from "./code";
import { types } from "./types";
import { settingIn, settingOfWebApps } from "./web-app-settings";

/** One app setting: which rule its value keeps to. */
export interface SettingRow extends Predicate {
  readonly rule: RuleName;
  /** Whether a web app does without it. */
  readonly mayBeAbsent?: (webApp: Inputs) => boolean;
}

const isManaged = (webApp: Inputs): boolean => settingIn(webApp, "MicrosoftAppType")[0] === managed;
const managed: BotType = "UserAssignedMSI";
const hasPassword = (webApp: Inputs): boolean => settingIn(webApp, "MicrosoftAppPassword").length > 0;
const hasCertificate = (webApp: Inputs): boolean => settingIn(webApp, "MicrosoftAppCertificate").length > 0;
const hasOther =
  (other: (webApp: Inputs) => boolean) =>
  (webApp: Inputs): boolean =>
    isManaged(webApp) || other(webApp);

const ownApplication = ownNameOf(types.servicePrincipal, "bot application's client id");
/**
 * Who the bot is to its web app. A managed identity is known by name only once Azure has made it: whose the bot's is, the
 * rule own-identity says of the whole stack, and {@link botAppId} that both are the same.
 */
const ownBot: Predicate = {
  wants: ownApplication.wants,
  test: (value, context) =>
    isManaged(context.resource.inputs) ? guid.test(value, context) : ownApplication.test(value, context),
};

/** Who the bot is to Bot Service: the same as to the web app, which else would take orders from somebody else's bot. */
export const botAppId: Predicate = {
  wants: `${ownApplication.wants}, or of its managed identity what the app setting MicrosoftAppId says`,
  test(value, context) {
    if (at(context.resource.inputs, "properties.msaAppType") !== managed) return ownApplication.test(value, context);
    const said = settingOfWebApps(context.setUp, "MicrosoftAppId");
    return guid.test(value, context) && said.every((one) => typeof one !== "string" || one === value);
  },
};

const by =
  (rule: RuleName) =>
  (predicate: Predicate): SettingRow => ({ ...predicate, rule });
const listed = by("listed-values");
const addresses = by("own-addresses");
const code = by("own-code");

/** A secret as App Service fetches it: one version of a secret of the set-up's own vault. */
function reference(secretName: string): SettingRow {
  const address = secretInOwnVault(secretName, "/[0-9a-f]{32}", `a version of the secret ${secretName}`);
  return {
    rule: "secrets-by-reference",
    wants: `@Microsoft.KeyVault(SecretUri=<${address.wants}>)`,
    test(value, context) {
      const [, uri] = /^@Microsoft\.KeyVault\(SecretUri=([^)]+)\)$/.exec(String(value)) ?? [];
      return uri !== undefined && address.test(uri, context);
    },
  };
}

/** The same of a secret that a rotation makes anew in one of two places. */
function eitherPlace(secretName: string): SettingRow {
  const [first, second] = [reference(secretName), reference(`${secretName}-2`)];
  return { ...first, test: (value, context) => first.test(value, context) || second.test(value, context) };
}

const ownCertificate = addresses(keyInOwnVault(...certificates));

const isConnections: Predicate = {
  wants: "the JSON list of the setting connections",
  test(value) {
    try {
      return parseConnections(String(value)).length > 0;
    } catch {
      return false;
    }
  },
};

const isFrameAncestors: Predicate = {
  wants: `${frameAncestors("none")}, or ${frameAncestors("self")} and origins of https pages`,
  test(value) {
    const [first, ...origins] = String(value).split(" ");
    return (first === "'none'" && origins.length === 0) || (first === "'self'" && origins.every(isFramingOrigin));
  },
};

const isAccess: Predicate = {
  wants: `${everyone}, or ${signedInTo} and a connection's name`,
  test(value) {
    const name = String(value).startsWith(signedInTo) ? String(value).slice(signedInTo.length) : undefined;
    // A page that is off may lack the connection: the bot does not start with both.
    return value === everyone || name === "" || (name !== undefined && connectionNamePattern.test(name));
  },
};

const areNetworks: Predicate = {
  wants: `${everywhere}, or networks (CIDR) separated by single spaces`,
  test: (value) => value === everywhere || String(value).split(" ").every(parseNetwork),
};

const moment = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
const everyResidency = residencies.map(addressesOf);

/** Every app setting that the web app may have; what the contract has and this lacks does not compile. */
export const singleValues: Readonly<Record<string, SettingRow>> = {
  ...({
    MicrosoftAppId: by("single-tenant")(ownBot),
    MicrosoftAppType: by("single-tenant")(is("SingleTenant", "UserAssignedMSI")),
    MicrosoftAppTenantId: by("single-tenant")(ownTenant),
    MicrosoftAppPassword: { ...eitherPlace("bot-app-password"), mayBeAbsent: hasOther(hasCertificate) },
    MicrosoftAppPasswordBefore: { ...eitherPlace("bot-app-password"), mayBeAbsent: hasOther(hasCertificate) },
    MicrosoftAppCertificate: { ...ownCertificate, mayBeAbsent: hasOther(hasPassword) },
    MicrosoftAppCertificateBefore: { ...ownCertificate, mayBeAbsent: hasOther(hasPassword) },
    OAUTH_CONNECTIONS: by("connections-known")(isConnections),
    TOKEN_SERVICE_ENDPOINT: addresses(is(...everyResidency.map(({ tokenServiceApi }) => tokenServiceApi))),
    DIRECT_LINE_ENDPOINT: addresses(is(...everyResidency.map(({ directLine }) => directLine))),
    DIRECT_LINE_SECRET_URI: addresses(secretInOwnVault("direct-line-secret", "", "the secret direct-line-secret")),
    STATE_CONTAINER_URL: addresses(inOwnStorage(/^\/turn-state$/, "the container turn-state")),
    MANAGED_IDENTITY_CLIENT_ID: listed(guid),
    CHAT_SESSION_KEY: eitherPlace("chat-session-key"),
    CHAT_SESSION_KEY_BEFORE: eitherPlace("chat-session-key"),
    SECRETS_ROTATION: listed(matching(/^\d{1,6}$/, "a whole number")),
    SECRETS_END: listed(
      matching(new RegExp(`^${moment}/${moment}$`), "two dates and times in UTC with / between them"),
    ),
    CHAT_TITLE: listed(text(35)),
    CHAT_FRAME_ANCESTORS: addresses(isFrameAncestors),
    CHAT_PAGE: listed(is("on", "off")),
    CHAT_ACCESS: addresses(isAccess),
    CHAT_ALLOWED_NETWORKS: addresses(areNetworks),
    TEAMS_GROUPS: listed(is(...teamsGroups)),
  } satisfies Record<AppSettingName, SettingRow>),
  ...Object.fromEntries(Object.keys(platformSettings).map((name) => [name, code(platformSetting(name))])),
};

/**
 * The row of an app setting of a bot of one's own or of the deployer's: the stack's file says it, it decides nothing of what runs, and its value
 * is no secret but a reference to one. Undefined where nobody may set it.
 */
export function ownSettingRow(name: string, context: Context): SettingRow | undefined {
  const { setUp } = context;
  const ofDialect = dialectSetting(name, context, { appId: ownBot, secret: eitherPlace("bot-app-password") });
  if (ofDialect) return { rule: "own-code", ...ofDialect };
  if (!setUp.saysAppSetting(name) || isReserved(name)) return undefined;
  const kept = reference(secretNameOf(name));
  return {
    rule: "secrets-by-reference",
    wants: `a text that is no secret, or ${kept.wants}`,
    test(value, context) {
      if (String(value).startsWith("@Microsoft.KeyVault(")) return kept.test(value, context);
      return typeof value === "string" && !looksSecret(name) && !couldBeSecret(value);
    },
  };
}
