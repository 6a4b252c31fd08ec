import { entraErrors } from "../../contract/known-errors/entra";
import { knownError } from "../../contract/known-errors/known-error";
import { entraMeanings } from "./entra-meanings";

/** The number that Entra puts before each of its error texts. */
const number = /\bAADSTS\s?(\d{5,9})\b/i;

const meaningOf: ReadonlyMap<string, string> = new Map(
  entraMeanings.flatMap(({ numbers, user }) => numbers.map((one) => [String(one), user] as const)),
);

/** The error number in a text, as Entra writes it: `AADSTS50011`. */
export function entraErrorIn(text: string): string | undefined {
  const [, digits] = number.exec(text) ?? [];
  return digits && `AADSTS${digits}`;
}

/** What the Entra error that a text names means to the user who met it; undefined where it names none that is known here. */
export function meaningOfEntraError(text: string): string | undefined {
  return meaningOf.get(number.exec(text)?.[1] ?? "");
}

/** What whoever runs the bot does about the Entra error that a text names; undefined where nothing is known here. */
export function fixOfEntraError(text: string): string | undefined {
  return knownError(entraErrors, { code: entraErrorIn(text) ?? "", message: text })?.fix;
}
