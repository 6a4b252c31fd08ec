import { type Access, deployerAccess } from "../azure/access";
import { type Arm, armClient, shortId } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { type BotAddress, botId } from "../azure/bot-service";
import {
  addressOf,
  blocksUploads,
  closed,
  defaultSite,
  kept,
  noChannel,
  readChannel,
  readSites,
  type Site,
  siteNamed,
  writeSites,
} from "./channel-sites";
import { type CheckFailure, difference, known, type Lifecycle, same } from "./lifecycle";
import { botAddressInputs, flag, type ResourceSchema, text, texts } from "./schema";

export interface Inputs extends BotAddress {
  readonly siteName: string;
  readonly trustedOrigins: readonly string[];
}

export interface Outputs extends Inputs {
  readonly siteId: string;
  /** Read back from the service, not hoped for. */
  readonly enhancedAuthentication: boolean;
  readonly defaultSiteDisabled: boolean;
  /**
   * Whether users can send files, of which the bot reads none: `blocked`, `open` where the service does not take the
   * write, `reopened` where it did and somebody has opened it since.
   */
  readonly uploads: "blocked" | "open" | "reopened";
}

export const directLineSiteSchema: ResourceSchema<Inputs, Outputs> = {
  description: "A site of a bot's Direct Line channel with enhanced authentication on, confirmed by reading it back.",
  inputs: {
    ...botAddressInputs,
    siteName: text("Name of the site."),
    trustedOrigins: texts("Origins (scheme and host) of the pages that may hold a chat. At least one."),
  },
  outputs: {
    siteId: text("The service's id of the site: the part of its keys before the dot."),
    enhancedAuthentication: flag("Whether enhanced authentication is on, as read back."),
    defaultSiteDisabled: flag("Whether the service's own Default Site is off."),
    uploads: text("Whether users can send files: blocked, open (the service does not take the write), reopened."),
  },
};

/** Writes in all: the one that makes the site, and the ones that switch enhanced authentication on. */
const securingTries = 3;

/**
 * The Direct Line site of a bot, with enhanced authentication.
 *
 * Direct Line exists before anyone asks for it, so azure-native refuses to create it (known mistake 10), and a site's first
 * write ignores `isSecureSiteEnabled` without a word (known mistake 11; https://github.com/Azure/azure-cli/issues/16659).
 * So: write the site, read it, write it again with enhanced authentication, and believe only what is read back.
 */
export function directLineSite(access: () => Access = deployerAccess): Lifecycle<Inputs, Outputs> {
  const ensure = async (inputs: Inputs): Promise<{ id: string; outs: Outputs }> => {
    const live = access();
    return { id: siteResourceId(inputs), outs: await secureSite(armClient(live), live, inputs) };
  };
  return {
    check: async (_olds, news) => wrongInputs(news),
    diff: async (_id, olds, news) => {
      const found = difference<Inputs>(
        olds,
        news,
        ["subscriptionId", "resourceGroupName", "botName", "siteName"],
        ["trustedOrigins"],
      );
      const { enhancedAuthentication, defaultSiteDisabled, uploads } = olds;
      // A service that does not take the write is not asked again: every deployment would then show a change.
      const uploadsSettled = uploads === "blocked" || uploads === "open";
      return { ...found, changes: found.changes || !enhancedAuthentication || !defaultSiteDisabled || !uploadsSettled };
    },
    create: ensure,
    update: async (_id, _olds, news) => ({ outs: (await ensure(news)).outs }),
    async read(id, props) {
      const imported = props ? undefined : addressOf(id, "DirectLineChannel");
      const inputs: Inputs = props ?? { ...imported!.bot, siteName: imported!.siteName, trustedOrigins: [] };
      const sites = await readSites(armClient(access()), channelId(inputs));
      const site = sites && siteNamed(sites, inputs.siteName);
      if (!site) return undefined;
      const open = props?.uploads === "open" ? "open" : "reopened";
      return {
        id,
        props: { ...inputs, ...seen(inputs, site, sites), uploads: blocksUploads(site) ? "blocked" : open },
      };
    },
    async delete(_id, props) {
      const arm = armClient(access());
      const { sites, location } = (await readChannel(arm, channelId(props))) ?? noChannel;
      if (!siteNamed(sites, props.siteName)) return;
      const others = sites.filter((site) => site.siteName !== props.siteName).map(kept);
      await writeSites(arm, channelId(props), others, location);
    },
  };
}

function channelId(address: BotAddress): string {
  return `${botId(address)}/channels/DirectLineChannel`;
}

