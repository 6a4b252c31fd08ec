import type { Tenant } from "../tenant";
import { refusals } from "./errors";

/** The directory that a request's first path segment names. */
export type Authority =
  | { readonly kind: "tenant" }
  /** `common` and `organizations`: whichever tenant the person belongs to. */
  | { readonly kind: "any"; readonly segment: string }
  /** A real directory in which no application of this tenant is. */
  | { readonly kind: "foreign"; readonly name: string };

/** Bot Framework's own directory, in which multi-tenant bots used to get their tokens. */
const botFramework = ["botframework.com", "d6d49420-f39b-4df7-a1dc-d59a935871db"];

/** What Entra calls the tenant in its texts: its organization's name. */
export function directoryName(tenant: Tenant): string {
  const label = tenant.domain.split(".")[0] as string;
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** Resolves `{tenant}` of a path: the tenant's id or domain, `common`, `organizations`, or Bot Framework's. Throws AADSTS90002. */
export function authority(
  segment: string,
  tenant: Tenant,
  error?: Parameters<typeof refusals.tenantNotFound>[1],
): Authority {
  const name = segment.toLowerCase();
  if (name === tenant.tenantId || name === tenant.domain) return { kind: "tenant" };
  if (name === "common" || name === "organizations") return { kind: "any", segment: name };
  if (botFramework.includes(name)) return { kind: "foreign", name: "Bot Framework" };
  throw refusals.tenantNotFound(segment, error);
}
