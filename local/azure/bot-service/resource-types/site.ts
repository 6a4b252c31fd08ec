import { z } from "zod";
import { newId, newSecret } from "../../secrets";
import { each } from "../../members";
import { invalidChannel } from "./errors";

/** A site of Direct Line or Web Chat: a key pair, and what its clients may do. */
export interface Site {
  readonly siteId: string;
  readonly siteName: string;
  key: string;
  key2: string;
  readonly isEnabled: boolean;
  readonly isV1Enabled: boolean;
  readonly isV3Enabled: boolean;
  readonly isDetailedLoggingEnabled: boolean | null;
  readonly isNoStorageEnabled: boolean | null;
  readonly isEndpointParametersEnabled: boolean | null;
  readonly isWebChatSpeechEnabled: boolean | null;
  readonly isWebchatPreviewEnabled: boolean;
  /** Enhanced authentication. */
  readonly isSecureSiteEnabled: boolean;
  readonly isBlockUserUploadEnabled: boolean;
  readonly trustedOrigins: readonly string[] | null;
  readonly appId: string | null;
  readonly tenantId: string | null;
}

const text = z.string().nullish();
const flag = z.boolean().nullish();
const flags = each(
  flag,
  "isEnabled isV1Enabled isV3Enabled isDetailedLoggingEnabled isNoStorageEnabled",
  "isEndpointParametersEnabled isWebChatSpeechEnabled isWebchatPreviewEnabled isSecureSiteEnabled",
  "isBlockUserUploadEnabled",
);

/** A site as a client writes it; keys and ids are ignored where they come back. */
export const siteBody = z.strictObject({
  ...each(text, "siteId key key2 eTag appId tenantId"),
  siteName: z.string().min(1),
  ...flags,
  isTokenEnabled: flag,
  trustedOrigins: z.array(z.string()).nullish(),
});

type SiteBody = z.infer<typeof siteBody>;

/** A new key: `<siteId>.<43 characters>`. */
export function newKey(siteId: string): string {
  return `${siteId}.${newSecret(32, "base64url")}`;
}

export function newSiteId(): string {
  return newId(8, "base64url");
}

/**
 * The sites after a write. A site is known by its name: one of a known name keeps its id and keys, one of a new name
 * is made, one left out is deleted. recorded: azure-cli test_directline_channel
 * @throws AzureError where a name comes twice, or enhanced authentication lacks a trusted origin
 */
export function writeSites(before: readonly Site[], bodies: readonly SiteBody[]): Site[] {
  const names = bodies.map(({ siteName }) => siteName);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidChannel(`The site name '${twice}' is used more than once.`);
  return bodies.map((body) => {
    const known = before.find(({ siteName }) => siteName === body.siteName);
    return known ? changedSite(known, body) : newSite(body);
  });
}

/**
 * A site's first write ignores enhanced authentication and trusted origins; the second honours them (known mistake 11).
 * https://github.com/Azure/azure-cli/issues/16659
 */
function newSite(body: SiteBody): Site {
  const site = defaultSite(body.siteName);
  return { ...changedSite(site, { ...body, isSecureSiteEnabled: false, trustedOrigins: null }) };
}

export function defaultSite(siteName = "Default Site"): Site {
  const siteId = newSiteId();
  return {
    siteId,
    siteName,
    key: newKey(siteId),
    key2: newKey(siteId),
    ...each(true, "isEnabled isV1Enabled isV3Enabled"),
    ...each(false, "isWebchatPreviewEnabled isSecureSiteEnabled isBlockUserUploadEnabled"),
    ...each(
      null,
      "isDetailedLoggingEnabled isNoStorageEnabled isEndpointParametersEnabled isWebChatSpeechEnabled",
      "trustedOrigins appId tenantId",
    ),
  };
}

function changedSite(site: Site, body: SiteBody): Site {
  const trustedOrigins = body.trustedOrigins === undefined ? site.trustedOrigins : (body.trustedOrigins ?? null);
  const names = [...Object.keys(flags), "appId", "tenantId"] as (keyof SiteBody)[];
  const said = Object.fromEntries(names.flatMap((name) => (body[name] == null ? [] : [[name, body[name]]])));
  const changed: Site = {
    ...site,
    ...said,
    trustedOrigins: trustedOrigins?.length ? trustedOrigins : null,
  };
  if (changed.isSecureSiteEnabled && !changed.trustedOrigins) {
    throw invalidChannel(`The site '${site.siteName}' needs at least one trusted origin for enhanced authentication.`);
  }
  return changed;
}