function siteResourceId(inputs: Inputs): string {
  return `${channelId(inputs)}/sites/${inputs.siteName}`;
}

/** Refused before anything is created: what the service would take without a word and never match. */
function wrongInputs({ siteName, trustedOrigins }: Inputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (siteName === defaultSite) {
    failures.push({
      property: "siteName",
      reason: `"${defaultSite}" is the site that gets disabled; choose another name.`,
    });
  }
  if (!known(trustedOrigins)) return failures;
  if (trustedOrigins.length === 0) {
    const reason = "Enhanced authentication needs at least one trusted origin, for example https://contoso.com.";
    failures.push({ property: "trustedOrigins", reason });
  }
  for (const origin of trustedOrigins.filter((entry) => known(entry) && !isOrigin(entry))) {
    const reason = `"${origin}" is not an origin: give scheme and host alone, for example https://contoso.com.`;
    failures.push({ property: "trustedOrigins", reason });
  }
  return failures;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

async function secureSite(arm: Arm, access: Access, inputs: Inputs): Promise<Outputs> {
  const id = channelId(inputs);
  const channel = (await readChannel(arm, id)) ?? noChannel;
  let { sites } = channel;
  const write = (secured: boolean): Promise<void> =>
    writeSites(arm, id, withSite(sites, inputs, secured), channel.location);
  if (!siteNamed(sites, inputs.siteName)) {
    await write(false);
    sites = (await readSites(arm, id)) ?? [];
  }
  for (let attempt = 1, pause = 100; ; attempt += 1, pause *= 4) {
    await write(true);
    sites = (await readSites(arm, id)) ?? [];
    const site = siteNamed(sites, inputs.siteName);
    const last = attempt === securingTries;
    if (site && isSecured(site, inputs) && (last || blocksUploads(site))) {
      return { ...inputs, ...seen(inputs, site, sites), uploads: blocksUploads(site) ? "blocked" : "open" };
    }
    if (last) throw notSecured(inputs, site);
    await access.wait(pause);
  }
}

/** All sites of the channel as they are to be: those of others untouched, the default one disabled, ours as asked. */
function withSite(sites: readonly Site[], inputs: Inputs, secured: boolean): Site[] {
  const others = sites
    .filter((site) => site.siteName !== inputs.siteName)
    .map((site) => (site.siteName === defaultSite ? closed(site) : kept(site)));
  const live = siteNamed(sites, inputs.siteName);
  const ours: Site = {
    ...(live && kept(live)),
    siteName: inputs.siteName,
    isEnabled: true,
    // Version 1.1 knows nothing of tokens bound to a user.
    isV1Enabled: false,
    isV3Enabled: true,
    isBlockUserUploadEnabled: true,
    isSecureSiteEnabled: secured,
    ...(secured ? { trustedOrigins: inputs.trustedOrigins } : {}),
  };
  return [...others, ours];
}

function isSecured(site: Site, inputs: Inputs): boolean {
  return site.isEnabled === true && site.isSecureSiteEnabled === true && hasOrigins(site, inputs);
}

function hasOrigins(site: Site, { trustedOrigins }: Inputs): boolean {
  return same([...(site.trustedOrigins ?? [])].sort(), [...trustedOrigins].sort());
}

function seen(
  inputs: Inputs,
  site: Site,
  sites: readonly Site[],
): Omit<Outputs, keyof BotAddress | "siteName" | "uploads"> {
  return {
    siteId: site.siteId ?? "",
    // The order of origins is the service's; it must not look like a change.
    trustedOrigins: hasOrigins(site, inputs) ? inputs.trustedOrigins : (site.trustedOrigins ?? []),
    enhancedAuthentication: site.isEnabled === true && site.isSecureSiteEnabled === true,
    defaultSiteDisabled: siteNamed(sites, defaultSite)?.isEnabled !== true,
  };
}

function notSecured(inputs: Inputs, site: Site | undefined): AzureCallError {
  const live = site
    ? `isSecureSiteEnabled is ${site.isSecureSiteEnabled} and trustedOrigins is ${JSON.stringify(site.trustedOrigins ?? null)}`
    : "the site is not there";
  return new AzureCallError(
    "enhanced-authentication-off",
    shortId(siteResourceId(inputs)),
    `after ${securingTries} writes ${live}, wanted true and ${JSON.stringify(inputs.trustedOrigins)}`,
    "Deploy again. Until it succeeds do not use this site's secret: any web page could speak to the bot with its tokens.",
  );
}
