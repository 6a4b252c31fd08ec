import type { Problem } from "../settings-error";
import { type ChatPage, type FramedBy, isFramingOrigin } from "./chat-page";
import { nearest } from "./nearest";

const fields = ["enabled", "framedBy"] as const;
const example = "chatPage: { enabled: true, framedBy: [https://intranet.contoso.com] }";

/**
 * Reads the setting `chatPage`.
 * @param value what the stack file holds, parsed; undefined gives the defaults
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 * @param defaults what holds for every field that is not given: those of the stack's environment
 */
export function readChatPage(
  value: unknown,
  encrypted: boolean,
  defaults: ChatPage,
): { chatPage: ChatPage; problems: Problem[] } {
  const problems: Problem[] = [];
  const report = (setting: string, seen: unknown, allowed: string, hint?: string): void => {
    problems.push({
      code: hint ? "unknown-setting" : "wrong-value",
      setting,
      seen: encrypted ? "a secret (not shown)" : JSON.stringify(seen),
      allowed,
      example,
      ...(hint ? { hint } : {}),
    });
  };
  const given = value === undefined ? {} : value;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    report("chatPage", given, "an object with enabled (true or false) and framedBy (none, self, or a list of origins)");
    return { chatPage: defaults, problems };
  }

  const { enabled = defaults.enabled, framedBy = defaults.framedBy, ...others } = given as Record<string, unknown>;
  for (const name of Object.keys(others)) {
    const meant = nearest(name, fields);
    report(
      `chatPage.${name}`,
      others[name],
      fields.join(", "),
      meant ? `Did you mean ${meant}?` : "No such setting exists.",
    );
  }
  if (typeof enabled !== "boolean") report("chatPage.enabled", enabled, "true, false");
  if (!isFramedBy(framedBy)) {
    report("chatPage.framedBy", framedBy, "none, self, or a list of origins: https://host, without path or wildcard");
  }
  return { chatPage: { enabled: enabled === true, framedBy: framedBy as FramedBy }, problems };
}

function isFramedBy(value: unknown): value is FramedBy {
  if (value === "none" || value === "self") return true;
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => typeof entry === "string" && isFramingOrigin(entry))
  );
}
