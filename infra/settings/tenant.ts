import { command, missing } from "./read-single-value";
import type { Problem } from "./settings-error";
import { singleValues } from "./single-values";
import type { Source } from "./source";
import { guid } from "./value-types";

/** Where the tenant can be said, first come first: this program's setting, then what the two providers themselves read. */
const tenantSources = ["tenant", "azure-native:tenantId", "azuread:tenantId", "ARM_TENANT_ID"] as const;

/** A tenant id and who says it. */
interface TenantSaid {
  readonly source: (typeof tenantSources)[number];
  readonly tenantId: string;
}

/** All that was said of the tenant, in the order of {@link tenantSources}. */
function tenantsSaid(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
  project: string,
): TenantSaid[] {
  return tenantSources.flatMap((source) => {
    const tenantId =
      source === "ARM_TENANT_ID" ? environment[source] : config[source.includes(":") ? source : `${project}:${source}`];
    return tenantId ? [{ source, tenantId }] : [];
  });
}

/**
 * Two sources that name different tenants, or undefined where all agree. The provider would make the applications in one
 * tenant while the bot asks for its tokens in the other (AADSTS700016).
 */
function tenantsThatDiffer(said: readonly TenantSaid[]): [TenantSaid, TenantSaid] | undefined {
  const [first, ...others] = said;
  const other = others.find((candidate) => candidate.tenantId.toLowerCase() !== first?.tenantId.toLowerCase());
  return first && other ? [first, other] : undefined;
}

/** The tenant that is said; tells where none is, where it is no GUID, and where two sources name two. */
export function readTenant(source: Source, problems: Problem[]): string {
  const said = tenantsSaid(source.config, source.environment, source.project);
  const first = said[0];
  if (!first) {
    problems.push(
      missing("tenant", "Neither ARM_TENANT_ID nor azure-native:tenantId nor azuread:tenantId names it either."),
    );
    return "";
  }
  if (guid.read(first.tenantId) === undefined) {
    const { allowed } = singleValues.tenant;
    problems.push({
      code: "wrong-value",
      setting: first.source,
      seen: JSON.stringify(first.tenantId),
      allowed,
      example: command("tenant"),
    });
  }
  const differing = tenantsThatDiffer(said);
  if (differing) {
    const [one, other] = differing;
    problems.push({
      code: "tenants-differ",
      setting: one.source,
      seen: JSON.stringify(one.tenantId),
      allowed: `the tenant that ${other.source} names, ${other.tenantId}`,
      example: `pulumi config set tenant ${other.tenantId}`,
      hint: "The applications would be made in one tenant and the bot would look for them in the other.",
    });
  }
  return first.tenantId.toLowerCase();
}
