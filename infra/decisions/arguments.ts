import type { BotSignInArgs } from "../bot-sign-in";
import { type Problem, SettingsError } from "../settings-error";
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
  const known = Object.keys(environmentDefaults.dev);
  for (const field of Object.keys(overrides).filter((one) => !known.includes(one))) {
    wrong(
      `overrides.${field}`,
      overrides[field as keyof typeof overrides],
      known.join(", "),
      'overrides: { botSku: "S1" }',
    );
  }
  if (overrides.chatPage)
    problems.push(...readChatPage(overrides.chatPage, false, environmentDefaults.dev.chatPage).problems);
  problems.push(...readConnections(args.connections, false).problems);
  if (problems.length > 0) throw new SettingsError(problems);
}
