import { day } from "../../contract/time";
import type { Row } from "./rows";

/**
 * A secret without an end is one that nobody renews. The longest life is the rule's setting `maximumDays`.
 * @param instant the field's value as milliseconds since 1970; NaN where it is none
 */
export function secretEnd(instant: (given: unknown) => number): Row {
  return {
    rule: "secrets-end",
    wants: "a date that is not more than maximumDays away (lower secretLifetimeDays)",
    test: (given, { now, config }) => instant(given) - now.getTime() <= Number(config["maximumDays"]) * day,
  };
}
