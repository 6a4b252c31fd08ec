import { entraTagsOf, tagsOf } from "../deployment/tags";
import { couldBeSecret, looksSecret } from "../settings/plain-secrets";
import { type Context, optional, type Predicate, text } from "./predicates";
import type { RuleName } from "./rules";

/** A field of a type: the values that it may have, and the rule that says so. */
export interface Row extends Predicate {
  readonly rule: RuleName;
  /** Its value is never shown. */
  readonly secret?: boolean;
}

/** The fields that a resource of a type may have, by path; a field that is missing has to pass as undefined. */
export type Rows = Readonly<Record<string, Row>>;

export const by =
  (rule: RuleName) =>
  (predicate: Predicate, more: { readonly secret?: boolean } = {}): Row => ({ ...predicate, rule, ...more });

/** Anything that names a thing or a place and opens nothing. */
export const name: Row = by("listed-values")(optional(text()));

export const value = by("listed-values");

/** Tags of Azure's, or Entra's words: all that say whose the resource is, and others that hold no secret. */
function marks(entra: boolean): Row {
  return {
    rule: "marks",
    secret: true,
    wants: "the marks of infra/deployment/tags.ts, and tags that hold no secret",
    test(given, { resource }: Context) {
      const seen: unknown[] = entra ? (given as unknown[]) : entraTagsOf((given ?? {}) as Record<string, string>);
      if (!Array.isArray(seen) || !entraTagsOf(tagsOf(resource)).every((mark) => seen.includes(mark))) return false;
      return seen.every((mark) => {
        const [tag = "", ...content] = String(mark).split(":");
        // Everybody who sees a resource reads its tags, and they stand in every bill.
        return !looksSecret(tag) && !couldBeSecret(content.join(":"));
      });
    },
  };
}
export const azureTags = marks(false);
export const entraTags = marks(true);
