import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { scopesForAdministrator } from "../../../infra/connections/apis";
import { looksSecret } from "../../../infra/settings/plain-secrets";
import { code, listed } from "./markdown";

type Config = Readonly<Record<string, unknown>>;

/** A stack's file on both sides of a pull request; undefined where that side has none. */
export interface SettingsText {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * What changes in a stack's settings, a sentence without its subject for each: "adds scope `Mail.Send` to
 * `GraphConnection`". A value that is or may be a secret is never shown. Comments and the order of settings are no change.
 */
export function settingsChanges({ before, after }: SettingsText): string[] {
  if (before === after) return [];
  if (before === undefined) return ["adds the environment with its settings"];
  if (after === undefined) return ["removes the settings of the environment"];
  const [old, now] = [read(before), read(after)];
  if (now === undefined) return ["breaks the settings: they are no YAML any more"];
  if (old === undefined) return ["repairs the settings, which were no YAML"];
  const names = [...new Set([...Object.keys(old.config), ...Object.keys(now.config)])];
  return [
    ...names.flatMap((name) => changed(name, old.config[name], now.config[name])),
    ...(isDeepStrictEqual(old.encryption, now.encryption) ? [] : ["changes how the secrets are encrypted"]),
  ];
}

/** Settings without the project's own namespace; undefined where the text is no stack's file. */
function read(text: string): { config: Config; encryption: object } | undefined {
  try {
    const { config, ...encryption } = (parse(text) ?? {}) as { config?: Config | null };
    // A key without a value is null.
    if (config !== undefined && config !== null && !isObject(config)) return undefined;
    const plain = Object.entries(config ?? {}).map(([key, value]) => [key.replace(/^bot-sign-in:/, ""), value]);
    return { config: Object.fromEntries(plain) as Config, encryption };
  } catch {
    return undefined;
  }
}

function changed(name: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (name === "connections" && Array.isArray(before ?? []) && Array.isArray(after ?? [])) {
    return connectionChanges((before ?? []) as unknown[], (after ?? []) as unknown[]);
  }
  const plain = isObject(before) && isObject(after) && !isSecret(before) && !isSecret(after) && !looksSecret(name);
  if (plain) {
    const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return parts.flatMap((part) => changed(`${name}.${part}`, before[part], after[part]));
  }
  const hidden = looksSecret(name) || isSecret(before) || isSecret(after);
  if (before === undefined) return [hidden ? `sets the secret ${code(name)}` : `sets ${code(name)} to ${shown(after)}`];
  if (after === undefined) {
    return [hidden ? `removes the secret ${code(name)}` : `no longer sets ${code(name)}, which was ${shown(before)}`];
  }
  if (hidden) return [`changes the secret ${code(name)}`];
  return [`changes ${code(name)} from ${shown(before)} to ${shown(after)}`];
}

function connectionChanges(before: readonly unknown[], after: readonly unknown[]): string[] {
  const [old, now] = [byName(before), byName(after)];
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const added = [...now].filter(([name]) => !old.has(name));
  const kept = [...now].filter(([name]) => old.has(name));
  return [
    ...removed.map((name) => `removes connection ${code(name)}`),
    ...added.map(([name, connection]) => {
      const scopes = scopesOf(connection);
      return `adds connection ${code(name)}${scopes.length > 0 ? ` with ${scopeWords(scopes)}` : ""}`;
    }),
    ...kept.flatMap(([name, connection]) => connectionChange(name, old.get(name) ?? {}, connection)),
  ];
}

function connectionChange(name: string, before: Config, after: Config): string[] {
  const [old, now] = [scopesOf(before), scopesOf(after)];
  const added = now.filter((scope) => !old.includes(scope));
  const removed = old.filter((scope) => !now.includes(scope));
  const moved = added.length + removed.length === 0 && !isDeepStrictEqual(old, now);
  const others = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => field !== "name" && field !== "scopes",
  );
  return [
    ...(added.length > 0 ? [`adds ${scopeWords(added)} to ${code(name)}${consentFor(added)}`] : []),
    ...(removed.length > 0 ? [`removes ${scopeWords(removed)} from ${code(name)}`] : []),
    ...(moved ? [`reorders the scopes of ${code(name)}`] : []),
    ...others.flatMap((field) => changed(field, before[field], after[field]).map((said) => `${said} of ${code(name)}`)),
  ];
}

/** Whoever adds such a scope shuts every user out until an administrator has consented, so it is said here. */
function consentFor(scopes: readonly string[]): string {
  const which = scopesForAdministrator(scopes);
  return which.length > 0 ? ` (an administrator has to consent to ${listed(which.map(code))})` : "";
}

function scopeWords(scopes: readonly string[]): string {
  return `${scopes.length === 1 ? "scope" : "scopes"} ${listed(scopes.map(code))}`;
}

function byName(connections: readonly unknown[]): Map<string, Config> {
  return new Map(connections.flatMap((one) => (isObject(one) ? [[String(one.name), one] as const] : [])));
}

function scopesOf({ scopes }: Config): string[] {
  return Array.isArray(scopes) ? scopes.map(String) : [];
}

/** As Pulumi keeps an encrypted setting: https://www.pulumi.com/docs/concepts/config/#structured-configuration. */
function isSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isSecret);
  return isObject(value) && ("secure" in value || Object.values(value).some(isSecret));
}

function shown(value: unknown): string {
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

function isObject(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
