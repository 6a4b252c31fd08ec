import { type Connection, connectionNamePattern, entra } from "../../contract/connection";
import type { Problem } from "../settings-error";
import { nearest } from "./nearest";
import { graphPermissions, skillScopes } from "./permissions";
import { looksSecret } from "./plain-secrets";

const fields = ["name", "provider", "scopes", "skill"] as const;
/** Those that the program makes an application for. */
const providers = [entra];
const skills = ["mail"];
const exampleScopes = "[openid, profile, offline_access, User.Read, Mail.Read, Mail.Send]";
const exampleConnection = `connections: [{ name: GraphConnection, provider: entra, scopes: ${exampleScopes}, skill: mail }]`;

/** What the checks of one connection report through. */
type Report = (problem: Omit<Problem, "setting"> & { readonly field?: string }) => void;

/**
 * Reads the setting `connections`.
 * @param value what the stack file holds, parsed
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 */
export function readConnections(
  value: unknown,
  encrypted: boolean,
): { connections: Connection[]; problems: Problem[] } {
  const problems: Problem[] = [];
  if (!Array.isArray(value) || value.length === 0) {
    const allowed = "a list of at least one connection, each with name, provider, scopes and skill";
    const seen = value === undefined ? {} : { seen: encrypted ? "a secret (not shown)" : JSON.stringify(value) };
    const code = value === undefined ? "missing-setting" : "wrong-value";
    return {
      connections: [],
      problems: [{ code, setting: "connections", ...seen, allowed, example: exampleConnection }],
    };
  }
  value.forEach((entry: unknown, at) => {
    const report: Report = ({ field, seen, ...rest }) =>
      problems.push({
        ...rest,
        ...(seen === undefined ? {} : { seen: encrypted ? "a secret (not shown)" : seen }),
        setting: `connections[${at}]${field ? `.${field}` : ""}`,
      });
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      report({
        code: "wrong-value",
        seen: JSON.stringify(entry),
        allowed: "an object with name, provider, scopes and skill",
        example: exampleConnection,
      });
      return;
    }
    const connection = entry as Record<string, unknown>;
    for (const check of checks) check(connection, report, encrypted);
    // A connection is found by its name without regard to case, so names that differ in case only are one name.
    const same = value.findIndex((other: { name?: unknown } | null) => sameName(other?.name, connection["name"]));
    if (same >= 0 && same < at) {
      report({
        code: "duplicate-connection",
        field: "name",
        seen: JSON.stringify(connection["name"]),
        allowed: `a name that no other connection has (connections[${same}] has it)`,
        example: `name: ${String(connection["name"])}2`,
      });
    }
  });
  return { connections: problems.length > 0 ? [] : (value as Connection[]).map(onlyFields), problems };
}

const checks: readonly ((connection: Record<string, unknown>, report: Report, encrypted: boolean) => void)[] = [
  checkFields,
  checkName,
  checkProvider,
  checkSkill,
  checkScopes,
];

function checkFields(connection: Record<string, unknown>, report: Report, encrypted: boolean): void {
  for (const field of Object.keys(connection).filter((key) => !(fields as readonly string[]).includes(key))) {
    const secret = looksSecret(field);
    const meant = nearest(field, fields);
    report({
      code: secret && !encrypted ? "plain-secret" : "unknown-setting",
      field,
      seen: secret ? "a secret (not shown)" : JSON.stringify(connection[field]),
      allowed: fields.join(", "),
      example: exampleConnection,
      hint: secret
        ? "The program makes the sign-in app's password itself. Remove this one, and renew it: it stood in clear in a file."
        : meant
          ? `Did you mean ${meant}?`
          : "A connection has no such field.",
    });
  }
}

function checkName({ name }: Record<string, unknown>, report: Report): void {
  if (typeof name === "string" && connectionNamePattern.test(name)) return;
  report({
    code: name === undefined ? "missing-setting" : "wrong-value",
    field: "name",
    ...(name === undefined ? {} : { seen: JSON.stringify(name) }),
    allowed: "2 to 64 of the characters A-Z a-z 0-9 _ -",
    example: "name: GraphConnection",
  });
}

function checkProvider({ provider }: Record<string, unknown>, report: Report): void {
  checkWord("provider", provider, providers, report);
}

function checkSkill({ skill }: Record<string, unknown>, report: Report): void {
  checkWord("skill", skill, skills, report);
}

function checkWord(field: string, value: unknown, words: readonly string[], report: Report): void {
  if (typeof value === "string" && words.includes(value)) return;
  const meant = typeof value === "string" ? nearest(value, words) : undefined;
  report({
    code: value === undefined ? "missing-setting" : "wrong-value",
    field,
    ...(value === undefined ? {} : { seen: JSON.stringify(value) }),
    allowed: words.join(", "),
    example: `${field}: ${words[0]}`,
    ...(meant ? { hint: `Did you mean ${meant}?` } : {}),
  });
}

function checkScopes({ scopes, skill }: Record<string, unknown>, report: Report): void {
  const known = Object.keys(graphPermissions);
  const allowed = `a list of ${known.join(", ")}`;
  if (!Array.isArray(scopes) || scopes.length === 0) {
    const seen = scopes === undefined ? {} : { seen: JSON.stringify(scopes) };
    const code = scopes === undefined ? "missing-setting" : "wrong-value";
    report({ code, field: "scopes", ...seen, allowed, example: `scopes: ${exampleScopes}` });
    return;
  }
  scopes.forEach((scope: unknown, at) => {
    if (typeof scope === "string" && known.includes(scope)) return;
    const meant =
      typeof scope === "string" ? nearest(scope.replace(/^https:\/\/graph\.microsoft\.com\//, ""), known) : undefined;
    const hint = meant
      ? `Did you mean ${meant}? Scopes are case-sensitive.`
      : "The program knows no such delegated permission of Microsoft Graph.";
    report({
      code: "wrong-value",
      field: `scopes[${at}]`,
      seen: JSON.stringify(scope),
      allowed,
      example: `scopes: ${exampleScopes}`,
      hint,
    });
  });
  const needed = Object.entries(skillScopes).find(([name]) => name === skill)?.[1] ?? [];
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) {
    report({
      code: "scope-missing",
      field: "scopes",
      seen: JSON.stringify(scopes),
      allowed: `at least ${needed.join(", ")} for the skill ${String(skill)}`,
      example: `scopes: ${exampleScopes}`,
      hint: `Microsoft Graph would refuse the skill without ${missing.join(", ")}.`,
    });
  }
}

function sameName(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string" && one.toLowerCase() === other.toLowerCase();
}

function onlyFields({ name, provider, scopes, skill }: Connection): Connection {
  return { name, provider, scopes: [...scopes], ...(skill ? { skill } : {}) };
}
