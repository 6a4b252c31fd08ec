import { type Problem, shownAs } from "./settings-error";
import { nearest } from "./nearest";

/** What a value has to be instead. */
export interface WrongField {
  readonly allowed: string;
  readonly hint?: string;
}

/** The fields of a setting that is an object of values which are judged one by one. */
export interface SettingFields<Name extends string> {
  /** The setting's own name: `existing`. */
  readonly setting: string;
  /** A right one. */
  readonly example: string;
  /** The first of them is the example where nobody knows which is meant. */
  readonly names: readonly [Name, ...Name[]];
  exampleOf(name: Name): string;
  /** Undefined where the value is right. */
  wrongFor(name: Name, value: unknown): WrongField | undefined;
}

/**
 * What is wrong with an object of fields, from a stack file or from the component's arguments.
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 */
export function problemsOfFields<Name extends string>(
  { setting, example: whole, names, exampleOf, wrongFor }: SettingFields<Name>,
  value: unknown,
  encrypted: boolean,
): Problem[] {
  const isName = (field: string): field is Name => (names as readonly string[]).includes(field);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const allowed = `an object with any of ${names.join(", ")}`;
    return [{ code: "wrong-value", setting, seen: shownAs(value, encrypted), allowed, example: whole }];
  }
  return Object.entries(value).flatMap(([field, given]): Problem[] => {
    // A program says nothing by it; a file cannot write it.
    if (given === undefined) return [];
    const of = { setting: `${setting}.${field}`, seen: shownAs(given, encrypted) };
    if (!isName(field)) {
      const meant = nearest(field, names) as Name | undefined;
      const hint = meant ? `Did you mean ${meant}?` : "No such setting exists.";
      const example = exampleOf(meant ?? names[0]);
      return [{ code: "unknown-setting", ...of, allowed: names.join(", "), example, hint }];
    }
    const wrong = wrongFor(field, given);
    if (!wrong) return [];
    const told = wrong.hint && !encrypted ? { hint: wrong.hint } : {};
    return [{ code: "wrong-value", ...of, allowed: wrong.allowed, example: exampleOf(field), ...told }];
  });
}
