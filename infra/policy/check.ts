import { couldBeSecret } from "../settings/plain-secrets";
import { azureRows } from "./azure";
import { ownSettingRow, singleValues } from "./app-settings";
import { entraRows } from "./entra";
import { ownRows } from "./own";
import { type Context, passes } from "./predicates";
import { at, textsOf, unknown } from "./resource";
import { secretIn } from "./set-up";
import type { Row, Rows } from "./rows";
import type { RuleName } from "./rules";
import { types } from "./types";

/** What each type may have. A type that is missing may not be. */
const tables: Readonly<Record<string, Rows>> = { ...azureRows, ...entraRows, ...ownRows };

/** What is wrong with a resource by one of the rules. */
export interface Finding {
  readonly field: string;
  /** Absent where it is or may be a secret. */
  readonly value?: unknown;
  /** One sentence, with the fix. */
  readonly sentence: string;
}

/** Pulumi's own, and components, which are nothing in Azure. */
const harmless = /^(pulumi:|bot-sign-in:(infra:|index:BotSignIn$))/;

/** Looks at a resource that belongs to the set-up, or reaches into it, by one rule. */
export function* findings(rule: RuleName, context: Context): Iterable<Finding> {
  const { resource } = context;
  if (harmless.test(resource.type)) return;
  const rows = tables[resource.type];
  if (!rows) {
    if (rule === "listed-types") yield unlistedType(resource.type);
    return;
  }
  if (rule === "listed-fields") {
    for (const field of unlisted(resource.inputs, rows)) {
      yield { field, sentence: `${field} is set, which no set-up needs; leave it out.` };
    }
  }
  if (rule === "prod-protected" && isOpen(context)) {
    const sentence = "It is not protected; remove the setting protect: false from the stack file.";
    yield { field: "protect", value: false, sentence };
  }
  for (const [field, row] of Object.entries(rows)) {
    if (row.rule !== rule) continue;
    const value = at(resource.inputs, field);
    if (!passes(row, value, context)) yield wrong(field, value, row, context);
  }
  if (rule === "secrets-by-reference") yield* secretsInClear(context);
  if (resource.type === types.webApp) yield* wrongSettings(rule, context);
}

function unlistedType(type: string): Finding {
  const sentence = `${type} is no type of a set-up, and this one is in it or reaches into it; leave it out.`;
  return { field: "type", sentence };
}

/** Wherever it stands but where secrets are kept: in a tag, a name, a description. */
function* secretsInClear({ resource: { type, inputs }, setUp }: Context): Iterable<Finding> {
  for (const { path, text } of textsOf(inputs)) {
    if (secretIn[type]?.includes(path) || !setUp.holdsSecret(text)) continue;
    yield { field: path, sentence: `${path} holds one of the set-up's secrets in clear; keep it in the vault alone.` };
  }
}

function wrong(field: string, value: unknown, row: Row, { setUp }: Context): Finding {
  const text = row.secret ? undefined : printable(value);
  const shown = text !== undefined && (couldBeSecret(text) || setUp.holdsSecret(text)) ? undefined : text;
  const is = value === undefined ? "is not set" : shown === undefined ? "has another value" : `is ${shown}`;
  return {
    field,
    ...(shown === undefined ? {} : { value }),
    sentence: `${field} ${is}; set it to ${row.wants}.`,
  };
}

const longestShown = 200;

/** What a person is shown of a value; undefined of what is long. */
function printable(value: unknown): string | undefined {
  const text = JSON.stringify(value, (_key, inner: unknown) => (inner === unknown ? "(not known yet)" : inner));
  return text === undefined || text.length > longestShown ? undefined : text;
}

/** Paths of what is set without standing in the table. */
function* unlisted(value: unknown, rows: Rows, path = ""): Iterable<string> {
  if (path in rows || value === undefined || value === null) return;
  // Of an object that is not known yet nothing is said but where it has no listed field at all.
  if (value === unknown && Object.keys(rows).some((field) => field.startsWith(`${path}.`))) return;
  if (typeof value !== "object" || Array.isArray(value)) {
    yield path;
    return;
  }
  for (const [name, inner] of Object.entries(value)) yield* unlisted(inner, rows, path ? `${path}.${name}` : name);
}

function* wrongSettings(rule: RuleName, context: Context): Iterable<Finding> {
  const path = "siteConfig.appSettings";
  const settings = at(context.resource.inputs, path);
  if (settings === unknown) return;
  const given = Array.isArray(settings) ? settings : [];
  for (const setting of given) {
    const name = at(setting, "name");
    if (name === unknown) continue;
    const row = singleValues[String(name)] ?? ownSettingRow(String(name), context);
    const field = `${path}.${String(name)}`;
    if (!row && rule === "own-code") {
      yield { field, sentence: `The web app has the setting ${String(name)}, which no set-up needs; leave it out.` };
    }
    // Whatever its name: a value may be a secret that landed in the wrong place.
    if (row?.rule === rule && !passes(row, at(setting, "value"), context)) {
      yield { field, sentence: `App setting ${String(name)} has another value; set it to ${row.wants}.` };
    }
  }
  for (const [name, row] of Object.entries(singleValues)) {
    if (row.rule !== rule || row.mayBeAbsent?.(context.resource.inputs)) continue;
    if (given.some((setting) => [name, unknown].includes(at(setting, "name") as string))) continue;
    yield { field: `${path}.${name}`, sentence: `App setting ${name} is missing; set it to ${row.wants}.` };
  }
}

/** What users would lose for good. */
const precious = new Set<string>([
  types.vault,
  types.storage,
  types.bot,
  types.channel,
  types.application,
  types.servicePrincipal,
]);

function isOpen({ resource }: Context): boolean {
  return resource.environment === "prod" && precious.has(resource.type) && !resource.protect;
}
