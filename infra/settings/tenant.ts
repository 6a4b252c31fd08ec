/** Where the tenant can be said, first come first: this program's setting, then what the two providers themselves read. */
const tenantSources = ["tenant", "azure-native:tenantId", "azuread:tenantId", "ARM_TENANT_ID"] as const;

/** A tenant id and who says it. */
export interface TenantSaid {
  readonly source: (typeof tenantSources)[number];
  readonly tenantId: string;
}

/** All that was said of the tenant, in the order of {@link tenantSources}. */
export function tenantsSaid(
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
export function tenantsThatDiffer(said: readonly TenantSaid[]): [TenantSaid, TenantSaid] | undefined {
  const [first, ...others] = said;
  const other = others.find((candidate) => candidate.tenantId.toLowerCase() !== first?.tenantId.toLowerCase());
  return first && other ? [first, other] : undefined;
}
