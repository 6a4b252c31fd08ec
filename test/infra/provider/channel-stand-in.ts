import type { Site } from "../../../infra/provider/channel-sites";
import { armError } from "./stand-in-access";

/** A channel of Bot Service as recordings show it: what a PUT takes, what it ignores, what a GET hides. */
export class ChannelStandIn {
  sites: Site[];
  /** Sites as each PUT sent them. */
  readonly writes: Site[][] = [];
  /** Where it is: of a bot in Europe not `global`, and Azure writes it nowhere else. */
  location = "global";

  constructor(
    readonly channelName: string,
    sites: readonly Partial<Site>[] = [{}],
    /** How many writes of an existing site leave enhanced authentication off. */
    public ignoredWrites = 0,
    /** Whether the service takes no block of uploads. */
    public keepsUploadsOpen = false,
  ) {
    this.sites = sites.map((site, at) => ({ ...fresh("Default Site", at), ...site }));
  }

  answer(method: string, body?: string): Response {
    if (method === "PUT") {
      type Written = { location: string; properties: { properties: { sites: Site[] } } };
      const { location, properties } = JSON.parse(body!) as Written;
      if (location !== this.location) return armError(409, "InvalidResourceLocation", "It is in another location.");
      this.#put(properties.properties.sites);
    }
    return Response.json({
      location: this.location,
      properties: { channelName: this.channelName, properties: { sites: this.sites } },
    });
  }

  #put(sent: Site[]): void {
    this.writes.push(sent);
    this.sites = sent.map((site, at) => {
      const live = this.sites.find(({ siteName }) => siteName === site.siteName);
      if (!live) return { ...fresh(site.siteName, at + 7), isEnabled: site.isEnabled ?? true };
      const secure = site.isSecureSiteEnabled === true && this.ignoredWrites-- <= 0;
      return {
        ...live,
        ...site,
        isSecureSiteEnabled: secure,
        trustedOrigins: secure ? site.trustedOrigins : null,
        ...(this.keepsUploadsOpen && { isBlockUserUploadEnabled: false }),
      };
    });
  }
}

function fresh(siteName: string, number: number): Site {
  return {
    siteId: `site-${number}`,
    siteName,
    key: null,
    key2: null,
    isEnabled: true,
    isV1Enabled: true,
    isV3Enabled: true,
    isSecureSiteEnabled: false,
    isBlockUserUploadEnabled: false,
    isTokenEnabled: false,
    trustedOrigins: null,
    appId: null,
  };
}
