import type { BotSignInArgs } from "../bot-sign-in";
import { type Problem, SettingsError } from "../settings-error";
import { known } from "../provider/lifecycle";
import { wrongOwnSettings } from "./app-settings";
import { existingKinds, partsOf } from "./existing";
import { wrongTags } from "./tags";
import { readChatPage } from "./chat-page-settings";
import { readConnections } from "./connection-settings";
import { environmentDefaults, environments } from "./environment";
import { residencies } from "./residency";

/** What a component may be called: its name begins the names of all that is in it. */
const componentName = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;

/**
 * Looks at a component's arguments before anything of it is registered: programs in plain JavaScript or YAML have no
 * compiler that would. Throws a SettingsError that names every wrong one.
 */
export function checkArguments(name: string, args: BotSignInArgs): void {
  const problems: Problem[] = [];
  const wrong = (setting: string, seen: unknown, allowed: string, example: string): void => {
    const code = seen === undefined ? "missing-setting" : "wrong-value";
    problems.push({ code, setting, ...(seen === undefined ? {} : { seen: JSON.stringify(seen) }), allowed, example });
  };
  if (!componentName.test(name)) {
    wrong("name", name, "1 to 63 of A-Z a-z 0-9 -, beginning with a letter", 'new BotSignIn("mail", ...)');
  }
  if (!environments.includes(args.environment)) {
    wrong("environment", args.environment, environments.join(", "), 'environment: "prod"');
  }
  if (args.residency !== undefined && !residencies.includes(args.residency)) {
    wrong("residency", args.residency, residencies.join(", "), 'residency: "europe"');
  }
  if (args.location === undefined) wrong("location", undefined, "an Azure region", 'location: "westeurope"');
  if (args.tenantId === undefined) wrong("tenantId", undefined, "the id of a tenant", "tenantId: <id>");
  const { displayName } = args;
  if (displayName !== undefined && !/^(?=.*\S).{1,35}$/u.test(displayName)) {
    wrong("displayName", displayName, "1 to 35 characters", 'displayName: "Mail bot"');
  }
  const overrides = args.overrides ?? {};
  const fields = Object.keys(environmentDefaults.dev);
  for (const field of Object.keys(overrides).filter((one) => !fields.includes(one))) {
    wrong(
      `overrides.${field}`,
      overrides[field as keyof typeof overrides],
      fields.join(", "),
      'overrides: { botSku: "S1" }',
    );
  }
  if (overrides.chatPage) {
    // Everywhere is an empty list here, and no list in a stack file.
    const { allowedNetworks, ...page } = overrides.chatPage;
    const given = allowedNetworks?.length ? overrides.chatPage : page;
    problems.push(...readChatPage(given, false, environmentDefaults.dev.chatPage, args.connections).problems);
  }
  const sized = { ...environmentDefaults[args.environment], ...overrides };
  const existing = args.existing ?? {};
  for (const kind of Object.keys(existing).filter((one) => !(existingKinds as readonly string[]).includes(one))) {
    wrong(`existing.${kind}`, "(given)", existingKinds.join(", "), 'existing: { resourceGroup: "shared" }');
  }
  for (const kind of ["vault", "plan", "workspace"] as const) {
    const id = existing[kind];
    if (typeof id !== "string" || !known(id)) continue;
    try {
      partsOf(kind, id);
    } catch (error) {
      wrong(`existing.${kind}`, id, (error as Error).message, `existing: { ${kind}: "/subscriptions/..." }`);
    }
  }
  if (existing.signInApp !== undefined && (sized.singleSignOn || args.adminConsent)) {
    const field = args.adminConsent ? "adminConsent" : "singleSignOn";
    wrong(field, true, "false beside existing.signInApp, which would have to be changed for it", `${field}: false`);
  }
  for (const reason of wrongTags(args.tags ?? {}))
    wrong("tags", reason, "names and values that Azure takes", 'tags: { costCenter: "42" }');
  for (const reason of wrongOwnSettings(args.appSettings ?? {})) {
    wrong("appSettings", reason, "names of your own", 'appSettings: { FEATURE: "on" }');
  }
  problems.push(...readConnections(args.connections, false).problems);
  if (problems.length > 0) throw new SettingsError(problems);
}
