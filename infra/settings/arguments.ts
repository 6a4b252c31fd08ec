import { teamsGroups } from "../../contract/app-settings";
import type { BotSignInArgs } from "../bot-sign-in-args";
import { known } from "../provider/lifecycle";
import { type Problem, SettingsError, shownAs } from "./settings-error";
import { besideAdopted, readAdopted } from "./adopted";
import { readChatPage } from "./chat-page";
import { besideCode, readCode } from "./code";
import { readConnections } from "./connections";
import { environmentDefaults, environments, sizesOf } from "./environment";
import { besideBotIdentity, besideSignInApp, readExisting } from "./existing";
import { readAppSettings } from "./app-settings";
import { problemWith, type SettingName, singleValues } from "./single-values";
import { readTags } from "./tags";

/** What a component may be called: its name begins the names of all that is in it. */
const componentName = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;

/** Arguments that are a setting of one value, each with the setting. */
const single = {
  environment: "environment",
  residency: "residency",
  location: "location",
  tenantId: "tenant",
  displayName: "displayName",
  botHandle: "botHandle",
  secretsRenewed: "secretsRenewed",
  secretsRotation: "secretsRotation",
  adminConsent: "adminConsent",
  serviceManagementReference: "serviceManagementReference",
  owner: "owner",
  commit: "commit",
  expires: "expires",
} as const satisfies Partial<Record<keyof BotSignInArgs, SettingName>>;

const required: readonly string[] = ["environment", "location", "tenantId"];

/**
 * Looks at a component's arguments before anything of it is registered: programs in plain JavaScript or YAML have no
 * compiler that would. The rules are those of the settings. Throws a SettingsError that names every wrong one.
 */
export function checkArguments(name: string, args: BotSignInArgs): void {
  const problems: Problem[] = [];
  const wrong = (setting: string, seen: unknown, allowed: string, example: string): void => {
    problems.push({ code: "wrong-value", setting, seen: shownAs(seen, false), allowed, example });
  };
  /** @param path of the argument: `overrides.botSku` */
  const judge = (path: string, row: SettingName, value: unknown): void => {
    const [outer = "", inner] = path.split(".");
    const { example, read, allowed } = singleValues[row];
    const right = read(example);
    const literal = typeof right === "string" ? JSON.stringify(right) : String(right);
    const line = inner === undefined ? `${outer}: ${literal}` : `${outer}: { ${inner}: ${literal} }`;
    if (value === undefined) {
      if (required.includes(path)) problems.push({ code: "missing-setting", setting: path, allowed, example: line });
    } else if (!isLater(value)) {
      if (typeof value !== typeof right) wrong(path, value, allowed, line);
      else {
        const problem = problemWith(row, String(value));
        if (problem) problems.push({ setting: path, seen: shownAs(value, false), example: line, ...problem });
      }
    }
  };

  if (!componentName.test(name)) {
    wrong("name", name, "1 to 63 of A-Z a-z 0-9 -, beginning with a letter", 'new BotSignIn("mail", ...)');
  }
  for (const [argument, row] of Object.entries(single)) judge(argument, row, args[argument as keyof typeof single]);

  const overrides = args.overrides ?? {};
  const sized = sizesOf(environments.includes(args.environment) ? args.environment : "dev", overrides);
  const fields = Object.keys(environmentDefaults.dev);
  for (const [field, value] of Object.entries(overrides)) {
    if (field === "chatPage") continue;
    if (fields.includes(field)) judge(`overrides.${field}`, field as SettingName, value);
    else wrong(`overrides.${field}`, value, fields.join(", "), 'overrides: { botSku: "S1" }');
  }
  if (overrides.chatPage) {
    // Everywhere is an empty list here, and no list in a stack file.
    const { allowedNetworks, ...page } = sized.chatPage;
    const given = allowedNetworks.length ? sized.chatPage : page;
    problems.push(...readChatPage(given, false, sized.chatPage, args.connections).problems);
  }
  const { teamsGroups: groups } = args;
  if (groups !== undefined && !teamsGroups.includes(groups))
    wrong("teamsGroups", groups, teamsGroups.join(", "), 'teamsGroups: "targeted"');
  const { singleSignOn, chatPage, identity } = sized;
  problems.push(
    ...readExisting(withoutLater(args.existing), false).problems,
    ...besideSignInApp(args.existing, { singleSignOn, adminConsent: args.adminConsent ?? false }),
    ...readAdopted(args.adopted, false).problems,
    ...besideAdopted(args.adopted, {
      botHandle: args.botHandle,
      endpoint: args.existing?.endpoint !== undefined,
      code: args.code !== undefined,
      chatPage: chatPage.enabled,
    }),
    ...besideBotIdentity(args.existing, identity),
    ...readTags(args.tags, false).problems,
    ...readAppSettings("appSettings", withoutLater(args.appSettings, ""), false).problems,
    ...readAppSettings("secretAppSettings", withoutLater(args.secretAppSettings, ""), true).problems,
    ...sameNames(args),
    ...readConnections(args.connections, false, false).problems,
    ...readOwnCode(args),
  );
  if (problems.length > 0) throw new SettingsError(problems);
}

/** A zip that is ready to run comes with its hash, and nothing else is said of it. */
function readOwnCode({
  code,
  connections,
  appSettings,
  secretAppSettings,
  overrides,
  existing,
}: BotSignInArgs): Problem[] {
  const ready = typeof code === "object" && "zipPath" in code;
  const { problems } = ready ? { problems: [] } : readCode(withoutLater(code), false);
  if (problems.length > 0 || !Array.isArray(connections)) return problems;
  const named = (connections as readonly unknown[]).map((one) => (isObject(one) ? one : {}));
  const { identity } = overrides ?? {};
  return besideCode(code, {
    connections: named,
    appSettings: { ...appSettings, ...secretAppSettings },
    identity,
    existing,
  });
}

function isObject(value: unknown): value is { readonly readAs?: string } {
  return typeof value === "object" && value !== null;
}

/** A name in both lists would be one setting with two values. */
function sameNames({ appSettings = {}, secretAppSettings = {} }: BotSignInArgs): Problem[] {
  const open = Object.keys(appSettings).map((name) => name.toLowerCase());
  return Object.keys(secretAppSettings)
    .filter((name) => open.includes(name.toLowerCase()))
    .map((name) => ({
      code: "wrong-value",
      setting: `secretAppSettings.${name}`,
      seen: "a secret (not shown)",
      allowed: "names that appSettings does not have",
      example: "secretAppSettings: { API_KEY: ... }",
    }));
}

/** Whether a value is an output or a promise: it is not known before the program runs on. */
function isLater(value: unknown): boolean {
  if (!known(value)) return true;
  return typeof value === "object" && value !== null && ("__pulumiOutput" in value || "then" in value);
}

/** An object without what is known only later, or with something right in its place. */
function withoutLater(given: object | undefined, instead?: string): unknown {
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      if (!isLater(value)) return [[name, value as unknown]];
      return instead === undefined ? [] : [[name, instead]];
    }),
  );
}
