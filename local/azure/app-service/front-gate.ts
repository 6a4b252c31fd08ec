import { BlockList, isIP } from "node:net";
import type { Azure, Resource } from "../service";
import { certificateRequiredPage, forbiddenPage, ipForbiddenPage, signInRequired } from "./pages";
import { signInConfigOf, siteProperties, webConfigOf } from "./site";

/** Where every caller of the local Azure is. */
const here = "127.0.0.1";

interface Restriction {
  readonly ipAddress?: string | null;
  readonly action?: string | null;
  readonly tag?: string | null;
  readonly priority?: number | null;
}

/** What the front end answers before any app sees a request; undefined where it lets the request through. */
export function refusedAtTheGate(azure: Azure, site: Resource, request: Request): Response | undefined {
  const properties = siteProperties(site);
  const web = webConfigOf(azure, site);
  if (properties.publicNetworkAccess === "Disabled") return forbiddenPage();
  const rules = (web.ipSecurityRestrictions ?? []) as readonly Restriction[];
  if (!letsIn(rules, web.ipSecurityRestrictionsDefaultAction)) return ipForbiddenPage();
  const { pathname } = new URL(request.url);
  if (properties.clientCertEnabled && properties.clientCertMode === "Required") {
    // Nobody here shows a certificate. https://learn.microsoft.com/azure/app-service/app-service-web-configure-tls-mutual-auth
    if (!isBelow(pathname, String(properties.clientCertExclusionPaths ?? "").split(/[;,]/)))
      return certificateRequiredPage();
  }
  const { platform, globalValidation } = signInConfigOf(azure, site);
  if (!platform?.enabled || !globalValidation?.requireAuthentication) return undefined;
  if (isBelow(pathname, globalValidation.excludedPaths ?? [])) return undefined;
  return signInRequired(globalValidation.unauthenticatedClientAction ?? "RedirectToLoginPage", request);
}

/**
 * Rules are asked in the order of their priority, and the first that fits decides. Who fits none meets the action for all
 * others; where that is not said, he is refused once there is a rule. https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions
 */
function letsIn(rules: readonly Restriction[], others: unknown): boolean {
  const inOrder = rules.toSorted((one, other) => (one.priority ?? 65_000) - (other.priority ?? 65_000));
  const first = inOrder.find(fitsHere);
  return first ? first.action !== "Deny" : others ? others !== "Deny" : rules.length === 0;
}

/** Whether a rule is about this machine's address; service tags and networks of Azure never are. */
function fitsHere({ ipAddress, tag }: Restriction): boolean {
  if (tag && tag !== "Default") return false;
  if (!ipAddress || ipAddress === "Any") return ipAddress === "Any";
  return ipAddress.split(",").some((range) => {
    const [address = "", prefix] = range.trim().split("/");
    if (isIP(address) !== 4) return false;
    const list = new BlockList();
    list.addSubnet(address, Number(prefix ?? 32), "ipv4");
    return list.check(here, "ipv4");
  });
}

const isBelow = (pathname: string, paths: readonly string[]): boolean =>
  paths
    .map((path) => path.trim().replace(/\/+$/, "").toLowerCase())
    .some((path) => path !== "" && `${pathname.toLowerCase()}/`.startsWith(`${path}/`));
