import { marksOf, entraMarks } from "../decisions/marks";
import { mustBe, type Resource, type Rule, types } from "./rule";

const day = 24 * 60 * 60 * 1000;

export const vaultKept: Rule = {
  name: "vault-roles-and-soft-delete",
  description: "Roles, not access policies, open the vault, and a deleted one can be had back.",
  *check(resource) {
    if (resource.type !== types.vault) return;
    yield* mustBe(resource, {
      "properties.enableRbacAuthorization": [true],
      "properties.enableSoftDelete": [true],
      // Azure refuses an outright false, and never takes the protection off again.
      "properties.enablePurgeProtection": resource.environment === "prod" ? [true] : [true, undefined],
    });
  },
};

/** A secret without an end is one that nobody renews. The longest life is the pack's setting `maximumDays`. */
export function secretsEnd(now: () => Date): Rule {
  return {
    name: "secrets-end",
    description: "Every secret has an end, at most the configured number of days away.",
    configSchema: { properties: { maximumDays: { type: "integer", minimum: 1, maximum: 730, default: 180 } } },
    *check(resource, { maximumDays }) {
      const end = endOf(resource);
      if (end === "none of its kind") return;
      if (end === undefined || Number.isNaN(end)) {
        yield "It has no end; give it one.";
      } else if (end - now().getTime() > (maximumDays as number) * day) {
        yield `It ends on ${new Date(end).toISOString()}, more than ${maximumDays as number} days from now; lower secretLifetimeDays.`;
      }
    },
  };
}

/** Milliseconds since 1970; undefined for a secret without an end. */
function endOf(resource: Resource): number | undefined | "none of its kind" {
  if (resource.type === types.secret) {
    const seconds = resource.at("properties.attributes.expires");
    return typeof seconds === "number" ? seconds * 1000 : undefined;
  }
  if (resource.type === types.applicationPassword) {
    const date = resource.at("endDate");
    return typeof date === "string" ? Date.parse(date) : undefined;
  }
  return "none of its kind";
}

/** All that can carry marks, but the connection and the channel: Bot Service writes their tags over the bot's own. */
const marked = new Set<string>([
  "azure-native:resources:ResourceGroup",
  "azure-native:managedidentity:UserAssignedIdentity",
  "azure-native:operationalinsights:Workspace",
  "azure-native:web:AppServicePlan",
  types.webApp,
  types.storage,
  types.vault,
  types.secret,
  types.bot,
  types.application,
  types.servicePrincipal,
]);

export const marks: Rule = {
  name: "marks",
  description: "Everything says to which project and stack it belongs; connections say nothing.",
  *check(resource) {
    const tags = resource.at("tags");
    if (resource.type === types.connection || resource.type === types.channel) {
      if (tags !== undefined) yield "It has tags, which overwrite the bot's; remove them.";
    } else if (marked.has(resource.type)) {
      const wanted = marksOf(resource);
      const seen = Array.isArray(tags) ? tags : entraMarks((tags ?? {}) as Record<string, string>);
      const missing = entraMarks(wanted).filter((mark) => !seen.includes(mark));
      if (missing.length > 0)
        yield `It lacks the marks ${missing.join(", ")}; pass it those of infra/decisions/marks.ts.`;
    }
  },
};

/** What users would lose for good. */
const precious = new Set<string>([
  types.vault,
  types.storage,
  types.bot,
  types.channel,
  types.application,
  types.servicePrincipal,
]);

export const prodProtected: Rule = {
  name: "prod-protected",
  description: "In prod nothing that users would lose can be deleted or replaced by mistake.",
  *check(resource) {
    if (resource.environment !== "prod" || !precious.has(resource.type) || resource.protect) return;
    yield "It is not protected; remove the setting protect: false from the stack file.";
  },
};
